import { Module } from '@nestjs/common';
import { SpendingModule } from '../postage/spending.module.ts';
import { RendezvousController } from './rendezvous.controller.ts';
import { RendezvousService } from './rendezvous.service.ts';
import { RENDEZVOUS_STORE } from './rendezvous.store.ts';
import { RendezvousStoreTypeorm } from './rendezvous.store.typeorm.ts';

@Module({
  imports: [SpendingModule],
  controllers: [RendezvousController],
  providers: [RendezvousService, { provide: RENDEZVOUS_STORE, useClass: RendezvousStoreTypeorm }],
})
export class RendezvousModule {}
