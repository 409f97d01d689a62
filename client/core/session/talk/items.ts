/** Messages as people are shown them: what the vault has of each and beside it, and what this device has still to send. */
import { create, fromBinary } from '@bufbuild/protobuf';
import type { Mention as SentMention, MessageRef, RoomSettings } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredNotesSchema, type StoredItem, type StoredMessage, type StoredNotes, type StoredThread } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import type { Noted } from '../../domain/notes.ts';
import { includesKey, sameBytes } from '../../domain/signing.ts';
import { mayDelete, mayEdit, mayPin, names } from '../../domain/talk-rules.ts';
import { hex } from '#shared/sodium.ts';
import type { Mention, MessageItem, MessagePlace, MessageState, Person, Quote, RoomId, ThreadState } from '../api.ts';
import type { Device } from '../device.ts';
import { placeOf, readHistory } from '../history.ts';
import { messageKey } from '../memory.ts';
import { settingsOf, type RoomState } from '../room-state.ts';
import { isPast } from '../rooms/rules.ts';
import { sharedFile } from '../shared-file.ts';
import { messageFrom } from './messages.ts';
import { placeFrom, refOf, scopeOf } from './scopes.ts';
import { messagesIn, remarksIn, unsentIn, withRemarks, type Remarks, type Unsent } from './unsent.ts';

/** Places of a room before its last one that count as its end. */
const NEAR_THE_END = 512;

/** As they look in a room. */
type Named = (memberKey: Uint8Array, room: RoomId) => Person;

/** A room, or a thread of it, and what of it waits to be sent. */
interface Shown {
  readonly state: RoomState;
  readonly person: (memberKey: Uint8Array) => Person;
  readonly scope: string;
  readonly thread: MessagePlace | undefined;
  readonly settings: RoomSettings;
  readonly unsent: readonly Unsent[];
  readonly remarks: Remarks;
  readonly readers: ReadonlyMap<string, number>;
}

export class Items {
  readonly #device: Device;
  readonly #person: Named;

  constructor(device: Device, person: Named) {
    this.#device = device;
    this.#person = person;
  }

