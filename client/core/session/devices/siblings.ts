/**
 * Keeps this person's devices together: every one of them in every room of the others, and none that was removed in any.
 * Whoever linked or removed a device does the work; should that one be away, another takes over after a while. All of it
 * is read off the rooms themselves, so it goes on wherever it was cut off.
 */
import { create } from '@bufbuild/protobuf';
import { CardsSchema } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { ed25519Verify, fromHex } from '#shared/sodium.ts';
import { readCard } from '../../domain/people.ts';
import { sameBytes } from '../../domain/signing.ts';
import type { StoredDevice } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { SessionFailure, type DeviceId } from '../api.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { asSessionFailure, isPassing } from '../failure.ts';
import { makeCard } from '../identity.ts';
import { fetchOwnKeyPackage } from '../key-package-supply.ts';
import { enqueueContent } from '../newcoming.ts';
import type { RoomChanges } from '../room-changes.ts';
import { makeRoom } from '../room-making.ts';
import type { RoomState } from '../room-state.ts';
import { asOwnDevice } from './own-devices.ts';
import { isOwnRoom, ownRoomOf, tellSiblings } from './own-room.ts';
import { hasLeaf, isRemovedHere, leavesOfOthers } from './whereabouts.ts';

/** Between tries of a device that offers nothing to add it by: longer each time, as each try costs postage. */
const FIRST_TRY_MS = 1_000;
const LONGEST_TRY_MS = 30 * 60_000;

export class Siblings {
  readonly #device: Device;
  readonly #changes: RoomChanges;
  /** Since when a device is seen to be missing somewhere, and how long to leave it alone; by device and room. */
  readonly #seen = new Map<string, number>();
  readonly #rest = new Map<DeviceId, { until: number; pause: number }>();

  constructor(device: Device, changes: RoomChanges) {
    this.#device = device;
    this.#changes = changes;
  }

