/**
 * Entries of an archive, one after the other, as what a vault is to hold. Nothing is taken on trust but that one of this
 * person's own devices wrote it: every field has its bounds all the same, and what is due to be gone is not taken.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { mailboxId, type HubId } from '#shared/ids.ts';
import { ed25519Verify, fromHex, hex, utf8 } from '#shared/sodium.ts';
import { SignedSchema } from '../../content/gen/thicket/content/v1/content_pb.ts';
import type { Kept, PastRoom, Run } from '../../content/gen/thicket/archive/v1/archive_pb.ts';
import { StoredRoomSchema, StoredVanishingSchema, type StoredItem } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { isNewer, readCard, type Card } from '../../domain/people.ts';
import { cleanName } from '../../domain/room-policy.ts';
import type { VaultKey } from '../../vault/port.ts';
import { historyChanges, keysChange, placeOf } from '../history.ts';
import { messageKey } from '../memory.ts';
import { pastRoom } from '../past-rooms.ts';
import { keptOf, MESSAGE_SCOPE } from './kept.ts';
import { settingsOf } from '../room-state.ts';
import type { EntryBody } from './stream.ts';

const MOST_PLACES = 20_000;
const MOST_ITEMS = 4096;

/** Where what is taken goes. */
export interface Into {
  get(key: VaultKey): Promise<Uint8Array | undefined>;
  put(key: VaultKey, value: Uint8Array): void;
}
/** What a device has already. */
export interface Known {
  /** Undefined for a room it did not know before anything of this was taken; else the place of the first item that was there, 0 for none. */
  boundOf(room: string, into: Into): Promise<number | undefined>;
  card(member: string): Card | undefined;
}
export const NOTHING_KNOWN: Known = { boundOf: async () => undefined, card: () => undefined };

/** While history is being taken in: what was here of a room before. */
export const boundKey = (room: string): VaultKey => ({ collection: 'settings', scope: `taking ${room}`, order: 0 });
const NONE_BEFORE = 'none';

/** What was here when the first of it was taken, however often it is begun anew. */
export async function kept(into: Into, room: string, find: () => Promise<number | undefined>): Promise<number | undefined> {
  const before = await into.get(boundKey(room));
  const text = before && new TextDecoder().decode(before);
  if (text !== undefined) return text === NONE_BEFORE ? undefined : Number(text);
  const found = await find();
  into.put(boundKey(room), utf8(found === undefined ? NONE_BEFORE : String(found)));
  return found;
}

export class HistoryTaking {
  readonly #hub: HubId;
  readonly #now: number;
  readonly #known: Known;
  /** By room: below which place items are taken. */
  readonly #bounds = new Map<string, number>();
  /** The last place taken, by scope. */
  readonly #last = new Map<string, number>();
  /** Places of messages that were due, by scope. */
  readonly #gone = new Map<string, Set<number>>();
  readonly cards = new Map<string, Card>();

  constructor({ hub, now, known }: { hub: HubId; now: number; known: Known }) {
    this.#hub = hub;
    this.#now = now;
    this.#known = known;
  }

