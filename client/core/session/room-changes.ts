/**
 * Changing a room: a commit is worked out and made durable, sent, and adopted only when the log shows it. Whoever
 * loses the race for a slot catches up and works it out again on the new state.
 */
import { chance } from '#shared/chance.ts';
import { RelayRefusal } from '#shared/errors.ts';
import { recordCost } from '#shared/postage.ts';
import { toBinary } from '@bufbuild/protobuf';
import { RoomSettingsSchema, type RoomSettings } from '../content/gen/thicket/content/v1/content_pb.ts';
import { includesKey, sameBytes } from '../domain/signing.ts';
import type { Leaf, Room, Suite } from '../mls/port.ts';
import { fromHex, hex } from '#shared/sodium.ts';
import { mayAddPeople, mayChangeSettings, mayRemove, withoutAbsent } from '../domain/room-roles.ts';
import { roleIn } from './admins.ts';
import { SessionFailure, type MemberId, type RoomId } from './api.ts';
import type { Device } from './device.ts';
import { isPassing } from './failure.ts';
import { paying } from './paying.ts';
import { pendingChange, type Planned } from './pending-change.ts';
import { isPostageRefusal, payFor, takeRelayWeek } from './postage-stock.ts';
import { leavesIn, namedMember } from './judging.ts';
import { fetchKeyPackages } from './key-package-supply.ts';
import type { LogReader } from './log-reader.ts';
import { makeRoom, openRoom } from './room-making.ts';
import { settingsOf, type Pending, type RoomState } from './room-state.ts';
import { Serial } from './serial.ts';

/** A commit that lost this many races in a row says so. */
const TRIES = 200;
const PASSING_TRIES = 6;

/** What to do to the room as it stands now; undefined when there is nothing left to do. */
type Plan = (state: RoomState) => Promise<Planned | undefined>;

export class RoomChanges {
  readonly #device: Device;
  readonly #log: LogReader;
  /** One change of a room at a time; another of our own waits for its turn. */
  readonly #turns = new Map<RoomId, Serial>();
  /** Set by whoever replants. */
  moveWithout: (id: RoomId, member: MemberId) => Promise<void> = async () => { throw new SessionFailure('relay-busy'); };

  constructor(device: Device, log: LogReader) {
    this.#device = device;
    this.#log = log;
  }

