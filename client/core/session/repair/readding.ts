/**
 * A device that cannot follow a room any more asks the room's admins to add it again: a drop that only a device of theirs
 * can open, signed by its member. A device of an admin takes its leaf out and adds it anew, by itself, if that very leaf is
 * in the room. So whoever asks gets nothing they did not have, and what was said meanwhile stays with the others.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { dayOf } from '#shared/ids.ts';
import { hex } from '#shared/sodium.ts';
import { ed25519Verify } from '#shared/sodium.ts';
import { AskingFactsSchema, WelcomeDropSchema, type AskingFacts, type Signed } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { OutboxItemSchema, StoredAskingSchema, StoredKeyPackageSchema } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { decode } from '../../domain/parsing.ts';
import { LABELS, sameBytes, signersOf, signFacts } from '../../domain/signing.ts';
import { adminsOf, isAdmin } from '../admins.ts';
import { SessionFailure, type RoomId } from '../api.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { isPassing } from '../failure.ts';
import { memberOf, namedMember } from '../judging.ts';
import { fetchKeyPackages } from '../key-package-supply.ts';
import type { RoomChanges } from '../room-changes.ts';
import type { RoomState } from '../room-state.ts';

const LIFETIME_DAYS = 60;
/** A request that is older was answered, or is of no use. */
const GOOD_DAYS = 14;
/** Admins who are asked at once: each costs a key package of theirs. */
const MOST_ASKED = 3;
/** Between the admins' devices, so that one does it. */
const TURN_MS = 20_000;

/** @throws SessionFailure `unknown-room` | `room-inactive` | `not-allowed` (there is no other admin) | `member-unreachable` */
export async function askToBeAdded(device: Device, room: RoomId): Promise<void> {
  const state = device.rooms.get(room);
  if (state === undefined) throw new SessionFailure('unknown-room');
  if (!state.room.active) throw new SessionFailure('room-inactive');
  const admins = adminsOf(state.room).filter((key) => !sameBytes(key, device.member.key));
  if (admins.length === 0) throw new SessionFailure('not-allowed');
  const theirs = await packagesOf(device, admins.map(hex), state);
  const own = await device.mls.newKeyPackage(state.room.suite, device.credential, device.leafKeys, LIFETIME_DAYS);
  const today = dayOf(device.now());
  const facts = create(AskingFactsSchema, { hub: device.hub, mailbox: state.mailbox, leafKey: device.leafKeys.verifyKey, keyPackage: own.keyPackage, day: today });
  const asking = signFacts(LABELS.asking, toBinary(AskingFactsSchema, facts), [device.member]);
  const drop = toBinary(WelcomeDropSchema, create(WelcomeDropSchema, { asking }));
  const bodies = await Promise.all(theirs.map((keyPackage) => device.mls.sealDrop(keyPackage, drop)));
  await device.change(async (draft) => {
    const now = draft.rooms.get(room);
    if (now === undefined) return;
    draft.keyPackages.set(hex(own.tag), create(StoredKeyPackageSchema, { keyPackage: own.keyPackage, secret: own.secret, madeDay: today, lastResort: false }));
    for (const body of bodies) draft.enqueue(create(OutboxItemSchema, { what: { case: 'drop', value: { body } } }));
    const trouble = now.trouble ?? { what: 'missed-change', atMs: BigInt(device.now()), askedMs: 0n, seq: 0n };
    draft.rooms.set(room, { ...now, trouble: { ...trouble, askedMs: BigInt(device.now()) } });
    draft.emit({ changed: 'rooms' });
  });
}

async function packagesOf(device: Device, admins: readonly string[], { room }: RoomState): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for (const admin of admins) {
    if (found.length >= MOST_ASKED) break;
    try {
      found.push(...(await fetchKeyPackages(device, admin, room.suite)));
    } catch (thrown) {
      if (!(thrown instanceof SessionFailure) || isPassing(thrown)) throw thrown;
    }
  }
  if (found.length === 0) throw new SessionFailure('member-unreachable');
  return found;
}

// ---------------------------------------------------------------- an admin's device

