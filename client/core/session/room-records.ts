/** A record in the mailbox of a room this device knows. */
import { RoomContentSchema, type RoomContent } from '../content/gen/thicket/content/v1/content_pb.ts';
import type { OutboxItem } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { decode } from '../domain/parsing.ts';
import { sameBytes } from '../domain/signing.ts';
import type { Leaf, Opened, RoomChange } from '../mls/port.ts';
import type { LogRecord } from '../relay/port.ts';
import { hex } from '#shared/sodium.ts';
import { raiseAlarm } from './alarms.ts';
import { takeContent } from './contents.ts';
import type { Draft } from './draft.ts';
import { judgeBy, memberOf, namedMember, refusedReason } from './judging.ts';
import { queueNewcoming } from './newcoming.ts';
import { messageIdOf } from './outbox-state.ts';
import { countOwn, hear } from './repair/hearing.ts';
import { settleAsking } from './repair/readding.ts';
import { heedStanding } from './repair/standing.ts';
import { noteTrouble } from './repair/trouble.ts';
import { putEvent } from './room-events.ts';
import { tellChange } from './room-telling.ts';
import { bodyHash, settingsOf, type RoomState } from './room-state.ts';
import { stillLeaving } from './rooms/leaving.ts';

/** What the wrapper says of a body that no member of this epoch made. */
const OUTER_SEAL = 'outer-seal';
/** And of a member's, before which too many are missing: nothing of theirs can be read until the room's keys change. */
const TOO_MANY_SKIPPED = 'too-many-skipped';

export async function applyRoomRecord(draft: Draft, id: string, record: LogRecord): Promise<void> {
  const state = draft.rooms.get(id);
  if (state === undefined || !state.room.active) return;
  if (isFoundAgain(state, record)) {
    goOn(draft, { ...state, epochSeq: record.seq });
    return;
  }
  if (record.seq <= state.joinedSeq) return;
  const hash = bodyHash(record.body);
  if (draft.seenBodies.has(id, hash)) return;
  draft.seenBodies.add(id, hash);

  if (record.kind === 'commit' && state.pending?.bodyHash === hash && state.room.epoch === state.pending.slot) {
    await adoptOwnCommit(draft, state, record);
    return;
  }
  const own = record.kind === 'post' ? ownPost(draft, id, hash) : undefined;
  if (own !== undefined) {
    await takeOwnPost(draft, state, own, record);
    return;
  }
  if (record.slot !== state.room.epoch) {
    hide(draft, record.slot > state.room.epoch ? noteTrouble(draft, state, 'missed-change', record.seq) : state, record);
    return;
  }
  const kind = record.kind === 'commit' ? 'commit' : 'post';
  const opened = await draft.device.mls.open(state.room, kind, record.body, judgeBy(draft.constitution, state.room.leaves));
  await applyOpened(draft, state, record, opened);
}

async function applyOpened(draft: Draft, state: RoomState, record: LogRecord, opened: Opened): Promise<void> {
  if (opened.kind === 'message') {
    await applyMessage(draft, { ...state, room: opened.next, unheard: false, trouble: stillIn(state) }, record, opened.sender, opened.content);
  } else if (opened.kind === 'commit') {
    await adopt(draft, state, { ...state, room: opened.next, pending: undefined, stuck: state.stuck?.decided === true ? state.stuck : undefined, trouble: undefined, unheard: false, epochSeq: record.seq, epochBody: bodyHash(record.body) }, opened.change, record.seq);
  } else if (opened.why === 'unreadable' && (record.kind === 'post' || opened.by !== undefined || opened.reason === OUTER_SEAL)) {
    // A commit without the members' seal may be the relay's own: it must not be able to set a room moving.
    const trouble = opened.reason === TOO_MANY_SKIPPED ? 'missed-messages' : record.kind === 'commit' && opened.reason === OUTER_SEAL ? 'noise' : undefined;
    hide(draft, trouble === undefined ? state : noteTrouble(draft, state, trouble, record.seq), record);
  } else {
    const by = opened.by === undefined ? new Uint8Array(0) : namedMember(opened.by);
    putEvent(draft, state.id, record.seq, 'refused-change', by, [], refusedReason(opened.why === 'judged' ? opened.reason : opened.why));
    if (record.kind === 'commit') stick(draft, state, by);
  }
}

