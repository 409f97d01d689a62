/**
 * One timeline, of a room or of a thread, kept fresh for the screen. However many events come, it reads once at a time and
 * shows what it read once in a frame; what is new is there before the next one is painted.
 */
import type { MessageItem, MessagePlace, RoomId, Session, SessionEvent, SessionFailureCode, TimelineItem } from '#core/session/api.ts';
import { codeOf } from '../../app/live.ts';
import { around, highest, lowest, NOTHING, opened, touches, withChanged, withNewer, withNewest, withOlder, type Stretch } from './window.ts';

const PAGE = 60;
/** What is read of what was read already, where something after it is unread. */
const BEFORE = 24;
/** What is read at an event: rarely more than this is new. */
const FRESH = 24;
const MANY = 240;

export interface Timeline extends Stretch {
  /** False until the first page is here. */
  readonly ready: boolean;
  readonly failure: SessionFailureCode | undefined;
}

/** Calls back before the next frame is painted; soon, where nothing is painted. */
export const nextFrame = (work: () => void): void => {
  if (document.visibilityState === 'visible') requestAnimationFrame(work);
  else setTimeout(work, 30);
};

type Change = (old: Stretch) => Stretch;

export class TimelineStore {
  readonly #session: Pick<Session, 'timeline' | 'itemsAt' | 'subscribe'>;
  readonly #room: RoomId;
  readonly #thread: MessagePlace | undefined;
  readonly #frame: (work: () => void) => void;
  readonly #listeners = new Set<() => void>();
  #shown: Timeline = { ...NOTHING, ready: false, failure: undefined };
  #atEnd = true;
  #reading = false;
  #loading = false;
  #stale = true;
  #stopped = true;
  /** Where the first reading begins. */
  #from: number | undefined;
  readonly #changed = new Set<number>();

