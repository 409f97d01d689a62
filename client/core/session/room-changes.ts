/**
 * Changing a room: a commit is worked out and made durable, sent, and adopted only when the log shows it. Whoever
 * loses the race for a slot catches up and works it out again on the new state.
 */
import { chance } from '#shared/chance.ts';
import { RelayRefusal } from '#shared/errors.ts';
import { recordCost, SINGLE_COST } from '#shared/postage.ts';
import { openMailboxMessage } from '#shared/signing.ts';
import { create, toBinary } from '@bufbuild/protobuf';
import { RoomSettingsSchema, type RoomSettings } from '../content/gen/thicket/content/v1/content_pb.ts';
import { cleanName, isRoomName } from '../domain/room-policy.ts';
import { includesKey } from '../domain/signing.ts';
import type { Room, Suite } from '../mls/port.ts';
import { fromHex, hex } from '#shared/sodium.ts';
import { adminsOf } from './admins.ts';
import { SessionFailure, type MemberId, type RoomId } from './api.ts';
import type { Device } from './device.ts';
import { isPassing } from './failure.ts';
import { paid, paying } from './paying.ts';
import { pendingChange, type Planned } from './pending-change.ts';
import { isPostageRefusal, payFor, takeRelayWeek } from './postage-stock.ts';
import { namedMember } from './judging.ts';
import { fetchKeyPackage } from './key-package-supply.ts';
import { newMailbox } from './layout.ts';
import type { LogReader } from './log-reader.ts';
import { putEvent } from './room-events.ts';
import { enteredRoom, roomIdOf, settingsOf, type Pending, type RoomState } from './room-state.ts';
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

  constructor(device: Device, log: LogReader) {
    this.#device = device;
    this.#log = log;
  }

  /** Makes the room on this device; `open` tells the relay. @throws SessionFailure `bad-name` */
  async create(rawName: string, suite: Suite): Promise<RoomId> {
    const name = cleanName(rawName);
    if (!isRoomName(name)) throw new SessionFailure('bad-name');
    const device = this.#device;
    const mailbox = newMailbox(device.layout);
    if (mailbox === undefined) throw new SessionFailure('internal');
    const settings = toBinary(RoomSettingsSchema, create(RoomSettingsSchema, { mailbox, name, admins: [device.member.key], hub: device.hub }));
    const own = await device.mls.newKeyPackage(suite, device.credential, device.leafKeys, 30);
    const room = await device.mls.create(suite, mailbox, own, settings);
    const id = roomIdOf(mailbox);
    await device.change(async (draft) => {
      draft.rooms.set(id, enteredRoom({ id, mailbox, room }));
      putEvent(draft, id, 0, 'created', device.member.key);
      draft.emit({ changed: 'rooms' });
    });
    return id;
  }

  /** Tells the relay of the mailbox; again after a crash, until it knows. */
  async open(id: RoomId): Promise<void> {
    const device = this.#device;
    const state = this.#active(id);
    const key = await device.mls.postKey(state.room);
    const proof = key.sign(openMailboxMessage(device.hub, state.mailbox, key.verifyKey));
    try {
      await paid(device, `mailbox ${hex(state.mailbox)}`, SINGLE_COST, (postage) =>
        device.relay.openMailbox({ mailbox: state.mailbox, verifyKey: key.verifyKey, proof, postage }));
    } catch (thrown) {
      if (!(thrown instanceof RelayRefusal && thrown.code === 'mailbox-exists')) throw thrown;
    }
    await device.change(async (draft) => {
      const now = draft.rooms.get(id);
      if (now !== undefined) draft.rooms.set(id, { ...now, opened: true });
    });
  }

  /** @throws SessionFailure `not-allowed` | `already-member` | `member-unreachable` | `bad-key-package` */
  async add(id: RoomId, member: MemberId): Promise<void> {
    this.#mayChange(id);
    if (this.#leavesOf(this.#active(id).room, member).length > 0) throw new SessionFailure('already-member');
    // Somebody who was an admin when they were removed comes back as a member like any other.
    if (this.#isNamedAdmin(this.#active(id).room, member)) await this.changeSettings(id, (settings) => settings);
    const keyPackage = await fetchKeyPackage(this.#device, member, this.#active(id).room.suite);
    await this.#change(id, async ({ room }) => {
      this.#mayChange(id);
      if (this.#leavesOf(room, member).length > 0) return undefined;
      if (this.#isNamedAdmin(room, member)) throw new SessionFailure('relay-busy');
      return { commit: await this.#device.mls.add(room, [keyPackage]), keyPackages: [keyPackage] };
    });
  }

  /** Every device of the member at once. @throws SessionFailure `not-allowed` | `not-a-member` */
  async remove(id: RoomId, member: MemberId): Promise<void> {
    this.#mayChange(id);
    if (member === this.#device.memberId) throw new SessionFailure('not-allowed');
    if (this.#leavesOf(this.#active(id).room, member).length === 0) throw new SessionFailure('not-a-member');
    await this.#change(id, async ({ room }) => {
      this.#mayChange(id);
      const leaves = this.#leavesOf(room, member);
      return leaves.length === 0 ? undefined : { commit: await this.#device.mls.remove(room, leaves) };
    });
  }

  /** Fresh keys for this device's own leaf. */
  async renewKeys(id: RoomId): Promise<void> {
    await this.#change(id, async ({ room }) => ({ commit: await this.#device.mls.update(room) }));
  }

  /** Whoever is named an admin without being in the room is so no longer. @throws SessionFailure `not-allowed` */
  async changeSettings(id: RoomId, change: (settings: RoomSettings) => RoomSettings): Promise<void> {
    this.#mayChange(id);
    await this.#change(id, async ({ room }) => {
      this.#mayChange(id);
      const settings = change(settingsOf(room));
      const admins = settings.admins.filter((key) => this.#leavesOf(room, hex(key)).length > 0);
      if (admins.length === 0) throw new SessionFailure('not-allowed');
      return { commit: await this.#device.mls.changeSettings(room, toBinary(RoomSettingsSchema, { ...settings, admins })) };
    });
  }

  #isNamedAdmin(room: Room, member: MemberId): boolean {
    return settingsOf(room).admins.some((key) => hex(key) === member);
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

  #change(id: RoomId, plan: Plan): Promise<void> {
    return this.#turn(id, () => this.#changeNow(id, plan));
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

  async #changeNow(id: RoomId, plan: Plan): Promise<void> {
    let kept: Uint8Array | undefined;
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (!this.#active(id).opened) await this.open(id);
      await this.#finish(id);
      const pending = await this.#prepare(id, plan, kept);
      if (pending === undefined) return;
      if (pending !== 'held' && await this.#submit(id, pending)) return;
      // A lost race was not charged: what was to pay for this change pays for it at the next try.
      if (pending !== 'held') kept = pending.postage;
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

  /** Asked again whenever a lost race is worked out anew: the winner may have been the end of our being an admin. */
  #mayChange(id: RoomId): void {
    if (!isAdmin(this.#active(id).room, this.#device.member.key)) throw new SessionFailure('not-allowed');
  }

  #leavesOf(room: Room, member: MemberId): number[] {
    const key = fromHex(member);
    if (key === undefined) throw new SessionFailure('unknown-member');
    return room.leaves.filter((leaf) => hex(namedMember(leaf)) === member).map((leaf) => leaf.index);
  }
}

export const isAdmin = (room: Room, memberKey: Uint8Array): boolean => includesKey(adminsOf(room), memberKey);

/** Somebody else's commit took the slot, or ours is there already: the log tells which. */
const isLost = (thrown: unknown): boolean =>
  thrown instanceof RelayRefusal && ['wrong-slot', 'duplicate-record', 'bad-signature'].includes(thrown.code);

