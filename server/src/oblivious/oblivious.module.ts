import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ForwarderController } from './forwarder.controller.ts';
import { ForwarderService } from './forwarder.service.ts';
import { ForwardingLimits } from './forwarding-limits.ts';
import { GatewayController } from './gateway.controller.ts';
import { GatewayService } from './gateway.service.ts';
import { GATEWAY_STORE } from './gateway.store.ts';
import { GatewayStoreTypeorm } from './gateway.store.typeorm.ts';
import { NEIGHBOURS, type Neighbours } from './neighbours.ts';

@Global()
@Module({})
export class ObliviousModule {
  static with(neighbours: Neighbours): DynamicModule {
    return {
      module: ObliviousModule,
      controllers: [GatewayController, ForwarderController],
      providers: [
        GatewayService, ForwarderService, { provide: NEIGHBOURS, useValue: neighbours },
        { provide: ForwardingLimits, useFactory: () => new ForwardingLimits() },
        { provide: GATEWAY_STORE, useClass: GatewayStoreTypeorm },
      ],
      exports: [GatewayService, NEIGHBOURS],
    };
  }
}