  /** Rooms that something was taken of. */
  get rooms(): readonly string[] {
    return [...this.#bounds.keys()];
  }

  async take(entry: EntryBody, into: Into): Promise<void> {
    if (entry.case === 'card') this.#takeCard(readCard(entry.value, this.#hub, ed25519Verify), into);
    else if (entry.case === 'room') await this.#takeRoom(entry.value, into);
    else if (entry.case === 'run') await this.#takeRun(entry.value, into);
    else if (entry.case === 'kept') await this.#takeKept(entry.value, into);
  }

  #takeCard(card: Card | undefined, into: Into): void {
    const member = card && hex(card.facts.memberKey);
    if (card === undefined || member === undefined || !isNewer(card, this.cards.get(member) ?? this.#known.card(member))) return;
    this.cards.set(member, card);
    into.put({ collection: 'people', scope: member, order: 0 }, toBinary(SignedSchema, card.signed));
  }

  async #takeRoom({ id, mailbox, past, readSeq, joinedSeq, choices }: PastRoom, into: Into): Promise<void> {
    const room = past && past.places.length <= MOST_PLACES && fromHex(id)?.length === 16 && mailboxId(mailbox) !== undefined ? pastRoom(past) : undefined;
    if (past === undefined || room === undefined || this.#bounds.has(id) || settingsOf(room).devicesOf.length > 0) return;
    const first = await this.#known.boundOf(id, into);
    this.#bounds.set(id, first ?? Number.MAX_SAFE_INTEGER);
    if (first !== undefined) return;
    const stored = create(StoredRoomSchema, {
      past, mailbox, readSeq, joinedSeq, opened: true, name: cleanName(settingsOf(room).name), ...(choices && { choices }),
    });
    into.put({ collection: 'rooms', scope: id, order: 0 }, toBinary(StoredRoomSchema, stored));
  }

  async #takeRun({ scope, run, root }: Run, into: Into): Promise<void> {
    const bound = MESSAGE_SCOPE.test(scope) ? this.#bounds.get(scope.slice(0, 32)) : undefined;
    if (bound === undefined || run === undefined || run.items.length > MOST_ITEMS) return;
    // A thread goes with the message above it: without that nothing would find it again.
    if (root > 0n && this.#gone.get(scope.slice(0, 32))?.has(Number(root)) === true) return;
    const items = run.items.filter((item) => this.#isWanted(scope, item, bound));
    if (items.length === 0) return;
    for (const change of historyChanges(scope, items)) if ('put' in change) into.put(change.put, change.value);
    const messages = items.flatMap(({ item, place }) => (item.case === 'message' ? [{ ...item.value, place: Number(place) }] : []));
    await addKeys(into, scope.slice(0, 32), placeOf(items.at(-1) as StoredItem), messages.map(({ sender, id }) => messageKey(sender, id)));
    for (const { vanishesAtMs, place } of messages) if (vanishesAtMs > 0n) await addDue(into, { scope, root, place }, vanishesAtMs);
  }

  #isWanted(scope: string, item: StoredItem, bound: number): boolean {
    const place = placeOf(item);
    if (!Number.isSafeInteger(place) || place <= (this.#last.get(scope) ?? -1) || place >= bound || item.item.case === undefined) return false;
    this.#last.set(scope, place);
    if (!isOver(item, this.#now)) return item.item.case !== 'message' || (item.item.value.id.length === 16 && item.item.value.sender.length === 32);
    const gone = this.#gone.get(scope) ?? new Set();
    this.#gone.set(scope, gone.add(place));
    return false;
  }

  async #takeKept(kept: Kept, into: Into): Promise<void> {
    const known = keptOf(kept);
    if (known === undefined) return;
    const order = Number(kept.order);
    const key = { collection: known.collection, scope: kept.scope, order };
    const bound = known.room === undefined ? undefined : this.#bounds.get(known.room);
    if (known.room !== undefined && bound === undefined) return;
    const isOfMessage = ['notes', 'bookmarks', 'pins', 'threads'].includes(known.collection);
    if (isOfMessage && (order >= (bound ?? 0) || this.#gone.get(kept.scope)?.has(order) === true)) return;
    // What this device says of itself is newer.
    if (!isOfMessage && (await into.get(key)) !== undefined) return;
    into.put(key, kept.value);
  }
}

/** Due to be gone. */
export const isOver = ({ item }: StoredItem, now: number): boolean =>
  item.case === 'message' && item.value.vanishesAtMs > 0n && Number(item.value.vanishesAtMs) <= now;

/** Of a room and its threads alike; two runs may end at the same place. */
async function addKeys(into: Into, room: string, place: number, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const change = keysChange(room, place, keys);
  if (!('put' in change)) return;
  const there = await into.get(change.put);
  into.put(change.put, there === undefined ? change.value : Uint8Array.of(...there, ...change.value));
}

async function addDue(into: Into, { scope, root, place }: { scope: string; root: bigint; place: number }, atMs: bigint): Promise<void> {
  const key: VaultKey = { collection: 'vanishing', scope: '', order: Math.ceil(Number(atMs) / 1000) };
  if (!Number.isSafeInteger(key.order)) return;
  const there = await into.get(key);
  const places = there === undefined ? [] : fromBinary(StoredVanishingSchema, there).places;
  into.put(key, toBinary(StoredVanishingSchema, create(StoredVanishingSchema, { places: [...places, { room: scope.slice(0, 32), scope, place: BigInt(place), root }] })));
}
