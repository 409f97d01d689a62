/** A room's timeline, and its threads', read in pieces. */
import { create, fromBinary } from '@bufbuild/protobuf';
import { hex } from '#shared/sodium.ts';
import type { MessageRef } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredBookmarkSchema, StoredNotesSchema, StoredPinSchema, type StoredItem, type StoredMessage } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import type { MessageItem, MessagePlace, MessageVersion, PlacedMessage, RoomId, SavedDraft, ThreadSummary, TimelineItem, TimelinePage } from '../api.ts';
import type { Device } from '../device.ts';
import { placeOf, readHistory, runItems } from '../history.ts';
import type { RoomState } from '../room-state.ts';
import type { Items } from './items.ts';
import { placeFrom, refOf, roomOf, scopeOf } from './scopes.ts';

const PAGE = 60;
/** Asked for one by one; more are read by pages. */
const MOST_AT_ONCE = 500;

export interface TimelineParts {
  readonly items: Items;
  /** @throws SessionFailure `unknown-room` */
  room(id: RoomId): RoomState;
  event(room: RoomId, item: StoredItem): TimelineItem | undefined;
}

export class Timeline {
  readonly #device: Device;
  readonly #parts: TimelineParts;

  constructor(device: Device, parts: TimelineParts) {
    this.#device = device;
    this.#parts = parts;
  }

