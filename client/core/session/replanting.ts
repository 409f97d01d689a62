/**
 * A stuck room goes on: an admin's device opens a new mailbox and a new group with the same people but the one who broke
 * it. For people it stays the same room, with its past and with what waited to be sent.
 */
import { chance } from '#shared/chance.ts';
import { create, toBinary } from '@bufbuild/protobuf';
import { ReplantingFactsSchema, RoomSettingsSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import { withoutAbsent } from '../domain/room-roles.ts';
import { includesKey, LABELS, sameBytes, signFacts } from '../domain/signing.ts';
import { hex } from '#shared/sodium.ts';
import { adminsOf, isAdmin } from './admins.ts';
import { SessionFailure } from './api.ts';
import type { Device } from './device.ts';
import type { Draft } from './draft.ts';
import { hasLeaf } from './devices/whereabouts.ts';
import { isPassing } from './failure.ts';
import { leavesIn, namedMember } from './judging.ts';
import { newMailbox } from './layout.ts';
import { fetchKeyPackages, fetchOwnKeyPackage } from './key-package-supply.ts';
import { dropPostage } from './outbox-state.ts';
import { paying } from './paying.ts';
import { pendingChange } from './pending-change.ts';
import type { RoomChanges } from './room-changes.ts';
import { putEvent } from './room-events.ts';
import { unsealPosts } from './room-records.ts';
import { mailboxOf, settingsOf, type RoomState } from './room-state.ts';

/** How long an admin's device leaves the others before it to act. */
const TURN_MS = 20_000;
/** After the hub was set back: for the others to throw away key packages that were used before. */
const REFILL_MS = 2_000;
/** How long whoever said that they move a room is left to do it. */
const MOVING_MS = 20_000;
/** Between tries to reach those who are owed an invitation: longer each time, because each try costs postage. */
const FIRST_OWED_MS = 5_000;
const LONGEST_OWED_MS = 60 * 60_000;

export class Replanting {
  readonly #device: Device;
  readonly #changes: RoomChanges;

  constructor(device: Device, changes: RoomChanges) {
    this.#device = device;
    this.#changes = changes;
  }

  /** Replants every stuck room that is this device's to replant. */
  async run(pause: (ms: number) => Promise<void>): Promise<void> {
    for (const { id } of [...this.#device.rooms.values()]) {
      const turn = this.#turn(id);
      if (turn === undefined) continue;
      const grace = graceOf(this.#device.rooms.get(id));
      const isDecided = this.#device.rooms.get(id)?.stuck?.decided === true;
      if (!isDecided && (turn > 0 || grace > 0)) await pause((grace + turn * TURN_MS) * (1 + chance() / 4));
      if (this.#turn(id) !== undefined) await this.#replant(id);
    }
  }

  /**
   * The person decides it: the room moves, without somebody if so told.
   * @throws SessionFailure `unknown-room` | `not-allowed` | `room-inactive`; what passes, while the room cannot be closed
   */
  async decide(id: string, without?: Uint8Array): Promise<void> {
    const { mailbox, room, stuck: before, trouble } = movable(this.#device.rooms.get(id), this.#device.member.key, without);
    // Another admin has closed it, and theirs is the move: of two groups one would be left behind, with what was written in it. Should
    // they not come to an end, this device goes on by itself.
    if (without === undefined && settingsOf(room).moving && before?.decided !== true) return;
    // Where nothing keeps people from writing, they must not go on where nobody will read them. Whoever is to be left behind could keep this from happening.
    if (without === undefined && before === undefined && trouble === undefined && !(await this.#close(id, mailbox))) return;
    await this.#device.change(async (draft) => {
      // The role may have ended meanwhile.
      const state = movable(draft.rooms.get(id), draft.device.member.key, without);
      // Another admin was faster.
      if (!sameBytes(state.mailbox, mailbox)) return;
      const stuck = { by: without ?? state.stuck?.by ?? new Uint8Array(0), rolledBack: false, lost: undefined, decided: true };
      const next: RoomState = { ...state, stuck, pending: undefined, trouble: undefined };
      draft.rooms.set(id, next);
      unsealPosts(draft, next);
      draft.emit({ changed: 'rooms' });
    });
    try {
      await this.#replant(id);
    } catch (thrown) {
      if (!isPassing(thrown)) throw thrown;
      this.#device.wake.replanting();
    }
  }

  /**
   * The last change of the room in this mailbox: whoever has it writes no more before the room went on from another.
   * @returns false where somebody else's change did that, or the room is there no more
   */
  async #close(id: string, mailbox: Uint8Array): Promise<boolean> {
    let isOurs = false;
    await this.#changes.changeSettings(id, (settings) => {
      isOurs = sameBytes(settings.mailbox, mailbox) && !settings.moving;
      return isOurs ? { ...settings, moving: true } : settings;
    });
    return isOurs;
  }

  /** @returns this device's place among the admins' devices, or undefined where there is nothing for it to do */
  #turn(id: string): number | undefined {
    const state = this.#device.rooms.get(id);
    if (state?.stuck === undefined || !state.room.active) return undefined;
    const admins = honestAdmins(state);
    const turn = state.room.leaves.filter((leaf) => includesKey(admins, namedMember(leaf))).findIndex((leaf) => leaf.index === state.room.ownLeaf);
    return turn < 0 ? undefined : turn;
  }

  async #replant(id: string): Promise<void> {
    // Everybody's key packages are taken for it, and cost postage.
    if (this.#device.rooms.get(id)?.stuck === undefined) return;
    const taken = await this.#keyPackages(id);
    await paying(this.#device, async (draft) => {
      const state = draft.rooms.get(id);
      if (state?.stuck === undefined) return;
      draft.rooms.set(id, await plant(draft, state, taken));
      draft.emit({ changed: 'rooms' });
    });
    await this.#changes.finish(id);
  }

  /** Of everybody who stays. The relay may say of anybody that there is none: they are named, and added once there is one. */
  async #keyPackages(id: string): Promise<Taken> {
    const state = this.#device.rooms.get(id);
    const staying = new Map((state?.room.leaves ?? []).map(namedMember).filter((key) => !isCulprit(state, key)).map((key) => [hex(key), key]));
    staying.delete(this.#device.memberId);
    const keyPackages = await this.#ofOwnDevices(state);
    const owed: Uint8Array[] = [];
    for (const [member, key] of staying) {
      try {
        keyPackages.push(...await fetchKeyPackages(this.#device, member, state?.room.suite ?? 'xwing'));
      } catch (thrown) {
        // Of a bad line it is tried again: whoever is left behind misses what is said before they are brought along.
        if (!(thrown instanceof SessionFailure) || isPassing(thrown)) throw thrown;
        owed.push(key);
      }
    }
    return { keyPackages, owed };
  }

  /** Should one not be had, its device comes in as a new one does, and misses what was said before. */
  async #ofOwnDevices(state: RoomState | undefined): Promise<Uint8Array[]> {
    const here = [...this.#device.devices].filter(([id, { removed }]) => state !== undefined && id !== this.#device.deviceId && !removed && hasLeaf(state, id));
    const found: Uint8Array[] = [];
    for (const [id, { pool }] of here) {
      try {
        found.push(await fetchOwnKeyPackage(this.#device, id, pool, state?.room.suite ?? 'xwing'));
      } catch (thrown) {
        if (isPassing(thrown)) throw thrown;
      }
    }
    return found;
  }

  /** Brings along, once they can be reached, those this device had to leave behind. Ends when there is nobody left. */
  async bringOwed(pause: (ms: number) => Promise<void>, isOver: () => boolean): Promise<void> {
    for (let wait = FIRST_OWED_MS; this.#owed().length > 0 && !isOver(); wait = Math.min(wait * 2, LONGEST_OWED_MS)) {
      await pause(wait);
      for (const { id, member } of this.#owed()) if (!isOver()) await this.#bring(id, member);
    }
  }

  #owed(): { id: string; member: Uint8Array }[] {
    return [...this.#device.rooms.values()].filter(({ room, stuck }) => room.active && stuck === undefined)
      .flatMap(({ id, planted }) => (planted?.owed ?? []).map((member) => ({ id, member })));
  }

  async #bring(id: string, member: Uint8Array): Promise<void> {
    try {
      await this.#changes.add(id, hex(member));
    } catch (thrown) {
      const code = thrown instanceof SessionFailure ? thrown.code : undefined;
      if (code !== 'already-member' && code !== 'not-allowed') return;
    }
    await this.#device.change(async (draft) => {
      const state = draft.rooms.get(id);
      if (state?.planted === undefined) return;
      const owed = state.planted.owed.filter((key) => !sameBytes(key, member));
      draft.rooms.set(id, { ...state, planted: { ...state.planted, owed } });
    });
  }
}

interface Taken {
  readonly keyPackages: readonly Uint8Array[];
  /** Member keys of those who had none. */
  readonly owed: readonly Uint8Array[];
}

/** The room, if this member may move it. */
function movable(state: RoomState | undefined, key: Uint8Array, without: Uint8Array | undefined): RoomState {
  if (state === undefined) throw new SessionFailure('unknown-room');
  if (!state.room.active) throw new SessionFailure('room-inactive');
  if (!isAdmin(state.room, key) || (without !== undefined && sameBytes(without, key))) throw new SessionFailure('not-allowed');
  return state;
}

function graceOf(state: RoomState | undefined): number {
  if (state?.stuck?.rolledBack === true) return REFILL_MS;
  return state !== undefined && settingsOf(state.room).moving ? MOVING_MS : 0;
}

const isCulprit = (state: RoomState | undefined, key: Uint8Array): boolean => state?.stuck !== undefined && sameBytes(state.stuck.by, key);

const honestAdmins = (state: RoomState): Uint8Array[] => adminsOf(state.room).filter((key) => !isCulprit(state, key));

/** The room in its new mailbox, its first commit still to be sent like any other. */
async function plant(draft: Draft, state: RoomState, { keyPackages, owed }: Taken): Promise<RoomState> {
  const { device } = draft;
  const mailbox = newMailbox(device.layout, state.mailbox);
  if (mailbox === undefined) throw new SessionFailure('internal');
  const { suite } = state.room;
  const without = [...(state.stuck?.by.length ? [state.stuck.by] : []), ...owed];
  const facts = create(ReplantingFactsSchema, { hub: device.hub, oldMailbox: state.mailbox, newMailbox: mailbox, without });
  const kept = withoutAbsent(settingsOf(state.room), leavesIn(state.room.leaves));
  const settings = create(RoomSettingsSchema, {
    ...kept, mailbox, moving: false, firstMailbox: mailboxOf(state.id) ?? state.mailbox, admins: honestAdmins(state), moderators: kept.moderators.filter((key) => !isCulprit(state, key)),
    replanting: signFacts(LABELS.replanting, toBinary(ReplantingFactsSchema, facts), [device.member]),
  });
  const own = await device.mls.newKeyPackage(suite, device.credential, device.leafKeys, 30);
  const room = await device.mls.create(suite, mailbox, own, toBinary(RoomSettingsSchema, settings));
  const alone = keyPackages.length === 0;
  const cursor = device.cursors.get(device.shardOf(mailbox)) ?? 0;
  // With others, the first commit says it.
  if (alone) putEvent(draft, state.id, cursor, 'replanted', device.member.key, without);
  dropPostage(draft, state.id);
  return {
    ...state, mailbox, room, opened: false, stuck: undefined, trouble: undefined, epochSeq: 0, epochBody: '',
    pending: alone ? undefined : await pendingChange(draft, { mailbox, room }, { commit: await device.mls.add(room, keyPackages), keyPackages }),
    planted: { from: state.mailbox, seq: alone ? BigInt(cursor) : 0n, without, owed: [...owed] },
  };
}
