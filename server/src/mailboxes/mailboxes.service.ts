/** Opening mailboxes. What happens in them afterwards is posting's business. */
import { Inject, Injectable } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import type { MailboxId, PostVerifyKey, Signature } from '#shared/ids.ts';
import { openMailboxMessage } from '#shared/signing.ts';
import { FoundingService } from '../founding/founding.service.ts';
import { MAILBOXES_STORE, type MailboxesStore } from './mailboxes.store.ts';
import { verifies } from './verify.ts';

@Injectable()
export class MailboxesService {
  private readonly store: MailboxesStore;
  private readonly founding: FoundingService;

  constructor(@Inject(MAILBOXES_STORE) store: MailboxesStore, @Inject(FoundingService) founding: FoundingService) {
    this.store = store;
    this.founding = founding;
  }

  /** @throws RelayRefusal not-founded, bad-signature, mailbox-exists */
  async open(mailbox: MailboxId, key: PostVerifyKey, proof: Signature): Promise<void> {
    const hub = await this.founding.hub();
    if (!(await verifies(key, openMailboxMessage(hub, mailbox, key), proof))) throw new RelayRefusal('bad-signature');
    if ((await this.store.open(mailbox, key)) === 'exists') throw new RelayRefusal('mailbox-exists');
  }
}