/** A message that opens shows that the room goes on; only other keys help where one person's messages are past opening. */
const stillIn = ({ trouble }: RoomState): RoomState['trouble'] => (trouble?.what === 'missed-messages' ? trouble : undefined);

/** The relay took the commit, so its next slot belongs to a key nobody honest has. Everything waits for an admin's device. */
function stick(draft: Draft, state: RoomState, by: Uint8Array): void {
  const stuck: RoomState = { ...state, pending: undefined, stuck: { by, rolledBack: false, lost: undefined, decided: false } };
  draft.rooms.set(state.id, stuck);
  unsealPosts(draft, stuck);
  draft.afterwards(() => draft.device.wake.replanting());
}

/** Whether this record is the very commit whose loss the room waits for. */
const isFoundAgain = ({ stuck, epochBody }: RoomState, { kind, body }: LogRecord): boolean =>
  stuck?.rolledBack === true && kind === 'commit' && epochBody !== '' && bodyHash(body) === epochBody;

/** A room that was thought lost is as it was. */
export function goOn(draft: Draft, state: RoomState): void {
  draft.rooms.set(state.id, { ...state, stuck: undefined });
  draft.emit({ changed: 'rooms' });
  draft.afterwards(() => draft.device.wake.outbox());
}

// ---------------------------------------------------------------- messages

async function applyMessage(draft: Draft, state: RoomState, record: LogRecord, sender: Leaf, bytes: Uint8Array): Promise<void> {
  draft.rooms.set(state.id, state);
  const content = decode(RoomContentSchema, bytes);
  // A leaf whose certificates the bulletin no longer backs has nothing to say, though it is still in the tree.
  const memberKey = memberOf(sender, draft.constitution);
  if (content === undefined || memberKey === undefined) {
    hide(draft, state, record);
    return;
  }
  if (sender.index === state.room.ownLeaf) noticeCopy(draft, state, record, content);
  else hear(draft, state, { leaf: sender, sender: memberKey, content, seq: record.seq });
  if (content.standing !== undefined) heedStanding(draft, state.mailbox, content.standing, memberKey);
  await takeContent({ draft, state, record, content, sender: memberKey, leaf: sender });
}

/**
 * This device's own hand, and nothing it knows of: what it keeps was set back to an older copy, or a copy of it is in use
 * elsewhere. The person is told, and the room gets keys that no copy has.
 */
function noticeCopy(draft: Draft, state: RoomState, { seq }: LogRecord, content: RoomContent): void {
  raiseAlarm(draft, 'own-copy');
  countOwn(draft, state.id, { epoch: state.room.epoch, nth: content.standing?.nth ?? 0, content, seq });
  draft.device.toRenew.add(state.id);
  draft.afterwards(() => draft.device.wake.renewing());
}

// ---------------------------------------------------------------- our own posts

function ownPost(draft: Draft, room: string, hash: string): [number, OutboxItem] | undefined {
  for (const entry of draft.outbox.entries()) {
    const { what } = entry[1];
    if (what.case === 'message' && what.value.sealed && hex(what.value.mailbox) === room && bodyHash(what.value.sealed.body) === hash) return entry;
  }
  return undefined;
}

async function takeOwnPost(draft: Draft, state: RoomState, [order, item]: [number, OutboxItem], record: LogRecord): Promise<void> {
  if (item.what.case !== 'message') return;
  draft.outbox.delete(order);
  const { sealed } = item.what.value;
  const content = decode(RoomContentSchema, item.what.value.content);
  if (content === undefined) return;
  if (state.trouble !== undefined) draft.rooms.set(state.id, { ...state, trouble: stillIn(state) });
  if (sealed !== undefined) countOwn(draft, state.id, { epoch: Number(sealed.slot), nth: sealed.nth, content, seq: record.seq });
  await takeContent({ draft, state, record, content, sender: draft.device.member.key, leaf: ownLeaf(state) });
  draft.afterwards(() => draft.device.waiting.delivered(hex(content.id), record.seq));
  draft.emit({ changed: 'rooms' });
}

