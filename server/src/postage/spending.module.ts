import { Module } from '@nestjs/common';
import { FoundingModule } from '../founding/founding.module.ts';
import { IssuerModule } from './issuer.module.ts';
import { PostageService } from './postage.service.ts';
import { SPENT_STORE } from './spent.store.ts';
import { SpentStoreTypeorm } from './spent.store.typeorm.ts';
import { TicketsService } from './tickets.service.ts';

/** For whatever costs postage or a ticket. Drawing is apart, because it knows passes. */
@Module({
  imports: [FoundingModule, IssuerModule],
  providers: [PostageService, TicketsService, { provide: SPENT_STORE, useClass: SpentStoreTypeorm }],
  exports: [PostageService, TicketsService],
})
export class SpendingModule {}
