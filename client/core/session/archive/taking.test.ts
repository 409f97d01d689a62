/** Rosa's new device takes in what her other one wrote, and is cut off in the middle of it. */
import { create, toBinary } from '@bufbuild/protobuf';
import { beforeAll, expect, it } from 'vitest';
import type { HubId } from '#shared/ids.ts';
import { hex, randomBytes, sodiumReady } from '#shared/sodium.ts';
import { PastRoomSchema, RunSchema } from '../../content/gen/thicket/archive/v1/archive_pb.ts';
import { RoomSettingsSchema } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredItemSchema, StoredPastSchema, StoredRunSchema } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import type { VaultKey } from '../../vault/port.ts';
import { placeOf, runItems } from '../history.ts';
import type { EntryBody } from './stream.ts';
import { HistoryTaking, kept, type Into, type Known } from './taking.ts';

beforeAll(() => sodiumReady());

const hub = new Uint8Array(16).fill(9) as HubId;
const mailbox = new Uint8Array(16).fill(3);
const id = hex(mailbox);

const room: EntryBody = {
  case: 'room',
  value: create(PastRoomSchema, { id, mailbox, past: create(StoredPastSchema, { settings: toBinary(RoomSettingsSchema, create(RoomSettingsSchema, { name: 'Stairwell B' })), epoch: 1n, wasActive: true }) }),
};
const run = (...places: number[]): EntryBody => {
  const items = places.map((place) => create(StoredItemSchema, { place: BigInt(place), item: { case: 'message', value: { id: randomBytes(16), sender: new Uint8Array(32), text: `${place}` } } }));
  return { case: 'run', value: create(RunSchema, { scope: id, run: create(StoredRunSchema, { items }) }) };
};

/** A vault, as far as it matters here; what is in it outlives the device that was cut off. */
class Shelf implements Into {
  readonly entries = new Map<string, Uint8Array>();
  readonly #name = ({ collection, scope, order }: VaultKey): string => `${collection}/${scope}/${order}`;
  async get(key: VaultKey): Promise<Uint8Array | undefined> {
    return this.entries.get(this.#name(key));
  }
  put(key: VaultKey, value: Uint8Array): void {
    this.entries.set(this.#name(key), value);
  }
  get places(): number[] {
    return [...this.entries].filter(([name]) => name.startsWith('messages/')).flatMap(([, value]) => runItems(value).map(placeOf)).sort((a, b) => a - b);
  }
  /** As a device knows it that was just started. */
  known(): Known {
    const rooms = [...this.entries.keys()].filter((name) => name.startsWith('rooms/'));
    const [first] = this.places;
    return { card: () => undefined, boundOf: (of, into) => kept(into, of, async () => (rooms.length === 0 ? undefined : first ?? 0)) };
  }
}
async function take(shelf: Shelf, entries: readonly EntryBody[]): Promise<void> {
  const taking = new HistoryTaking({ hub, now: 1, known: shelf.known() });
  for (const entry of entries) await taking.take(entry, shelf);
}

it('is cut off, begins anew and has all of it', async () => {
  const all = [room, run(1, 2, 3), run(4, 5), run(6)];
  for (let cut = 1; cut <= all.length; cut += 1) {
    const shelf = new Shelf();
    await take(shelf, all.slice(0, cut));
    await take(shelf, all);
    expect(shelf.places, `cut after ${cut}`).toEqual([1, 2, 3, 4, 5, 6]);
  }
});

it('in a room it is in takes what was before its own, and leaves its own', async () => {
  const all = [room, run(1, 2), run(3, 4), run(5, 6, 7)];
  for (let cut = 1; cut <= all.length; cut += 1) {
    const shelf = new Shelf();
    shelf.put({ collection: 'rooms', scope: id, order: 0 }, randomBytes(8));
    const own = run(6, 7, 8);
    if (own.case === 'run') shelf.put({ collection: 'messages', scope: id, order: 8 }, toBinary(StoredRunSchema, own.value.run ?? create(StoredRunSchema)));
    await take(shelf, all.slice(0, cut));
    await take(shelf, all);
    expect(shelf.places, `cut after ${cut}`).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  }
});