/** What a drop asks for is done later, and over a restart. */
export function noteAsking(draft: Draft, asking: Signed): void {
  const facts = decode(AskingFactsSchema, asking.facts);
  if (facts === undefined || facts.leafKey.length !== 32 || !mayAsk(draft, facts, asking)) return;
  draft.integrity.asks.set(hex(facts.leafKey), create(StoredAskingSchema, { asking }));
  draft.afterwards(() => draft.device.wake.replanting());
}

/** The device is in the room, by certificates that stand, and its own member signed. */
function mayAsk(draft: Draft, facts: AskingFacts, asking: Signed): boolean {
  const { device } = draft;
  const state = roomOf([...draft.rooms.entries()].map(([, room]) => room), facts);
  const leaf = state?.room.leaves.find(({ leafKey }) => sameBytes(leafKey, facts.leafKey));
  const member = leaf && memberOf(leaf, draft.constitution);
  if (state === undefined || member === undefined || !isAdmin(state.room, device.member.key) || sameBytes(facts.leafKey, device.leafKeys.verifyKey)) return false;
  const isFresh = Math.abs(dayOf(device.now()) - facts.day) <= GOOD_DAYS && sameBytes(facts.hub, device.hub);
  return isFresh && signersOf(LABELS.asking, asking, ed25519Verify).some((key) => sameBytes(key, member));
}

/** Where the room is that the asker knows by this mailbox. */
const roomOf = (rooms: readonly RoomState[], { mailbox }: AskingFacts): RoomState | undefined =>
  rooms.find((state) => state.room.active && (sameBytes(state.mailbox, mailbox) || (state.planted !== undefined && sameBytes(state.planted.from, mailbox))));

/** Adds everybody again who asked for it. */
export async function readdAll(device: Device, changes: RoomChanges, pause: (ms: number) => Promise<void>): Promise<void> {
  for (const [key, { asking }] of [...device.integrity.asks]) {
    const facts = asking && decode(AskingFactsSchema, asking.facts);
    const state = facts && roomOf([...device.rooms.values()], facts);
    if (facts !== undefined && state?.stuck !== undefined) continue;
    if (facts !== undefined && state !== undefined) await readd(device, changes, { key, facts, state }, pause);
    await device.change(async (draft) => draft.integrity.asks.delete(key));
  }
}

interface Asked {
  readonly key: string;
  readonly facts: AskingFacts;
  readonly state: RoomState;
}

async function readd(device: Device, changes: RoomChanges, { key, facts, state: { id, room } }: Asked, pause: (ms: number) => Promise<void>): Promise<void> {
  const admins = adminsOf(room);
  const turn = room.leaves.filter((leaf) => admins.some((admin) => sameBytes(admin, namedMember(leaf)))).findIndex(({ index }) => index === room.ownLeaf);
  if (turn > 0) await pause(turn * TURN_MS);
  // Another admin's device has done it meanwhile.
  if (!device.integrity.asks.has(key)) return;
  const inspected = await device.mls.inspectKeyPackage(facts.keyPackage);
  const leaf = device.rooms.get(id)?.room.leaves.find(({ leafKey }) => sameBytes(leafKey, facts.leafKey));
  const isTheirs = inspected !== undefined && inspected.suite === room.suite && sameBytes(inspected.leaf.leafKey, facts.leafKey)
    && memberOf(inspected.leaf, device.constitution) !== undefined;
  if (!isTheirs || (leaf === undefined && device.integrity.asks.get(key)?.begun !== true)) return;
  await device.change(async (draft) => {
    const ask = draft.integrity.asks.get(key);
    if (ask !== undefined) draft.integrity.asks.set(key, { ...ask, begun: true });
  });
  await changes.addAgain(id, facts.leafKey, facts.keyPackage);
}

/** Somebody added this device: nothing is left to do for it. */
export function settleAsking(draft: Draft, leafKeys: readonly Uint8Array[]): void {
  for (const key of leafKeys.map(hex)) if (draft.integrity.asks.get(key) !== undefined) draft.integrity.asks.delete(key);
}
