import type { MailboxId, PostVerifyKey } from '#shared/ids.ts';
import type { PaidToken } from '../postage/tokens.ts';

/** `same`: it was opened with this key, and is still in the slot of that key. */
export type OpenOutcome = 'opened' | 'same' | 'exists';

export interface MailboxesStore {
  /** A glance. @returns undefined for a mailbox nobody opened */
  opened(mailbox: MailboxId, key: PostVerifyKey): Promise<'same' | 'exists' | undefined>;
  /** A new mailbox in slot 0, and the tokens spent; or neither. @throws RelayRefusal postage-spent */
  open(mailbox: MailboxId, key: PostVerifyKey, paid: readonly PaidToken[]): Promise<OpenOutcome>;
}

export const MAILBOXES_STORE = Symbol('MailboxesStore');