  shown(state: RoomState, thread?: MessagePlace): Shown {
    const unsent = unsentIn(this.#device.outbox, state.id);
    return {
      state, thread, person: (key) => this.#person(key, state.id), scope: scopeOf(state.id, thread && refOf(thread)), settings: settingsOf(state.room), unsent, remarks: remarksIn(unsent),
      readers: (state.choices.receipts ? this.#device.readers.get(state.id) : undefined) ?? new Map(),
    };
  }

  /** Those of the stored items that are messages, by their place. */
  async of(shown: Shown, stored: readonly StoredItem[]): Promise<Map<number, MessageItem>> {
    const places = stored.filter(({ item }) => item.case === 'message').map(placeOf);
    const notes = await this.#notes(shown, places);
    const at = new Map(stored.map((item) => [placeOf(item), item]));
    const items = new Map<number, MessageItem>();
    for (const { item, place } of stored) {
      if (item.case !== 'message') continue;
      const seq = Number(place);
      const noted = this.#withRemarks(shown, { message: item.value, notes: notes.get(seq) ?? create(StoredNotesSchema) });
      items.set(seq, await this.#item(shown, noted, seq, 'sent', at));
    }
    return items;
  }

  /** What was written here, or in this thread, and has not come back in the log. */
  async unsent(shown: Shown): Promise<MessageItem[]> {
    const items: MessageItem[] = [];
    for (const { item, content } of messagesIn(shown.unsent, shown.state.id, shown.scope)) {
      const message = messageFrom(content, this.#device.member.key);
      if (message === undefined) continue;
      const seq = item.acknowledgedSeq > 0n ? Number(item.acknowledgedSeq) : undefined;
      const noted = this.#withRemarks(shown, { message, notes: create(StoredNotesSchema) });
      items.push(await this.#item(shown, noted, seq, item.failed ? 'failed' : seq === undefined ? 'sending' : 'sent', new Map()));
    }
    return items;
  }

  async #notes({ state, scope }: Shown, places: readonly number[]): Promise<Map<number, StoredNotes>> {
    if (places.length === 0) return new Map();
    const [from, to] = [Math.min(...places), Math.max(...places)];
    // To the end, where it is near: that is what the vault has at hand when the next message comes.
    const isNear = to + NEAR_THE_END >= (this.#device.lastPlaces.get(state.id) ?? 0);
    const kept = await this.#device.vault.range('notes', scope, isNear ? { from } : { from, to });
    return new Map(kept.map(({ order, value }) => [order, fromBinary(StoredNotesSchema, value)]));
  }

  #withRemarks({ remarks, settings }: Shown, noted: Noted): Noted {
    const about = remarks.size === 0 ? undefined : remarks.get(messageKey(noted.message.sender, noted.message.id));
    return about === undefined ? noted : withRemarks(noted, about, settings, this.#device.member.key);
  }

  async #item(shown: Shown, noted: Noted, seq: number | undefined, state: MessageState, near: ReadonlyMap<number, StoredItem>): Promise<MessageItem> {
    const { message, notes } = noted;
    const me = this.#device.member.key;
    const at = Number(message.sentAtMs);
    const id = hex(message.id);
    const sender = shown.person(message.sender);
    return {
      kind: 'message', id, seq, sender, at, state,
      place: seq === undefined ? undefined : { id, sender: sender.id, seq, ...(shown.thread && { thread: shown.thread }) },
      text: message.text,
      mentions: this.mentions(shown, message.mentions),
      namesMe: names(message.mentions, me),
      file: sharedFile(message.file, message.forwarded ? undefined : at),
      replyTo: message.replyTo && (await this.#quote(shown, message.replyTo, near)),
      thread: notes.thread && this.threadState(shown, notes.thread),
      reactions: notes.reactions.map(({ emoji, by }) => ({ emoji, people: by.map(shown.person), mine: includesKey(by, me) })),
      edited: message.editedAtMs > 0n,
      deletedBy: message.gone ? shown.person(notes.deletedBy.length > 0 ? notes.deletedBy : message.sender) : undefined,
      pinned: notes.pinnedBy.length > 0,
      bookmarked: notes.bookmarked,
      forwarded: message.forwarded,
      vanishesAt: message.vanishesAtMs > 0n ? Number(message.vanishesAtMs) : undefined,
      readBy: sender.isMe && seq !== undefined ? this.#readBy(shown, seq) : [],
      may: this.#may(shown, message),
    };
  }

  #may({ state, settings }: Shown, message: StoredMessage): MessageItem['may'] {
    const me = this.#device.member.key;
    if (isPast(state, this.#device)) return { edit: false, delete: false, pin: false };
    return { edit: mayEdit(settings, message, me), delete: mayDelete(settings, message, me), pin: mayPin(settings, message, me) };
  }

  mentions({ person }: Pick<Shown, 'person'>, mentions: readonly SentMention[]): Mention[] {
    return mentions.map(({ start, length, member }) => ({ start, length, person: member.length === 0 ? undefined : person(member) }));
  }

  threadState({ person }: Pick<Shown, 'person'>, { replies, lastAtMs, writers, followed, readSeq, unread, mentions }: StoredThread): ThreadState {
    return { replies, lastAt: Number(lastAtMs), writers: writers.map(person), followed, readTo: Number(readSeq), unread, mentions };
  }

  #readBy({ readers, thread, person }: Shown, seq: number): Person[] {
    if (thread !== undefined) return [];
    return [...readers].filter(([member, read]) => read >= seq && member !== this.#device.memberId).map(([member]) => this.#device.people.get(member)?.facts.memberKey)
      .filter((key) => key !== undefined).map(person);
  }

  /** What is answered: in the same timeline; in a thread, it may be the message above it. */
  async quote(state: RoomState, thread: MessagePlace | undefined, ref: MessageRef): Promise<Quote> {
    return this.#quote(this.shown(state, thread), ref, new Map());
  }
  async #quote(shown: Shown, ref: MessageRef, near: ReadonlyMap<number, StoredItem>): Promise<Quote> {
    const message = await this.#answered(shown, ref, near);
    const noted = message && this.#withRemarks(shown, { message, notes: create(StoredNotesSchema) });
    const said = noted?.message.gone === false ? noted.message : undefined;
    const isAbove = shown.thread !== undefined && shown.thread.id === hex(ref.id);
    return {
      place: placeFrom(ref, isAbove ? undefined : shown.thread),
      sender: shown.person(ref.sender),
      text: said?.text,
      file: said && sharedFile(said.file, said.forwarded ? undefined : Number(said.sentAtMs)),
    };
  }

  async #answered({ state, scope, unsent }: Shown, ref: MessageRef, near: ReadonlyMap<number, StoredItem>): Promise<StoredMessage | undefined> {
    const place = Number(ref.seq);
    const isIt = (stored: StoredItem | undefined) => (stored?.item.case === 'message' && sameBytes(stored.item.value.id, ref.id) && sameBytes(stored.item.value.sender, ref.sender) ? stored.item.value : undefined);
    const here = isIt(near.get(place)) ?? [...near.values()].map(isIt).find((message) => message !== undefined);
    if (here !== undefined) return here;
    for (const where of scope === state.id ? [scope] : [scope, state.id]) {
      const [stored] = await readHistory(this.#device.vault, where, { from: place, to: place, limit: 1 });
      const found = isIt(stored);
      if (found !== undefined) return found;
    }
    const own = unsent.find(({ content }) => sameBytes(content.id, ref.id) && sameBytes(ref.sender, this.#device.member.key));
    return own && messageFrom(own.content, ref.sender);
  }
}
