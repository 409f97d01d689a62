/** A Welcome in the log. A device knows its own by a tag derived from a key package it made. */
import { fromBinary } from '@bufbuild/protobuf';
import { WelcomeDropSchema, type LinkedRoom, type RoomSettings, type WelcomeDrop } from '../content/gen/thicket/content/v1/content_pb.ts';
import { mailboxId, type MailboxId } from '#shared/ids.ts';
import { RecentRecordSchema, type StoredKeyPackage } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { decode } from '../domain/parsing.ts';
import { isOwnCompany } from '../domain/own-room.ts';
import { isNewer, readCard } from '../domain/people.ts';
import { includesKey, LABELS, sameBytes, signersOf } from '../domain/signing.ts';
import { MlsFailure, type OwnKeyPackage, type Room } from '../mls/port.ts';
import type { LogRecord } from '../relay/port.ts';
import { ed25519Verify, fromHex, hex } from '#shared/sodium.ts';
import { mayWelcome } from './admins.ts';
import { fromRecent, RECENT_RECORDS } from './apply-records.ts';
import type { Draft } from './draft.ts';
import { pathOf } from './layout.ts';
import { judgeBy, memberOf, namedMember } from './judging.ts';
import { dropPostage, messageIdOf, updateMessage } from './outbox-state.ts';
import { leftBehind, replantedFrom } from './replanted.ts';
import { pastOf } from './past-rooms.ts';
import { putEvent } from './room-events.ts';
import { applyRoomRecord, unsealPosts } from './room-records.ts';
import { noteAsking } from './repair/readding.ts';
import { wasForgotten } from './rooms/forgetting.ts';
import { bodyHash, enteredRoom, roomIdOf, settingsOf, type RoomState } from './room-state.ts';

const TAG_BYTES = 8;
const EMPTY = new Uint8Array(0);

export async function applyDrop(draft: Draft, record: LogRecord): Promise<void> {
  const tag = hex(record.body.subarray(0, TAG_BYTES));
  const stored = draft.keyPackages.get(tag);
  if (stored === undefined) return;
  const own: OwnKeyPackage = { keyPackage: stored.keyPackage, secret: stored.secret, tag: fromHex(tag) as Uint8Array };
  const opened = await draft.device.mls.openDrop(own, record.body);
  const drop = opened && decode(WelcomeDropSchema, opened);
  if (drop?.asking !== undefined) {
    spend(draft, tag, stored);
    noteAsking(draft, drop.asking);
    return;
  }
  const mailbox = drop && mailboxId(drop.mailbox);
  if (drop === undefined || mailbox === undefined) return;

  const known = draft.roomAt(mailbox);
  if (known === undefined && wasLeft(draft, mailbox)) return;
  const commitSeq = claimedSeq(draft, record, drop, mailbox);
  if (commitSeq === undefined || (await wasForgotten(draft, roomIdOf(mailbox), commitSeq)) || (known !== undefined && !isOpenTo(known, commitSeq))) return;

  const joined = await join(draft, drop.welcome, own, mailbox);
  if (joined === undefined || (known !== undefined && !mayReplace(draft, known, joined))) return;
  const { room, by } = joined;
  const { seq, body } = await provenCommit(draft, record, room, mailbox, commitSeq);
  const replanting = known === undefined ? replantedFrom(draft, { mailbox, settings: settingsOf(room), by, seq }) : undefined;
  if (replanting === 'refused') return;
  spend(draft, tag, stored);
  takeCard(draft, drop, by);
  const isAgain = known !== undefined && known.room.active && hasAsked(known);
  if (known?.room.active === true && !isAgain) failPosts(draft, known);
  await enter(draft, { mailbox, room, commitSeq, body, before: known ?? replanting?.before, planted: replanting?.planted }, by);
}

/** A mailbox that one of our rooms has left. */
const wasLeft = ({ rooms }: Draft, mailbox: MailboxId): boolean =>
  rooms.get(roomIdOf(mailbox)) !== undefined || [...rooms.entries()].some(([, { room }]) => sameBytes(leftBehind(settingsOf(room)) ?? EMPTY, mailbox));

/** The sender only says where the commit stands. @returns undefined where it cannot stand */
function claimedSeq(draft: Draft, record: LogRecord, drop: WelcomeDrop, mailbox: MailboxId): number | undefined {
  const end = isBeside(draft, record, mailbox, Number(drop.commitSeq)) ? record.seq : Number.MAX_SAFE_INTEGER;
  return drop.commitSeq > 0n && drop.commitSeq < BigInt(end) ? Number(drop.commitSeq) : undefined;
}

/**
 * Where the log shows the commit, or failing that the drop itself: nobody is earlier than the log says by saying so.
 * With the hash of its body, where that is known.
 */