  create(name: string, suite: Suite): Promise<RoomId> {
    return makeRoom(this.#device, name, suite);
  }

  /** Tells the relay of the mailbox; again after a crash, until it knows. */
  open(id: RoomId): Promise<void> {
    return openRoom(this.#device, this.#active(id));
  }

  /**
   * Somebody who had a role when they were removed comes back as a member like any other.
   * @throws SessionFailure `not-allowed` | `already-member` | `member-unreachable` | `bad-key-package`
   */
  async add(id: RoomId, member: MemberId): Promise<void> {
    this.#mayAdd(this.#active(id).room);
    if (this.#leavesOf(this.#active(id).room, member).length > 0) throw new SessionFailure('already-member');
    // Only an admin can take the name out; for others it stays a room this member cannot be added to.
    if (this.#hasNamedRole(this.#active(id).room, member)) await this.changeSettings(id, (settings) => settings);
    const keyPackages = await fetchKeyPackages(this.#device, member, this.#active(id).room.suite);
    await this.#change(id, async ({ room }) => {
      this.#mayAdd(room);
      if (this.#leavesOf(room, member).length > 0) return undefined;
      if (this.#hasNamedRole(room, member)) throw new SessionFailure('relay-busy');
      return { commit: await this.#device.mls.add(room, keyPackages), keyPackages };
    });
  }

  /**
   * Every device of the member at once. Whoever keeps it from happening by changes of their own, one after the other, is left
   * behind instead: the room moves without them, which no change of theirs can forestall.
   * @throws SessionFailure `not-allowed` | `not-a-member`
   */
  async remove(id: RoomId, member: MemberId): Promise<void> {
    if (member === this.#device.memberId) throw new SessionFailure('not-allowed');
    this.#mayRemove(this.#active(id).room, member);
    if (this.#leavesOf(this.#active(id).room, member).length === 0) throw new SessionFailure('not-a-member');
    const isFlooding = () => this.#device.renewals.isFlooding(id, member) && mayChangeSettings(roleIn(this.#active(id).room, this.#device.member.key));
    try {
      await this.#change(id, async ({ room }) => {
        const leaves = this.#leavesOf(room, member);
        if (leaves.length === 0) return undefined;
        this.#mayRemove(room, member);
        return { commit: await this.#device.mls.remove(room, leaves) };
      }, isFlooding);
    } catch (thrown) {
      if (!(thrown instanceof Flooded)) throw thrown;
      await this.moveWithout(id, member);
    }
  }

  /**
   * Other devices of this member come in; whose leaf is there already is passed over. Whatever one's role.
   * @param keyPackages checked by the caller to be this member's own and of the room's suite
   */
  async addOwnDevices(id: RoomId, keyPackages: readonly Uint8Array[]): Promise<void> {
    const leaves = await Promise.all(keyPackages.map(async (keyPackage) => (await this.#device.mls.inspectKeyPackage(keyPackage))?.leaf));
    await this.#change(id, async ({ room }) => {
      const isNew = (leaf: Leaf | undefined) => leaf !== undefined && !room.leaves.some(({ leafKey }) => sameBytes(leafKey, leaf.leafKey));
      const coming = keyPackages.filter((_, index) => isNew(leaves[index]));
      return coming.length === 0 ? undefined : { commit: await this.#device.mls.add(room, coming), keyPackages: coming };
    });
  }

  /** Other devices of this member go, by their leaf keys. Never this one. */
  async removeOwnDevices(id: RoomId, leafKeys: readonly Uint8Array[]): Promise<void> {
    await this.#change(id, async ({ room }) => {
      const going = room.leaves.filter((leaf) => leaf.index !== room.ownLeaf && includesKey(leafKeys, leaf.leafKey)
        && hex(namedMember(leaf)) === this.#device.memberId);
      return going.length === 0 ? undefined : { commit: await this.#device.mls.remove(room, going.map(({ index }) => index)) };
    });
  }

  /** A device whose keys are lost goes and comes in again; whoever had a role and no other device here has it no longer. */
  async addAgain(id: RoomId, leafKey: Uint8Array, keyPackage: Uint8Array): Promise<void> {
    const leafOf = (room: Room) => room.leaves.find((leaf) => sameBytes(leaf.leafKey, leafKey));
    await this.#change(id, async ({ room }) => {
      this.#mayChange(room);
      const leaf = leafOf(room);
      return leaf === undefined ? undefined : { commit: await this.#device.mls.remove(room, [leaf.index]) };
    });
    await this.changeSettings(id, (settings) => settings);
    await this.#change(id, async ({ room }) => {
      this.#mayChange(room);
      return leafOf(room) === undefined ? { commit: await this.#device.mls.add(room, [keyPackage]), keyPackages: [keyPackage] } : undefined;
    });
  }

  /** Fresh keys for this device's own leaf. */
  async renewKeys(id: RoomId): Promise<void> {
    await this.#change(id, async ({ room }) => ({ commit: await this.#device.mls.update(room) }));
  }

  /** Whoever is named with a role without being in the room has it no longer. @throws SessionFailure `not-allowed` */
  async changeSettings(id: RoomId, change: (settings: RoomSettings, room: Room) => RoomSettings): Promise<void> {
    this.#mayChange(this.#active(id).room);
    await this.#change(id, async ({ room }) => {
      this.#mayChange(room);
      const settings = withoutAbsent(change(settingsOf(room), room), leavesIn(room.leaves));
      if (settings.admins.length === 0) throw new SessionFailure('not-allowed');
      const after = toBinary(RoomSettingsSchema, settings);
      return sameBytes(after, room.settings) ? undefined : { commit: await this.#device.mls.changeSettings(room, after) };
    });
  }

  #hasNamedRole(room: Room, member: MemberId): boolean {
    const { admins, moderators } = settingsOf(room);
    return [...admins, ...moderators].some((key) => hex(key) === member);
  }

  /** After a start: finishes the commits that were under way. One room's trouble is not another's. */
  async resume(): Promise<void> {
    const done = await Promise.allSettled([...this.#device.rooms.keys()].map((id) => this.finish(id)));
    const failed = done.find((result) => result.status === 'rejected' && isPassing(result.reason));
    if (failed?.status === 'rejected') throw failed.reason;
  }

  /** Tells the relay what it does not know yet of this room. */
  async finish(id: RoomId): Promise<void> {
    const state = this.#device.rooms.get(id);
    if (state !== undefined && !state.opened && state.room.active) await this.open(id);
    if (state?.pending?.withdrawn === false) await this.#turn(id, () => this.#finish(id));
  }

  /** @throws Flooded once `isFlooding` and a race was lost */
  #change(id: RoomId, plan: Plan, isFlooding?: () => boolean): Promise<void> {
    return this.#turn(id, () => this.#changeNow(id, plan, isFlooding));
  }

  #turn(id: RoomId, work: () => Promise<void>): Promise<void> {
    const turns = this.#turns.get(id) ?? new Serial();
    this.#turns.set(id, turns);
    return turns.run(work);
  }

  /** A commit that was under way when the device stopped. */
  async #finish(id: RoomId): Promise<void> {
    const pending = this.#device.rooms.get(id)?.pending;
    if (pending?.withdrawn === false) await this.#submit(id, pending);
  }

  async #changeNow(id: RoomId, plan: Plan, isFlooding: () => boolean = () => false): Promise<void> {
    let kept: Uint8Array | undefined;
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (!this.#active(id).opened) await this.open(id);
      await this.#finish(id);
      const pending = await this.#prepare(id, plan, kept);
      if (pending === undefined) return;
      if (pending !== 'held' && await this.#submit(id, pending)) return;
      // A lost race was not charged: what was to pay for this change pays for it at the next try.
      if (pending !== 'held') kept = pending.postage;
      if (pending !== 'held' && isFlooding()) throw new Flooded();
      await new Promise((resolve) => setTimeout(resolve, chance() * Math.min(20 * (tries + 1), 400)));
    }
    throw new SessionFailure('relay-busy');
  }

  /** Works the commit out and makes it durable before it leaves. A room that is being replanted comes first. */
  #prepare(id: RoomId, plan: Plan, kept: Uint8Array | undefined): Promise<Pending | 'held' | undefined> {
    const device = this.#device;
    return paying(device, async (draft) => {
      const state = draft.rooms.get(id);
      if (state === undefined || !state.room.active) throw new SessionFailure('room-inactive');
      if (state.stuck !== undefined || state.pending?.withdrawn === false) return 'held';
      const planned = await plan(state);
      if (planned === undefined) return undefined;
      const pending = await pendingChange(draft, state, planned, kept);
      draft.rooms.set(id, { ...state, pending });
      return pending;
    });
  }

  /** @returns true if the log shows this commit, false if another took the slot */
  async #submit(id: RoomId, pending: Pending): Promise<boolean> {
    const device = this.#device;
    for (let tries = 0; ; tries += 1) {
      try {
        const state = device.rooms.get(id);
        if (state?.pending?.bodyHash === pending.bodyHash) {
          const { shard, seq } = await device.relay.commit({
            mailbox: state.mailbox, slot: pending.slot, body: pending.body, signature: pending.signature,
            nextVerifyKey: pending.nextVerifyKey, nextProof: pending.nextProof, postage: state.pending.postage,
          });
          device.paidFor(`commit ${pending.bodyHash}`);
          await this.#log.follow(() => (device.cursors.get(shard) ?? 0) >= seq);
        }
      } catch (thrown) {
        if (isPassing(thrown) && tries < PASSING_TRIES) {
          await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** tries));
          continue;
        }
        if (isPostageRefusal(thrown)) {
          if (device.replacements.wait() > 0) {
            device.wake.changes();
            throw new SessionFailure('no-postage', { cause: thrown });
          }
          await this.#payAnew(id, pending, thrown);
          continue;
        }
        if (!isLost(thrown)) {
          if (!isPassing(thrown)) await this.#withdraw(id, pending);
          throw thrown;
        }
        await this.#log.follow(() => device.rooms.get(id)?.pending?.bodyHash !== pending.bodyHash);
      }
      if (device.waiting.takeAdopted(pending.bodyHash)) return true;
      const still = device.rooms.get(id);
      if (still?.pending?.bodyHash !== pending.bodyHash) return false;
      if (tries >= PASSING_TRIES) {
        await this.#withdraw(id, pending);
        throw new SessionFailure('relay-refused');
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Other tokens for the same commit: these were spent by a later life of this vault, or are of a week that is over. */
  #payAnew(id: RoomId, { bodyHash: hash, body }: Pending, refusal: RelayRefusal): Promise<void> {
    this.#device.replaced(`commit ${hash}`);
    takeRelayWeek(this.#device, refusal);
    return paying(this.#device, async (draft) => {
      const state = draft.rooms.get(id);
      if (state?.pending?.bodyHash !== hash) return;
      draft.rooms.set(id, { ...state, pending: { ...state.pending, postage: payFor(draft, recordCost(body.length)) } });
    });
  }

  /** It is not sent again. It stays until another takes its place: the log may show it in spite of the relay's no. */
  #withdraw(id: RoomId, pending: Pending): Promise<void> {
    return this.#device.change(async (draft) => {
      const state = draft.rooms.get(id);
      if (state?.pending?.bodyHash === pending.bodyHash) draft.rooms.set(id, { ...state, pending: { ...pending, withdrawn: true } });
    });
  }

  #active(id: RoomId): RoomState {
    const state = this.#device.rooms.get(id);
    if (state === undefined) throw new SessionFailure('unknown-room');
    if (!state.room.active) throw new SessionFailure('room-inactive');
    return state;
  }

  // Asked again whenever a lost race is worked out anew: the winner may have been the end of our role.

  #mayChange(room: Room): void {
    if (!mayChangeSettings(roleIn(room, this.#device.member.key))) throw new SessionFailure('not-allowed');
  }

  #mayAdd(room: Room): void {
    if (!mayAddPeople(roleIn(room, this.#device.member.key), settingsOf(room).mayAdd)) throw new SessionFailure('not-allowed');
  }

  #mayRemove(room: Room, member: MemberId): void {
    const other = roleIn(room, fromHex(member) ?? new Uint8Array(0));
    if (other !== undefined && !mayRemove(roleIn(room, this.#device.member.key), other)) throw new SessionFailure('not-allowed');
  }

  #leavesOf(room: Room, member: MemberId): number[] {
    const key = fromHex(member);
    if (key === undefined) throw new SessionFailure('unknown-member');
    return room.leaves.filter((leaf) => hex(namedMember(leaf)) === member).map((leaf) => leaf.index);
  }
}

/** Whoever is to be removed keeps taking the slot. */
class Flooded extends Error {}

/** Somebody else's commit took the slot, or ours is there already: the log tells which. */
const isLost = (thrown: unknown): boolean =>
  thrown instanceof RelayRefusal && ['wrong-slot', 'duplicate-record', 'bad-signature'].includes(thrown.code);

