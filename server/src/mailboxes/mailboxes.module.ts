import { Module } from '@nestjs/common';
import { FoundingModule } from '../founding/founding.module.ts';
import { SpendingModule } from '../postage/spending.module.ts';
import { MailboxesController } from './mailboxes.controller.ts';
import { MailboxesService } from './mailboxes.service.ts';
import { MAILBOXES_STORE } from './mailboxes.store.ts';
import { MailboxesStoreTypeorm } from './mailboxes.store.typeorm.ts';

@Module({
  imports: [FoundingModule, SpendingModule],
  controllers: [MailboxesController],
  providers: [MailboxesService, { provide: MAILBOXES_STORE, useClass: MailboxesStoreTypeorm }],
})
export class MailboxesModule {}
