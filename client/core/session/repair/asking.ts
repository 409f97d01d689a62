/** Asking for a message that did not come, and sending one again that somebody did not get. */
import { create, toBinary } from '@bufbuild/protobuf';
import { AgainSchema, AskAgainSchema, MessageRefSchema, RoomContentSchema, type RoomContent } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { OutboxItemSchema, type StoredMessage } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { sameBytes } from '../../domain/signing.ts';
import { randomBytes } from '#shared/sodium.ts';
import { SessionFailure, type RoomId } from '../api.ts';
import type { Said } from '../contents.ts';
import type { Draft } from '../draft.ts';
import { readHistory } from '../history.ts';
import { enqueueContent } from '../newcoming.ts';
import { mailboxOf, type RoomState } from '../room-state.ts';
import { scopeOf } from '../talk/scopes.ts';
import type { Sent } from './counts.ts';

/** One message goes out so often: whoever asks must not have others spend all their postage. */
const MOST_AGAIN = 3;
/** Asked for at once that are answered. */
const MOST_ASKED = 16;

/** @throws SessionFailure `unknown-room` | `room-inactive` */
export function askAgain(draft: Draft, room: RoomId, place: number): void {
  const state = draft.rooms.get(room);
  if (state === undefined) throw new SessionFailure('unknown-room');
  if (!state.room.active) throw new SessionFailure('room-inactive');
  const counts = draft.integrity.countsOf(room);
  const gap = counts.missing.find((one) => Number(one.place) === place);
  if (gap === undefined || gap.nth.length === 0 || gap.gone) return;
  const { leafKey, epoch } = gap;
  for (let from = 0; from < gap.nth.length; from += MOST_ASKED) {
    enqueueContent(draft, state, { case: 'askAgain', value: create(AskAgainSchema, { leafKey, epoch, nth: gap.nth.slice(from, from + MOST_ASKED) }) });
  }
  draft.integrity.counts.set(room, { ...counts, missing: counts.missing.map((one) => (one === gap ? { ...gap, asked: true } : one)) });
  draft.emit({ changed: 'repair', room });
}

/** Somebody did not get messages of this device, or of another of this person, for which this one stands in as far as it has them. */
export async function answerAsking({ draft, state, sender, leaf, value }: Said<'askAgain'>): Promise<void> {
  if (sameBytes(sender, draft.device.member.key) && leaf.index === state.room.ownLeaf) return;
  const isMine = sameBytes(value.leafKey, draft.device.leafKeys.verifyKey);
  const isIt = (one: Sent, nth: number) => one.epoch === value.epoch && one.nth === nth && (isMine ? one.leafKey.length === 0 : sameBytes(one.leafKey, value.leafKey));
  const gone: number[] = [];
  for (const nth of new Set(value.nth.slice(0, MOST_ASKED))) {
    const counts = draft.integrity.countsOf(state.id);
    const sent = counts.sent.find((one) => isIt(one, nth));
    if (sent !== undefined && sent.again >= MOST_AGAIN) continue;
    const content = sent && (await contentOf(draft, state, sent));
    // Whether it is gone only the device can say that sent it.
    if (content === undefined && !isMine) continue;
    if (content === undefined) gone.push(nth);
    else sendAgain(draft, state, content, { leafKey: value.leafKey, epoch: value.epoch, nth: [nth] });
    if (sent !== undefined) draft.integrity.counts.set(state.id, { ...counts, sent: counts.sent.map((one) => (one === sent ? { ...sent, again: sent.again + 1 } : one)) });
  }
  // One record, whatever was asked for: made-up numbers cost whoever makes them up as much.
  if (gone.length > 0) sendAgain(draft, state, create(RoomContentSchema, { id: randomBytes(16), sentAtMs: BigInt(draft.device.now()) }), { leafKey: value.leafKey, epoch: value.epoch, nth: gone });
}

function sendAgain(draft: Draft, state: RoomState, content: RoomContent, of: { leafKey: Uint8Array; epoch: bigint; nth: number[] }): void {
  const again = create(AgainSchema, of);
  draft.enqueue(create(OutboxItemSchema, {
    what: { case: 'message', value: { mailbox: mailboxOf(state.id) ?? state.mailbox, content: toBinary(RoomContentSchema, { ...content, again }) } },
  }));
}

/** As it is now: what was deleted or is gone is not sent again. */
async function contentOf(draft: Draft, state: RoomState, sent: Sent): Promise<RoomContent | undefined> {
  const seq = Number(sent.seq);
  const near = await readHistory(draft.device.vault, state.id, { from: seq, limit: 16 });
  if (sent.thread !== undefined) near.push(...(await readHistory(draft.device.vault, scopeOf(state.id, sent.thread), { from: seq, limit: 16 })));
  for (const { item } of near) if (item.case === 'message' && sameBytes(item.value.id, sent.id) && !item.value.gone) return asContent(item.value);
  return undefined;
}

function asContent({ id, sentAtMs, text, file, mentions, replyTo, thread, forwarded }: StoredMessage): RoomContent {
  const said = file === undefined ? { case: 'text' as const, value: { text, mentions } } : { case: 'file' as const, value: file };
  return create(RoomContentSchema, { id, sentAtMs, forwarded, ...(replyTo && { replyTo: create(MessageRefSchema, replyTo) }), ...(thread && { thread: create(MessageRefSchema, thread) }), body: said });
}
