import { Module } from '@nestjs/common';
import { IssuerModule } from '../postage/issuer.module.ts';
import { ShardsModule } from '../shards/shards.module.ts';
import { FoundingController } from './founding.controller.ts';
import { FoundingService } from './founding.service.ts';
import { HUB_STORE } from './hub.store.ts';
import { HubStoreTypeorm } from './hub.store.typeorm.ts';

@Module({
  imports: [IssuerModule, ShardsModule],
  controllers: [FoundingController],
  providers: [FoundingService, { provide: HUB_STORE, useClass: HubStoreTypeorm }],
  exports: [FoundingService],
})
export class FoundingModule {}
