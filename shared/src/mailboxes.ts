/** Mailboxes every hub has. */
import type { MailboxId } from './ids.ts';

/** Where Welcomes are dropped. Nobody opens it and nobody owns it; it stays in slot 0. */
export const DROP_MAILBOX = new Uint8Array(16) as MailboxId;
