/**
 * The bytes a post key signs. Both sides build them here, so they cannot drift apart.
 *
 *   label || 0x00 || hub (16) || mailbox (16) || slot (8, big endian) || kind (1) || SHA-256(body) (32) [|| next key (32)]
 */
import type { HubId, MailboxId, PostVerifyKey, Slot } from './ids.ts';

const LABELS = {
  post: 'thicket/1 post',
  commit: 'thicket/1 commit',
  nextKey: 'thicket/1 next key',
  openMailbox: 'thicket/1 open mailbox',
} as const;

export interface PostFacts {
  readonly hub: HubId;
  readonly mailbox: MailboxId;
  readonly slot: Slot;
  readonly kind: number;
  /** SHA-256 of the body, 32 bytes. */
  readonly bodyHash: Uint8Array;
}

/** Signed by the slot's post key for a post or notice. */
export const postMessage = (facts: PostFacts): Uint8Array => join(LABELS.post, facts);

/** Signed by the slot's post key for a commit: it also fixes who may post next. */
export const commitMessage = (facts: PostFacts, next: PostVerifyKey): Uint8Array => join(LABELS.commit, facts, next);

/** Signed by the next slot's post key: proof of possession, tied to this very commit. */
export const nextKeyMessage = (facts: PostFacts, next: PostVerifyKey): Uint8Array => join(LABELS.nextKey, facts, next);

/** Signed by the first post key when a mailbox is opened. `kind` is 0 and the body empty of meaning: 32 zero bytes. */
export const openMailboxMessage = (hub: HubId, mailbox: MailboxId, key: PostVerifyKey): Uint8Array =>
  join(LABELS.openMailbox, { hub, mailbox, slot: 0 as Slot, kind: 0, bodyHash: new Uint8Array(32) }, key);

function join(label: string, facts: PostFacts, key?: PostVerifyKey): Uint8Array {
  const name = new TextEncoder().encode(label);
  const out = new Uint8Array(name.length + 1 + 16 + 16 + 8 + 1 + 32 + (key ? 32 : 0));
  const view = new DataView(out.buffer);
  let at = 0;
  const put = (bytes: Uint8Array) => {
    out.set(bytes, at);
    at += bytes.length;
  };
  put(name);
  at += 1;
  put(facts.hub);
  put(facts.mailbox);
  view.setBigUint64(at, BigInt(facts.slot));
  at += 8;
  out[at] = facts.kind;
  at += 1;
  put(facts.bodyHash);
  if (key) put(key);
  return out;
}
