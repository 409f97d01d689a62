/** The bulletin in the log: a notice in the bulletin mailbox, sealed under the hub key. */
import { create, toBinary } from '@bufbuild/protobuf';
import type { MailboxId, Signature, Slot } from '#shared/ids.ts';
import { HANDSHAKE_BODY_SIZES } from '#shared/limits.ts';
import { pad, unpad } from '#shared/padding.ts';
import { recordCost } from '#shared/postage.ts';
import { postMessage } from '#shared/signing.ts';
import { Kind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { BulletinNoticeSchema, type Signed } from '../content/gen/thicket/content/v1/content_pb.ts';
import { acceptBulletin } from '../domain/bulletin.ts';
import { decode } from '../domain/parsing.ts';
import { sameBytes } from '../domain/signing.ts';
import type { LogRecord } from '../relay/port.ts';
import { deriveKey, hex, seal, SEAL_OVERHEAD, sha256, unseal } from '#shared/sodium.ts';
import { SessionFailure } from './api.ts';
import { BULLETIN_TOOLS, type Device } from './device.ts';
import { signerFrom } from './signer.ts';
import type { Draft } from './draft.ts';
import { paid } from './paying.ts';

const noticeKey = (hubKey: Uint8Array): Uint8Array => deriveKey(hubKey, 'thicket/1 notice');

/** Takes a newer bulletin; anything else in that mailbox is not for us to see. */
export function applyNotice(draft: Draft, record: LogRecord): void {
  const { bulletin, hub } = draft.device;
  // Several versions may stand in one page: each is held against the newest this draft has.
  const current = bulletin && draft.constitution;
  if (current === undefined || !sameBytes(record.mailbox, current.facts.bulletinMailbox)) return;
  const padded = unseal(noticeKey(draft.profile.hubKey), record.body, record.mailbox);
  const content = padded && unpad(padded);
  const signed = content && decode(BulletinNoticeSchema, content)?.bulletin;
  if (signed === undefined || signed === null) return;
  const next = acceptBulletin(current, signed, hub, BULLETIN_TOOLS);
  if (typeof next === 'string') return;
  draft.bulletin = next;
  draft.setProfile({ bulletins: [...draft.profile.bulletins, signed] });
  draft.emit({ changed: 'overview' });
}

/** The body of a notice that carries this bulletin. */
export function sealNotice(hubKey: Uint8Array, mailbox: MailboxId, bulletin: Signed): Uint8Array {
  const padded = pad(toBinary(BulletinNoticeSchema, create(BulletinNoticeSchema, { bulletin })), HANDSHAKE_BODY_SIZES, SEAL_OVERHEAD);
  if (padded === undefined) throw new SessionFailure('internal');
  return seal(noticeKey(hubKey), padded, mailbox);
}

/** Posts a bulletin as a steward, who holds the seed of that mailbox's post key. */
export async function postNotice(device: Device, mailbox: MailboxId, seed: Uint8Array, body: Uint8Array): Promise<void> {
  const { hub, relay } = device;
  const first = 0 as Slot;
  const facts = { hub, mailbox, slot: first, kind: Kind.NOTICE, bodyHash: sha256(body) };
  const signature = signerFrom(seed).sign(postMessage(facts)) as Signature;
  await paid(device, `notice ${hex(facts.bodyHash)}`, recordCost(body.length), (postage) =>
    relay.post({ mailbox, kind: 'notice', slot: first, body, signature, postage }));
}