  /** Does what there is to do now. @returns after how many milliseconds there may be more; undefined: nothing is left */
  async run(): Promise<number | undefined> {
    if (this.#others().length === 0 || isRemovedHere(this.#device)) return undefined;
    await this.#makeOwnRoom();
    // The card first: whoever adds this person from now on leaves the removed one out.
    await this.#mendCard();
    for (const [id, stored] of this.#others()) if (stored.removed) await this.#bringOut(id, stored);
    for (const [id, stored] of this.#others()) if (!stored.removed) await this.#bringIn(id, stored);
    await this.#settle();
    return this.#nextLook();
  }

  #others(): [DeviceId, StoredDevice][] {
    return [...this.#device.devices].filter(([id]) => id !== this.#device.deviceId);
  }

  async #makeOwnRoom(): Promise<void> {
    const isLead = this.#others().some(([, { removed, lead }]) => lead && !removed);
    if (isLead && ownRoomOf(this.#device.rooms.values()) === undefined) await this.#changes.open(await makeRoom(this.#device, 'My devices', 'xwing', { devicesOf: this.#device.member.key }));
  }

  // ---------------------------------------------------------------- in and out

  /** The room of one's own devices first: there it learns the rest. */
  #rooms(): RoomState[] {
    const usable = [...this.#device.rooms.values()].filter(({ room, stuck }) => room.active && stuck === undefined);
    return usable.sort((a, b) => Number(isOwnRoom(b)) - Number(isOwnRoom(a)));
  }

  /** Those that are about to move among them: nothing can be done there now, and it is not done. */
  #all(): RoomState[] {
    return [...this.#device.rooms.values()].filter(({ room }) => room.active);
  }

  async #bringIn(id: DeviceId, stored: StoredDevice): Promise<void> {
    for (const state of this.#rooms()) {
      if (hasLeaf(state, id) || !this.#isOurTurn(state, id, stored) || this.#isResting(id)) continue;
      try {
        await this.#changes.addOwnDevices(state.id, [await fetchOwnKeyPackage(this.#device, id, stored.pool, state.room.suite)]);
        this.#rest.delete(id);
        this.#device.emit({ changed: 'devices' });
      } catch (thrown) {
        this.#leaveAlone(id, thrown);
      }
    }
  }

  async #bringOut(id: DeviceId, stored: StoredDevice): Promise<void> {
    for (const state of this.#rooms()) {
      if (!hasLeaf(state, id) || !this.#isOurTurn(state, id, stored)) continue;
      try {
        await this.#changes.removeOwnDevices(state.id, [leafKeyOf(id)]);
        this.#device.emit({ changed: 'devices' });
      } catch (thrown) {
        if (isPassing(thrown) || asSessionFailure(thrown).code === 'locked') throw thrown;
      }
    }
  }

  /** Ours at once if we began it, or are alone there; else after those before us in the room had their time. */
  #isOurTurn(state: RoomState, id: DeviceId, { lead }: StoredDevice): boolean {
    const others = leavesOfOthers(this.#device, state);
    if (lead || others.length === 0) return true;
    const key = `${id} ${state.id}`;
    const now = performance.now();
    const since = this.#seen.get(key) ?? now;
    this.#seen.set(key, since);
    const before = others.filter((index) => index < state.room.ownLeaf).length;
    return now - since >= this.#device.pace.siblings[1] * (before + 1);
  }

  #isResting = (id: DeviceId): boolean => (this.#rest.get(id)?.until ?? 0) > performance.now();

  #leaveAlone(id: DeviceId, thrown: unknown): void {
    const { code } = asSessionFailure(thrown);
    if (code === 'locked' || (isPassing(thrown) && code !== 'relay-busy')) throw thrown;
    const pause = Math.min((this.#rest.get(id)?.pause ?? FIRST_TRY_MS / 2) * 2, LONGEST_TRY_MS);
    this.#rest.set(id, { until: performance.now() + pause, pause });
  }

  #nextLook(): number | undefined {
    const missing = this.#others().some(([id, { removed }]) => this.#rooms().some((state) => hasLeaf(state, id) === removed));
    if (!missing) {
      this.#seen.clear();
      return undefined;
    }
    const rests = [...this.#rest.values()].map(({ until }) => Math.max(until - performance.now(), 0)).filter((ms) => ms > 0);
    return Math.max(50, Math.min(...rests, this.#device.pace.siblings[1]));
  }

  // ---------------------------------------------------------------- what follows

  /** What this device began is done: the others hear of it. */
  async #settle(): Promise<void> {
    const done = this.#others().filter(([id, { lead, removed }]) => lead && ownRoomOf(this.#device.rooms.values()) !== undefined
      && this.#all().every((state) => hasLeaf(state, id) === !removed));
    if (done.length === 0) return;
    await this.#device.change(async (draft) => {
      for (const [id] of done) {
        const now = draft.devices.get(id);
        if (now === undefined || !now.lead) continue;
        draft.devices.set(id, { ...now, lead: false });
        for (const [known, stored] of draft.devices.entries()) {
          tellSiblings(draft, { case: 'device', value: { ...asOwnDevice(known, stored), brought: known === id && !now.removed } });
        }
      }
      draft.emit({ changed: 'devices' });
    });
  }

  /** The card names the pools of the devices there are, and no others. */
  async #mendCard(): Promise<void> {
    if (!isCardWrong(this.#device)) return;
    await this.#device.change(async (draft) => {
      const card = rightCard(draft);
      const read = card && readCard(card, draft.device.hub, ed25519Verify);
      if (card === undefined || read === undefined) return;
      draft.setProfile({ card });
      draft.people.set(draft.device.memberId, read);
      for (const [, state] of [...draft.rooms.entries()]) {
        if (state.room.active) enqueueContent(draft, state, { case: 'cards', value: create(CardsSchema, { cards: [card] }) });
      }
    });
  }
}

const isLiving = ([, { removed, pool }]: [DeviceId, StoredDevice]): boolean => !removed && pool.length === 16;

function isCardWrong({ devices, people, memberId }: Device): boolean {
  const card = people.get(memberId)?.facts;
  if (card === undefined) return false;
  const removed = [...devices].filter(([, stored]) => stored.removed && stored.pool.length === 16).map(([, { pool }]) => pool);
  return [card.pool, ...card.morePools].some((pool) => removed.some((gone) => sameBytes(gone, pool)));
}

function rightCard(draft: Draft) {
  const { device } = draft;
  const facts = draft.people.get(device.memberId)?.facts;
  if (facts === undefined) return undefined;
  const living = [...draft.devices.entries()].filter(isLiving).map(([, { pool }]) => pool);
  const [pool, ...more] = [...living].sort((a, b) => Number(sameBytes(b, facts.pool)) - Number(sameBytes(a, facts.pool)));
  return pool && makeCard(device.hub, device.member, facts.name, pool, facts.version + 1, more);
}

const leafKeyOf = (id: DeviceId): Uint8Array => {
  const key = fromHex(id);
  if (key === undefined) throw new SessionFailure('unknown-device');
  return key;
};
