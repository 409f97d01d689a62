/** The made-up session's conversation: threads, reactions, edits, pins and the rest, kept in memory and told like the real one. */
import type { MessageItem, MessagePlace, OutgoingText, Person, PlacedMessage, RoomChoices, RoomSummary, SavedDraft, Session, SessionEvent, TalkCalls, TimelineItem } from '#core/session/api.ts';
import { plainMessage } from '#core/session/api/plain-message.ts';
import { asha, layla, me, nextSeq, noa, people, samir } from './story.ts';

export interface FakeRoom {
  readonly id: string;
  name: string;
  members: string[];
  items: TimelineItem[];
  unread: number;
  active: boolean;
}
type Room = Omit<FakeRoom, 'name' | 'active'>;
export interface FakeHub {
  readonly rooms: readonly FakeRoom[];
  readonly find: (id: string) => FakeRoom;
  readonly tell: (event: SessionEvent) => void;
  readonly deliver: (room: FakeRoom, message: string, text: string) => Promise<void>;
}

const hex = (): string => crypto.randomUUID().replaceAll('-', '');
const OFF: RoomChoices = { typing: false, receipts: false, notify: 'all' };
const may = { edit: true, delete: true, pin: true };

export class FakeTalk {
  readonly #hub: FakeHub;
  readonly #threads = new Map<string, TimelineItem[]>();
  readonly #versions = new Map<string, { text: string; mentions: MessageItem['mentions']; at: number }[]>();
  readonly #drafts = new Map<string, SavedDraft>();
  readonly #choices = new Map<string, RoomChoices>();
  readonly #typing = new Map<string, readonly Person[]>();

  constructor(hub: FakeHub) {
    this.#hub = hub;
  }