/** Bodies sealed for a slot that is over can no longer be sent: they are encrypted again under the new keys. */
export function unsealPosts(draft: Draft, state: RoomState): void {
  for (const [order, item] of draft.outbox.entries()) {
    const { what } = item;
    if (what.case !== 'message' || hex(what.value.mailbox) !== state.id || what.value.sealed === undefined) continue;
    const { sealed: _sealed, ...rest } = what.value;
    draft.outbox.set(order, { ...item, what: { case: 'message', value: { ...rest, acknowledgedSeq: 0n, failed: what.value.failed || !state.room.active } } });
    // One that was falsely acknowledged has no lane of its own any more.
    draft.afterwards(() => draft.device.wake.outbox());
    const id = state.room.active ? undefined : messageIdOf(what.value);
    if (id !== undefined) draft.afterwards(() => draft.device.waiting.failed(id, 'room-inactive'));
  }
}

// ---------------------------------------------------------------- commits

async function adoptOwnCommit(draft: Draft, state: RoomState, record: LogRecord): Promise<void> {
  const { pending } = state;
  if (pending === undefined) return;
  const planted = state.planted && { ...state.planted, seq: state.planted.seq || BigInt(record.seq) };
  const after: RoomState = { ...state, room: pending.next, pending: undefined, planted, trouble: undefined, unheard: false, epochSeq: record.seq, epochBody: pending.bodyHash };
  const change = changeBetween(state, after, ownLeaf(state));
  await adopt(draft, state, after, change, record.seq);
  const areOurs = change.added.every((leaf) => sameBytes(namedMember(leaf), draft.device.member.key));
  await queueNewcoming(draft, after, pending.newcoming, record.seq, areOurs);
  draft.afterwards(() => draft.device.waiting.adopted(pending.bodyHash));
}

const ownLeaf = ({ room }: RoomState): Leaf => room.leaves.find((leaf) => leaf.index === room.ownLeaf) as Leaf;

async function adopt(draft: Draft, before: RoomState, adopted: RoomState, change: RoomChange, seq: number): Promise<void> {
  const after = resting(adopted, change.committer.index === before.room.ownLeaf);
  draft.device.renewals.note(after.id, change);
  settleAsking(draft, change.added.map(({ leafKey }) => leafKey));
  draft.rooms.set(after.id, stillLeaving(withoutPaidDebts(after)));
  if (after.stuck !== undefined) draft.afterwards(() => draft.device.wake.replanting());
  unsealPosts(draft, after);
  await tellChange(draft, before, after, change, seq);
  draft.afterwards(() => draft.device.wake.siblings());
  // Who is at a board's desk may have changed.
  if (settingsOf(after.room).board.length > 0) draft.afterwards(() => draft.device.wake.boards());
  if (!after.room.active) draft.emit({ changed: 'overview' });
  draft.emit({ changed: 'rooms' });
  draft.emit({ changed: 'people' });
}

/** An admin moves the room: what is written from here on would be read by nobody, and waits. Should they not come to it, another does. */
function resting(state: RoomState, decided: boolean): RoomState {
  if (!state.room.active || state.stuck !== undefined || !settingsOf(state.room).moving) return state;
  return { ...state, stuck: { by: new Uint8Array(0), rolledBack: false, lost: undefined, decided } };
}

/** Whoever came in after all is owed nothing more: should they be removed, they stay so. */
function withoutPaidDebts(state: RoomState): RoomState {
  if (state.planted === undefined || state.planted.owed.length === 0) return state;
  const owed = state.planted.owed.filter((key) => !state.room.leaves.some((leaf) => sameBytes(namedMember(leaf), key)));
  return { ...state, planted: { ...state.planted, owed } };
}

function changeBetween(before: RoomState, after: RoomState, committer: Leaf): RoomChange {
  const at = (leaves: readonly Leaf[], index: number) => leaves.find((leaf) => leaf.index === index);
  const same = (a: Leaf, b: Leaf | undefined) => b !== undefined && sameBytes(a.leafKey, b.leafKey) && sameBytes(a.credential, b.credential);
  return {
    committer,
    added: after.room.leaves.filter((leaf) => at(before.room.leaves, leaf.index) === undefined),
    removed: before.room.leaves.filter((leaf) => !same(leaf, at(after.room.leaves, leaf.index)) && leaf.index !== committer.index),
    replaced: [],
    settingsBefore: before.room.settings,
    settingsAfter: after.room.settings,
  };
}

/** Nothing of it is shown but that it was there. The timeline draws a run of them as one line. */
function hide(draft: Draft, state: RoomState, record: LogRecord): void {
  putEvent(draft, state.id, record.seq, 'hidden-record', new Uint8Array(0));
}
