import { Module } from '@nestjs/common';
import { IssuerModule } from '../postage/issuer.module.ts';
import { FoundingController } from './founding.controller.ts';
import { FoundingService } from './founding.service.ts';
import { HUB_STORE } from './hub.store.ts';
import { HubStoreTypeorm } from './hub.store.typeorm.ts';

@Module({
  imports: [IssuerModule],
  controllers: [FoundingController],
  providers: [FoundingService, { provide: HUB_STORE, useClass: HubStoreTypeorm }],
  exports: [FoundingService],
})
export class FoundingModule {}