async function provenCommit(draft: Draft, drop: LogRecord, room: Room, mailbox: MailboxId, commitSeq: number): Promise<{ seq: number; body: string }> {
  // Another shard may not be read so far yet.
  if (!isBeside(draft, drop, mailbox, commitSeq)) return { seq: commitSeq, body: '' };
  const shard = draft.device.shardAt(mailbox, commitSeq);
  const stored = await draft.device.vault.get({ collection: 'recent', scope: String(shard), order: commitSeq });
  const kept = draft.recentHere(shard).find(({ seq }) => seq === commitSeq)?.record ?? (stored && fromBinary(RecentRecordSchema, stored));
  const commit = kept && fromRecent(commitSeq, kept);
  const isIt = commit?.kind === 'commit' && sameBytes(commit.mailbox, mailbox) && commit.slot === room.epoch - 1;
  return isIt ? { seq: commitSeq, body: bodyHash(commit.body) } : { seq: drop.seq, body: '' };
}

const isBeside = ({ device }: Draft, record: LogRecord, mailbox: MailboxId, commitSeq: number): boolean =>
  device.shardAt(mailbox, commitSeq) === device.shardAt(record.mailbox, record.seq);

/** Not to a copy of a Welcome already used, to one from before this device was last removed, or to any while it is in. */
const isOpenTo = (known: RoomState, commitSeq: number): boolean =>
  commitSeq > known.joinedSeq && (!known.room.active || known.unheard || hasAsked(known));

/** This device cannot follow the room, and asked to be added again. */
const hasAsked = ({ trouble }: RoomState): boolean => (trouble?.askedMs ?? 0n) > 0n;

/**
 * A mailbox is no secret, so anybody can make a group for it. Back into a room only somebody brings us who may add people to
 * it, as we knew it last, or another device of our own. One for which nothing but its Welcome ever spoke may be such a group: it does not keep the true one out.
 */
function mayReplace(draft: Draft, known: RoomState, { room, by }: Entry): boolean {
  if (known.room.active && !hasAsked(known)) return known.unheard;
  return room.epoch > known.room.epoch && mayWelcome(known.room, by, draft.device.member.key, draft.constitution);
}

interface Entry {
  readonly room: Room;
  /** The member key of whoever made the Welcome. */
  readonly by: Uint8Array;
}

/** @returns undefined for a Welcome that is replayed, foreign, not by somebody who may add, or into a room with a ghost in it */
async function join(draft: Draft, welcome: Uint8Array, own: OwnKeyPackage, mailbox: MailboxId): Promise<Entry | undefined> {
  const { mls, hub } = draft.device;
  try {
    const { room, signer } = await mls.join(welcome, own, { mailbox, hub }, judgeBy(draft.constitution, []));
    const by = memberOf(signer, draft.constitution);
    const isFit = by !== undefined && mayWelcome(room, by, draft.device.member.key, draft.constitution) && isOurCompany(draft, room);
    return isFit ? { room, by } : undefined;
  } catch (thrown) {
    if (thrown instanceof MlsFailure) return undefined;
    throw thrown;
  }
}

/** A room of somebody's own devices is entered only where they are ours, all of them. */
function isOurCompany({ device }: Draft, room: Room): boolean {
  const settings = settingsOf(room);
  return settings.devicesOf.length === 0 || isOwnCompany(settings, device.member.key, room.leaves.map(namedMember));
}

/** Drops are unsigned: the card is worth something only if it is that of the member who made the Welcome. */
function takeCard(draft: Draft, { card: signed }: WelcomeDrop, by: Uint8Array): void {
  const card = readCard(signed, draft.device.hub, ed25519Verify);
  if (card === undefined || !sameBytes(card.facts.memberKey, by) || !isNewer(card, draft.people.get(hex(by)))) return;
  draft.people.set(hex(by), card);
}

/** What was written to one group is not for the people of another. */
function failPosts(draft: Draft, { id: room }: RoomState): void {
  for (const [order, { what }] of draft.outbox.entries()) {
    if (what.case !== 'message' || hex(what.value.mailbox) !== room || what.value.failed) continue;
    updateMessage(draft, order, { failed: true });
    const id = messageIdOf(what.value);
    if (id !== undefined) draft.afterwards(() => draft.device.waiting.failed(id, 'relay-refused'));
  }
}

/** The last-resort package stays, the others open one Welcome only. */
function spend(draft: Draft, tag: string, stored: StoredKeyPackage): void {
  if (!stored.lastResort) draft.keyPackages.delete(tag);
  draft.afterwards(() => draft.device.wake.keyPackages());
}