  async page(id: RoomId, { before, after, limit = PAGE, thread }: { before?: number; after?: number; limit?: number; thread?: MessagePlace } = {}): Promise<TimelinePage> {
    const shown = this.#parts.items.shown(this.#parts.room(id), thread);
    const found = after === undefined
      ? await readHistory(this.#device.vault, shown.scope, { newestFirst: true, limit: limit + 1, ...(before !== undefined && { to: before - 1 }) })
      : await readHistory(this.#device.vault, shown.scope, { from: after + 1, limit: limit + 1 });
    const here = found.slice(0, limit);
    const items = await this.#shown(id, thread, after === undefined ? here.reverse() : here);
    const more = found.length > limit;
    const isEnd = before === undefined && (after === undefined || !more);
    return { items: isEnd ? [...items, ...(await this.#parts.items.unsent(shown))] : items, more };
  }

  async since(id: RoomId, since: number, thread?: MessagePlace): Promise<readonly TimelineItem[]> {
    const { scope } = this.#parts.items.shown(this.#parts.room(id), thread);
    return this.#shown(id, thread, await readHistory(this.#device.vault, scope, { from: since + 1 }));
  }

  async #shown(id: RoomId, thread: MessagePlace | undefined, stored: readonly StoredItem[]): Promise<TimelineItem[]> {
    const messages = await this.#parts.items.of(this.#parts.items.shown(this.#parts.room(id), thread), stored);
    return withoutRepeats(stored.map((item) => messages.get(placeOf(item)) ?? this.#parts.event(id, item)).filter((item) => item !== undefined));
  }

  /** The messages at these places; what has not come back in the log is among them by the place it was given. */
  async at(id: RoomId, seqs: readonly number[], thread?: MessagePlace): Promise<MessageItem[]> {
    const shown = this.#parts.items.shown(this.#parts.room(id), thread);
    const wanted = new Set([...seqs].sort((a, b) => a - b).slice(0, MOST_AT_ONCE));
    const stored: StoredItem[] = [];
    const read = new Set<number>();
    for (const seq of wanted) {
      if (read.has(seq)) continue;
      const [run] = await this.#device.vault.range('messages', shown.scope, { from: seq, limit: 1 });
      for (const item of run === undefined ? [] : runItems(run.value)) {
        read.add(placeOf(item));
        if (wanted.has(placeOf(item))) stored.push(item);
      }
    }
    const unsent = (await this.#parts.items.unsent(shown)).filter(({ seq }) => seq !== undefined && wanted.has(seq));
    return [...(await this.#parts.items.of(shown, stored)).values(), ...unsent];
  }

  async #one(id: RoomId, seq: number, thread?: MessagePlace): Promise<MessageItem | undefined> {
    return (await this.at(id, [seq], thread))[0];
  }

  /** By the senders' clocks, which may be wrong: near enough for a jump. */
  async seqAt(id: RoomId, at: number): Promise<number | undefined> {
    this.#parts.room(id);
    const [newest] = await this.#device.vault.range('messages', id, { newestFirst: true, limit: 1 });
    if (newest === undefined) return undefined;
    // The first run whose last message is not before the moment.
    let [from, to] = [0, newest.order];
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      const [run] = await this.#device.vault.range('messages', id, { from: middle, limit: 1 });
      const items = run === undefined ? [] : runItems(run.value);
      const last = items.findLast(({ item }) => item.case === 'message');
      if (run !== undefined && (last === undefined || timeOf(last) < at)) from = run.order + 1;
      else to = middle;
    }
    for (const item of await readHistory(this.#device.vault, id, { from, limit: 256 })) if (item.item.case === 'message' && timeOf(item) >= at) return placeOf(item);
    return undefined;
  }

  async versions(id: RoomId, place: MessagePlace): Promise<MessageVersion[]> {
    const { items } = this.#parts;
    const shown = items.shown(this.#parts.room(id), place.thread);
    const kept = await this.#device.vault.get({ collection: 'notes', scope: shown.scope, order: place.seq });
    const notes = kept === undefined ? create(StoredNotesSchema) : fromBinary(StoredNotesSchema, kept);
    const [stored] = await readHistory(this.#device.vault, shown.scope, { from: place.seq, to: place.seq, limit: 1 });
    if (stored?.item.case !== 'message') return [];
    const message = stored.item.value;
    const before = notes.versions.map(({ text, mentions, atMs }) => ({ text, mentions: items.mentions(shown, mentions), at: Number(atMs) }));
    return message.gone ? [] : [...before, { text: message.text, mentions: items.mentions(shown, message.mentions), at: Number(message.editedAtMs || message.sentAtMs) }];
  }

  // ---------------------------------------------------------------- lists of messages out of their place

  async pins(id: RoomId): Promise<PlacedMessage[]> {
    this.#parts.room(id);
    const pins = (await this.#device.vault.range('pins', id)).map(({ order, value }) => ({ order, pin: fromBinary(StoredPinSchema, value) }));
    const placed = await Promise.all(pins.sort((a, b) => Number(b.pin.pinnedSeq - a.pin.pinnedSeq)).map(({ order, pin }) => this.#placed(id, order, pin.thread)));
    return placed.filter((one) => one !== undefined);
  }

  async bookmarks(): Promise<PlacedMessage[]> {
    const kept = (await this.#device.vault.all('bookmarks')).map(({ scope, order, value }) => ({ scope, order, bookmark: fromBinary(StoredBookmarkSchema, value) }));
    const placed = await Promise.all(kept.sort((a, b) => Number(b.bookmark.atMs - a.bookmark.atMs))
      .filter(({ scope }) => this.#device.rooms.has(roomOf(scope))).map(({ scope, order, bookmark }) => this.#placed(roomOf(scope), order, bookmark.thread)));
    return placed.filter((one) => one !== undefined);
  }

  async #placed(room: RoomId, seq: number, ref: MessageRef | undefined): Promise<PlacedMessage | undefined> {
    const thread = ref && placeFrom(ref);
    const item = await this.#one(room, seq, thread);
    return item && { room, thread, item };
  }

  async threads(): Promise<ThreadSummary[]> {
    const found: ThreadSummary[] = [];
    for (const { scope: room, order } of await this.#device.vault.all('threads')) {
      const root = this.#device.rooms.has(room) ? await this.#one(room, order) : undefined;
      if (root?.thread?.followed === true) found.push({ ...root.thread, room, root });
    }
    return found.sort((a, b) => Number(b.unread > 0) - Number(a.unread > 0) || b.lastAt - a.lastAt);
  }

  async draft(id: RoomId, thread: MessagePlace | undefined): Promise<SavedDraft | undefined> {
    const state = this.#parts.room(id);
    const begun = this.#device.begun.get(scopeOf(id, thread && refOf(thread)));
    if (begun === undefined) return undefined;
    const mentions = (begun.text?.mentions ?? []).map(({ start, length, member }) => ({ start, length, member: member.length === 0 ? undefined : hex(member) }));
    return { text: begun.text?.text ?? '', mentions, replyTo: begun.replyTo && (await this.#parts.items.quote(state, thread, begun.replyTo)) };
  }
}



const timeOf = ({ item }: StoredItem): number => Number((item.value as StoredMessage).sentAtMs);

/** A run of hidden records is one line. */
function withoutRepeats(items: readonly TimelineItem[]): TimelineItem[] {
  const hidden = (item: TimelineItem | undefined) => item?.kind === 'event' && item.event.what === 'hidden-record';
  return items.filter((item, index) => !(hidden(item) && hidden(items[index - 1])));
}