  constructor(session: Pick<Session, 'timeline' | 'itemsAt' | 'subscribe'>, room: RoomId, thread?: MessagePlace, frame = nextFrame) {
    this.#session = session;
    this.#room = room;
    this.#thread = thread;
    this.#frame = frame;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
  readonly snapshot = (): Timeline => this.#shown;

  /** Reads, and follows what happens. @param from a place to begin around; undefined: the newest @returns how to stop */
  start(from?: number): () => void {
    this.#stopped = false;
    this.#from = this.#shown.ready ? undefined : from;
    this.#stale = true;
    const unsubscribe = this.#session.subscribe((event) => this.#hear(event));
    this.#pump();
    return () => {
      this.#stopped = true;
      unsubscribe();
    };
  }

  /** Whether the newest is what the person looks at. */
  set atEnd(atEnd: boolean) {
    this.#atEnd = atEnd;
  }

  readonly loadOlder = (): void => {
    const before = lowest(this.#shown.items);
    if (!this.#shown.older || before === undefined) return;
    this.#load(async () => {
      const page = await this.#page({ before });
      return (old) => withOlder(old, page);
    });
  };
  readonly loadNewer = (): void => {
    const after = highest(this.#shown.items);
    if (!this.#shown.newer || after === undefined) return;
    this.#load(async () => {
      const page = await this.#page({ after });
      this.#stale ||= !page.more;
      return (old) => withNewer(old, page);
    });
  };

  /** Leads back to the newest, wherever one is. */
  async showNewest(): Promise<void> {
    if (!this.#shown.newer) return;
    const page = await this.#page({});
    this.#show(() => ({ items: page.items, older: page.more, newer: false }));
  }

  /** Loads what stands around a place, unless it is there. @returns the seq of the item there, or of the next one; undefined: there is none */
  async showAt(seq: number): Promise<number | undefined> {
    if (!this.#holds(seq)) {
      const [before, after] = await Promise.all([this.#page({ before: seq }), this.#page({ after: seq - 1 })]);
      this.#show(() => around(before, after));
      if (!after.more) this.loadNewer();
    }
    return this.#shown.items.find((item) => item.seq !== undefined && item.seq >= seq)?.seq ?? highest(this.#shown.items);
  }
  #holds(seq: number): boolean {
    const { items, older, newer } = this.#shown;
    return (items.some((item) => item.seq === seq)) || ((lowest(items) ?? Infinity) <= seq || !older) && ((highest(items) ?? -1) >= seq || !newer);
  }

  #page(where: { before?: number; after?: number }, limit = PAGE) {
    return this.#session.timeline(this.#room, { ...where, limit, ...(this.#thread === undefined ? {} : { thread: this.#thread }) });
  }

  #hear(event: SessionEvent): void {
    if (event.changed === 'timeline' && event.room === this.#room && event.thread === this.#thread?.id) this.#stale = true;
    else if (event.changed === 'messages' && event.room === this.#room && event.thread === this.#thread?.id) {
      for (const seq of event.seqs) this.#changed.add(seq);
    } else return;
    this.#pump();
  }

  /** Reads what is stale, one reading a frame. */
  #pump(): void {
    if (this.#reading || this.#stopped || !this.#wanted()) return;
    this.#reading = true;
    void this.#read().then(
      (change) => this.#show(change),
      (error: unknown) => this.#fail(error),
    ).finally(() => this.#frame(() => {
      this.#reading = false;
      this.#pump();
    }));
  }
  #wanted(): boolean {
    // Away from the end what is new there is not looked at.
    if (this.#shown.newer) this.#stale = false;
    const mine = new Set(this.#shown.items.map(({ seq }) => seq));
    for (const seq of this.#changed) if (!mine.has(seq)) this.#changed.delete(seq);
    return this.#stale || this.#changed.size > 0;
  }
  async #read(): Promise<Change> {
    const from = this.#from;
    this.#from = undefined;
    if (from !== undefined) return this.#opening(from);
    const seqs = [...this.#changed];
    const stale = this.#stale;
    this.#changed.clear();
    this.#stale = false;
    const [items, page] = await Promise.all([seqs.length > 0 ? this.#items(seqs) : [], stale ? this.#newest() : undefined] as const);
    return (old) => {
      const changed = seqs.length > 0 ? withChanged(old, seqs, items) : old;
      return page === undefined ? changed : withNewest(changed, page, this.#atEnd);
    };
  }
  async #opening(from: number): Promise<Change> {
    this.#stale = false;
    const [before, after] = await Promise.all([this.#page({ before: from + 1 }, BEFORE), this.#page({ after: from })]);
    return () => opened(before, after);
  }
  #items(seqs: readonly number[]): Promise<readonly MessageItem[]> {
    return this.#thread === undefined ? this.#session.itemsAt(this.#room, seqs) : this.#session.itemsAt(this.#room, seqs, this.#thread);
  }
  async #newest() {
    const page = await this.#page({}, this.#shown.ready ? FRESH : PAGE);
    return touches(this.#shown, page) ? page : this.#page({}, MANY);
  }

  #load(work: () => Promise<Change>): void {
    if (this.#loading) return;
    this.#loading = true;
    void work().then((change) => this.#show(change), (error: unknown) => this.#fail(error)).finally(() => {
      this.#loading = false;
      this.#pump();
    });
  }

  #show(change: Change): void {
    if (this.#stopped) return;
    const stretch = change(this.#shown);
    if (stretch === this.#shown) return;
    this.#tell({ ...stretch, ready: true, failure: undefined });
  }
  #fail(error: unknown): void {
    if (!this.#stopped) this.#tell({ ...this.#shown, failure: codeOf(error) });
  }
  #tell(timeline: Timeline): void {
    this.#shown = timeline;
    for (const listener of this.#listeners) listener();
  }
}

/** What stands in memory of a message, by its place. */
export const itemAt = (items: readonly TimelineItem[], seq: number): MessageItem | undefined =>
  items.find((item): item is MessageItem => item.kind === 'message' && item.seq === seq);