interface Entering {
  readonly mailbox: MailboxId;
  readonly room: Room;
  readonly commitSeq: number;
  /** The hash of that commit; empty where it is not known. */
  readonly body: string;
  /** The same room as this device knew it: before it was removed, or before the room was replanted. */
  readonly before: RoomState | undefined;
  readonly planted: RoomState['planted'];
}

/**
 * A room that was replanted goes by its first mailbox on all devices of a person: the one that linked this one said which,
 * where the room was then, and who its admins were. Whoever else makes a group that says to be that room may say so of any.
 */
function awaitedAs({ profile, device, rooms }: Draft, mailbox: MailboxId, room: Room, by: Uint8Array): string | undefined {
  const settings = settingsOf(room);
  // It may have moved more than once since.
  const isIt = (one: LinkedRoom): boolean => one.room.length === 16 && (sameBytes(one.mailbox, mailbox) || sameBytes(one.room, settings.firstMailbox));
  const awaited = profile.awaited.find(isIt);
  if (awaited === undefined || !(sameBytes(by, device.member.key) || isMovedBy(settings, by, awaited.admins))) return undefined;
  const id = roomIdOf(awaited.room);
  return rooms.get(id) === undefined ? id : undefined;
}

const isMovedBy = ({ replanting }: RoomSettings, by: Uint8Array, admins: readonly Uint8Array[]): boolean =>
  includesKey(admins, by) && replanting !== undefined && signersOf(LABELS.replanting, replanting, ed25519Verify).some((key) => includesKey(admins, key));

const comingIn = (before: RoomState | undefined): 'joined' | 'rejoined' | 'returned' => {
  if (before === undefined) return 'joined';
  if (before.room.active && hasAsked(before)) return 'rejoined';
  return pastOf(before.room) === undefined ? 'joined' : 'returned';
};

async function enter(draft: Draft, { mailbox, room, commitSeq, body, before, planted }: Entering, by: Uint8Array): Promise<void> {
  const id = before?.id ?? awaitedAs(draft, mailbox, room, by) ?? roomIdOf(mailbox);
  // Read since the commit, and not so long ago that it is forgotten.
  const reachable = pathOf(draft.layout, mailbox, commitSeq)
    .every(({ shard, base, isRead }) => isRead && (draft.cursors.get(shard) ?? 0) - Math.max(base, commitSeq) < RECENT_RECORDS);
  const state = enteredRoom({
    id, mailbox, room, readSeq: before?.readSeq ?? 0, unread: before?.unread ?? 0,
    joinedSeq: commitSeq, epochBody: body, opened: true, backlogFrom: reachable ? 0 : commitSeq, planted,
    unheard: before === undefined || before.unheard,
  });
  draft.rooms.set(id, state);
  const isAgain = before !== undefined && before.room.active && hasAsked(before);
  if (planted === undefined && isAgain) {
    unsealPosts(draft, state);
    draft.afterwards(() => draft.device.wake.outbox());
  }
  if (planted !== undefined) {
    putEvent(draft, id, commitSeq, 'replanted', by, planted.without);
    unsealPosts(draft, state);
    dropPostage(draft, id);
    draft.afterwards(() => draft.device.wake.outbox());
  }
  // Whoever is in it and only moves with it has not come anew; who was out of it when it moved has.
  if (planted === undefined || before?.room.active !== true) putEvent(draft, id, commitSeq, comingIn(before), by);
  draft.emit({ changed: 'rooms' });
  draft.emit({ changed: 'people' });
  draft.afterwards(() => draft.device.wake.siblings());
  if (reachable) await replayRecent(draft, id, commitSeq);
  else draft.afterwards(() => draft.device.wake.backlog());
}

/** What came between the commit and the Welcome was put aside unread; it is read now, in order. */
export async function replayRecent(draft: Draft, room: string, after: number): Promise<void> {
  const state = draft.rooms.get(room);
  if (state === undefined) return;
  for (const { shard, base } of pathOf(draft.layout, state.mailbox, after)) await replayFrom(draft, state, shard, Math.max(base, after));
}

async function replayFrom(draft: Draft, { id: room, mailbox }: RoomState, shard: number, after: number): Promise<void> {
  const kept = await draft.device.vault.range('recent', String(shard), { from: after + 1 });
  const records = new Map(kept.map(({ order, value }) => [order, fromBinary(RecentRecordSchema, value)]));
  for (const { seq, record } of draft.recentHere(shard)) if (seq > after) records.set(seq, record);
  const ours = [...records].filter(([, record]) => sameBytes(record.mailbox, mailbox)).sort(([a], [b]) => a - b);
  for (const [seq, record] of ours) {
    draft.dropRecent(shard, seq);
    await applyRoomRecord(draft, room, fromRecent(seq, record));
  }
}