  summary(room: Room): Pick<RoomSummary, 'mentions' | 'threadsUnread' | 'notify' | 'draft' | 'mayWrite'> {
    const threadsUnread = this.#roots(room).reduce((sum, root) => sum + (root.thread?.unread ?? 0), 0);
    return { mentions: room.unread > 2 ? 1 : 0, threadsUnread, notify: this.#choices.get(room.id)?.notify ?? 'all', draft: this.#drafts.get(`${room.id} `)?.text, mayWrite: true };
  }
  #roots(room: Room): MessageItem[] {
    if (this.#threads.size === 0) return [];
    if (room.items.length > 1_000) return [];
    return room.items.filter((item): item is MessageItem => item.kind === 'message' && item.thread !== undefined);
  }

  /** Puts some life into the first room. */
  liven(room: Room): void {
    const messages = room.items.filter((item): item is MessageItem => item.kind === 'message');
    const change = (index: number, what: Partial<MessageItem>): void => this.#change(room, messages.at(index) as MessageItem, () => what);
    change(0, { reactions: [{ emoji: '😮', people: [noa, layla, asha], mine: false }, { emoji: '😠', people: [me], mine: true }], pinned: true });
    change(4, { edited: true });
    change(5, { reactions: [{ emoji: '💪🏽', people: [samir, me, layla], mine: true }] });
    const answered = messages.at(8) as MessageItem;
    change(12, { replyTo: { place: answered.place as MessagePlace, sender: answered.sender, text: answered.text, file: undefined } });
    change(-1, { readBy: [samir, noa] });
    const root = messages.at(8) as MessageItem;
    const replies = [[noa, 'I can do doors on the third floor again.'], [layla, 'نعم، وأنا الرابع'], [me, 'Then only the ground floor is left.']] as const;
    for (const [sender, text] of replies) this.#reply(room, root.place as MessagePlace, sender, { text });
    this.#change(room, root, (now) => ({ thread: { ...(now.thread as NonNullable<MessageItem['thread']>), unread: 2 } }));
    const formatted = 'For @Rosa, in short:\n**Nobody signs.** *Nobody pays the difference.*\n- count doors\n- write names on `list-b.txt`\n> Above the cap can be refused\nMore: [the law](https://example.org/law), or bank.example: [bank.example](https://evil.example/login)';
    const said = plainMessage({ id: hex(), seq: nextSeq(), sender: asha, at: Date.now() - 240_000, text: formatted });
    room.items.push({ ...said, may: { ...may, edit: false }, namesMe: true, mentions: [{ start: 4, length: 5, person: me }] });
    room.items.push({ ...plainMessage({ id: hex(), seq: nextSeq(), sender: samir, at: Date.now() - 200_000, text: '' }), deletedBy: samir });
    room.items.push({ ...plainMessage({ id: hex(), seq: nextSeq(), sender: samir, at: Date.now() - 190_000, text: 'The notice from the other building says the same.' }), forwarded: true, bookmarked: true, may: { ...may, edit: false } });
  }

  #list(room: Room, thread: { readonly id: string } | undefined): TimelineItem[] {
    if (thread === undefined) return room.items;
    let items = this.#threads.get(thread.id);
    if (!items) this.#threads.set(thread.id, (items = []));
    return items;
  }
  #change(room: Room, at: { readonly id: string }, how: (item: MessageItem) => Partial<MessageItem>): void {
    for (const list of [room.items, ...this.#threads.values()]) {
      const index = list.findLastIndex((item) => item.id === at.id);
      const item = list[index];
      if (item?.kind !== 'message') continue;
      list[index] = { ...item, ...how(item) };
      const thread = [...this.#threads].find(([, items]) => items === list)?.[0];
      if (item.seq !== undefined) this.#hub.tell({ changed: 'messages', room: room.id, seqs: [item.seq], thread });
      return;
    }
  }
  #reply(room: Room, thread: MessagePlace, sender: Person, { text, mentions, replyTo }: OutgoingText): string {
    const id = hex();
    this.#list(room, thread).push({ ...plainMessage({ id, seq: nextSeq(), sender, at: Date.now(), text, thread }), may: { ...may, edit: sender.isMe }, mentions: named(mentions), replyTo: this.#quote(room, replyTo) });
    const replies = this.#list(room, thread);
    this.#change(room, thread, (root) => ({
      thread: { replies: replies.length, lastAt: Date.now(), writers: [sender, ...(root.thread?.writers ?? []).filter((known) => known.id !== sender.id)], followed: true, readTo: 0, unread: (root.thread?.unread ?? 0) + (sender.isMe ? 0 : 1), mentions: 0 },
    }));
    this.#hub.tell({ changed: 'timeline', room: room.id, thread: thread.id });
    this.#hub.tell({ changed: 'threads' });
    return id;
  }
  #quote(room: Room, place: MessagePlace | undefined): MessageItem['replyTo'] {
    const item = place && [room.items, ...this.#threads.values()].flatMap((list) => list.filter((known) => known.id === place.id))[0];
    return place && item?.kind === 'message' ? { place, sender: item.sender, text: item.deletedBy === undefined ? item.text : undefined, file: item.file } : undefined;
  }
  #placed(room: Room, wanted: (item: MessageItem) => boolean): PlacedMessage[] {
    return [room.items, ...this.#threads.values()].flatMap((list) => list.flatMap((item) =>
      item.kind === 'message' && wanted(item) ? [{ room: room.id, thread: item.place?.thread, item }] : [])).toReversed();
  }

  /** `perSecond` messages arrive in a room, until it is called again with 0. */
  flood = (() => {
    let timer: ReturnType<typeof setInterval> | undefined;
    return (room: Room, perSecond: number): void => {
      clearInterval(timer);
      if (perSecond === 0) return;
      let count = 0;
      const start = performance.now();
      timer = setInterval(() => {
        for (; count < ((performance.now() - start) * perSecond) / 1000; count += 1) {
          const sender = people[count % people.length] ?? samir;
          room.items.push(plainMessage({ id: hex(), seq: nextSeq(), sender, at: Date.now(), text: `Number ${count}: **${'so it goes '.repeat(count % 7)}**` }));
          room.unread += 1;
          this.#hub.tell({ changed: 'timeline', room: room.id });
          this.#hub.tell({ changed: 'rooms' });
        }
      }, 4);
    };
  })();

  calls(): TalkCalls & Pick<Session, 'timeline' | 'timelineSince' | 'markRead'> {
    const { find, rooms, tell } = this.#hub;
    const change = this.#change.bind(this);
    return {
      timeline: async (id, { before, after, limit = 60, thread } = {}) => {
        if (before !== undefined) await new Promise((resolve) => setTimeout(resolve, 120));
        const list = this.#list(find(id), thread);
        if (after !== undefined) {
          const from = firstFrom(list, after + 1);
          return { items: list.slice(from, from + limit), more: list.length > from + limit };
        }
        const to = before === undefined ? list.length : firstFrom(list, before);
        return { items: list.slice(Math.max(0, to - limit), to), more: to > limit };
      },
      timelineSince: async (id, since, thread) => this.#list(find(id), thread).filter((item) => (item.seq ?? 0) > since),
      itemsAt: async (id, seqs, thread) => this.#list(find(id), thread).filter((item): item is MessageItem => item.kind === 'message' && item.seq !== undefined && seqs.includes(item.seq)),
      seqAt: async (id, at) => find(id).items.find((item) => item.kind === 'message' && item.at >= at)?.seq,
      send: async (id, given) => {
        const room = find(id);
        const text = typeof given === 'string' ? { text: given } : given;
        if (text.thread) return this.#reply(room, text.thread, me, text);
        const message = hex();
        room.items.push({ ...plainMessage({ id: message, seq: undefined, sender: me, at: Date.now(), text: text.text, state: 'sending' }), may, mentions: named(text.mentions), replyTo: this.#quote(room, text.replyTo) });
        tell({ changed: 'timeline', room: id });
        tell({ changed: 'rooms' });
        void this.#hub.deliver(room, message, text.text);
        return message;
      },
      react: async (id, to, emoji, on) => change(find(id), to, ({ reactions }) => {
        const known = reactions.find((reaction) => reaction.emoji === emoji) ?? { emoji, people: [], mine: false };
        const now = { emoji, mine: on, people: [...known.people.filter((person) => !person.isMe), ...(on ? [me] : [])] };
        const others = reactions.includes(known) ? reactions.map((reaction) => (reaction === known ? now : reaction)) : [...reactions, now];
        return { reactions: others.filter((reaction) => reaction.people.length > 0) };
      }),
      edit: async (id, message, { text, mentions }) => change(find(id), message, (item) => {
        this.#versions.set(item.id, [...(this.#versions.get(item.id) ?? [{ text: item.text, mentions: item.mentions, at: item.at }]), { text, mentions: named(mentions), at: Date.now() }]);
        return { text, mentions: named(mentions), edited: true };
      }),
      versions: async (_, message) => this.#versions.get(message.id) ?? [
        { text: 'Thank you both. So that is two buildings at least.', mentions: [], at: Date.now() - 90_000_000 }, { text: 'Thank you both. So that is two buildings at least. Let us count doors this week before we answer anything.', mentions: [], at: Date.now() - 89_000_000 },
      ],
      deleteMessage: async (id, message) => change(find(id), typeof message === 'string' ? { id: message } : message, () => ({ deletedBy: me, text: '', reactions: [], mentions: [] })),
      pin: async (id, message, on) => {
        change(find(id), message, () => ({ pinned: on }));
        tell({ changed: 'pins', room: id });
      },
      pins: async (id) => this.#placed(find(id), ({ pinned, deletedBy }) => pinned && deletedBy === undefined),
      bookmark: async (id, message, on) => {
        change(find(id), message, () => ({ bookmarked: on }));
        tell({ changed: 'bookmarks' });
      },
      bookmarks: async () => rooms.flatMap((room) => this.#placed(room, ({ bookmarked }) => bookmarked)),
      forward: async (id, message, to) => {
        const found = find(id).items.find((item) => item.id === message.id);
        for (const room of to.map(find)) {
          if (found?.kind === 'message') room.items.push({ ...plainMessage({ id: hex(), seq: nextSeq(), sender: me, at: Date.now(), text: found.text, file: found.file }), forwarded: true, may });
          tell({ changed: 'timeline', room: room.id });
        }
        tell({ changed: 'rooms' });
      },
      threads: async () => rooms.flatMap((room) => this.#roots(room).map((root) => ({ ...(root.thread as NonNullable<MessageItem['thread']>), room: room.id, root }))),
      followThread: async (id, thread, on) => change(find(id), thread, ({ thread: state }) => (state ? { thread: { ...state, followed: on } } : {})),
      markRead: async (id) => this.#read(id),
      markReadTo: async (id, _, thread) => {
        if (thread === undefined) return this.#read(id);
        change(find(id), thread, ({ thread: state }) => (state ? { thread: { ...state, unread: 0 } } : {}));
        tell({ changed: 'rooms' });
        tell({ changed: 'threads' });
      },
      saveDraft: async (id, { text, mentions = [], replyTo, thread }) => {
        const key = `${id} ${thread?.id ?? ''}`;
        if (text === '') this.#drafts.delete(key);
        else this.#drafts.set(key, { text, mentions, replyTo: this.#quote(find(id), replyTo) });
        tell({ changed: 'rooms' });
      },
      draft: async (id, thread) => this.#drafts.get(`${id} ${thread?.id ?? ''}`),
      choices: async (id) => this.#choices.get(id) ?? OFF,
      setChoices: async (id, choices) => {
        this.#choices.set(id, { ...(this.#choices.get(id) ?? OFF), ...choices });
        tell({ changed: 'rooms' });
      },
      nowTyping: async (id) => {
        if (this.#typing.has(id)) return;
        this.#typing.set(id, [samir, noa]);
        tell({ changed: 'typing', room: id });
        setTimeout(() => {
          this.#typing.delete(id);
          tell({ changed: 'typing', room: id });
        }, 4_000);
      },
      typing: async (id) => this.#typing.get(id) ?? [],
    };
  }
  #read(id: string): void {
    const room = this.#hub.find(id);
    if (room.unread === 0) return;
    room.unread = 0;
    this.#hub.tell({ changed: 'rooms' });
  }
}

const named = (mentions: OutgoingText['mentions'] = []): MessageItem['mentions'] =>
  mentions.map(({ start, length, member }) => ({ start, length, person: people.find(({ id }) => id === member) }));

/** The first index whose seq is at least this; what is still sending stands at the end. */
function firstFrom(list: readonly TimelineItem[], seq: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.seq ?? Infinity) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
