import type { MailboxId, PostVerifyKey } from '#shared/ids.ts';

export type OpenOutcome = 'opened' | 'exists';

export interface MailboxesStore {
  /** A new mailbox in slot 0. */
  open(mailbox: MailboxId, key: PostVerifyKey): Promise<OpenOutcome>;
}

export const MAILBOXES_STORE = Symbol('MailboxesStore');
