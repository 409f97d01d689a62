/** Opening mailboxes. What happens in them afterwards is posting's business. */
import { Inject, Injectable } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import type { MailboxId, PostVerifyKey, Signature } from '#shared/ids.ts';
import { openMailboxMessage } from '#shared/signing.ts';
import { SINGLE_COST } from '#shared/postage.ts';
import { FoundingService } from '../founding/founding.service.ts';
import { PostageService } from '../postage/postage.service.ts';
import { MAILBOXES_STORE, type MailboxesStore } from './mailboxes.store.ts';
import { verifies } from './verify.ts';

@Injectable()
export class MailboxesService {
  private readonly store: MailboxesStore;
  private readonly founding: FoundingService;
  private readonly postage: PostageService;

  constructor(
    @Inject(MAILBOXES_STORE) store: MailboxesStore, @Inject(FoundingService) founding: FoundingService, @Inject(PostageService) postage: PostageService,
  ) {
    this.store = store;
    this.founding = founding;
    this.postage = postage;
  }

  /**
   * The same again is not an error, and costs nothing again.
   * @param postage as it came. @throws RelayRefusal not-founded, mailbox-exists, bad-signature, and what PostageService.verify throws
   */
  async open(mailbox: MailboxId, key: PostVerifyKey, proof: Signature, postage: Uint8Array): Promise<void> {
    const hub = await this.founding.hub();
    const before = await this.store.opened(mailbox, key);
    if (before === 'same') return;
    if (before === 'exists') throw new RelayRefusal('mailbox-exists');
    const paid = await this.postage.verify(postage, SINGLE_COST);
    if (!(await verifies(key, openMailboxMessage(hub, mailbox, key), proof))) {
      await this.postage.burn(paid);
      throw new RelayRefusal('bad-signature');
    }
    if ((await this.store.open(mailbox, key, paid)) === 'exists') throw new RelayRefusal('mailbox-exists');
  }
}
