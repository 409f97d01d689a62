import { Module } from '@nestjs/common';
import { PassesModule } from '../passes/passes.module.ts';
import { SpendingModule } from '../postage/spending.module.ts';
import { RendezvousController } from './rendezvous.controller.ts';
import { RendezvousService } from './rendezvous.service.ts';
import { RENDEZVOUS_STORE } from './rendezvous.store.ts';
import { RendezvousStoreTypeorm } from './rendezvous.store.typeorm.ts';

@Module({
  imports: [PassesModule, SpendingModule],
  controllers: [RendezvousController],
  providers: [RendezvousService, { provide: RENDEZVOUS_STORE, useClass: RendezvousStoreTypeorm }],
})
export class RendezvousModule {}
