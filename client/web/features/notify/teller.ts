/** Tells what is new in the rooms, one notification for each, and takes it back when it is over. */
import type { MessageItem, RoomId, RoomSummary, Session } from '#core/session/api.ts';
import { countsOf, lowered, newsIn, type Before, type Tidings } from './news.ts';
import { spokenOf, type Said } from './wording.ts';

/** What comes and is read within this time is not told. */
const SETTLE_MS = 1000;
/** A room calls aloud this often at most; between, its notification changes silently. */
const ALOUD_MS = 30_000;
/** However much came, no more is looked through for what is told. */
const MOST_READ = 50;

export interface Means {
  readonly session: Pick<Session, 'timeline' | 'threads'>;
  readonly isLookedAt: () => Promise<boolean>;
  readonly words: (room: RoomSummary, message: MessageItem | undefined) => Said;
  /** False where a notification names nothing: then nothing is read either. */
  readonly reads: boolean;
  readonly show: (tag: string, said: Said, aloud: boolean) => Promise<void>;
  /** Without a tag: all. */
  readonly takeAway: (tag?: string) => Promise<void>;
  readonly newTag: () => string;
  readonly now: () => number;
}

export class Teller {
  readonly #means: Means;
  readonly #told = new Map<RoomId, { readonly tag: string; readonly at: number }>();
  #before: Before | undefined;
  #latest: readonly RoomSummary[] = [];
  #settling: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(means: Means) {
    this.#means = means;
    // Of an earlier page, which could not.
    void means.takeAway().catch(() => undefined);
  }

  /** What is unread at the first look is not news. */
  look(rooms: readonly RoomSummary[]): void {
    this.#latest = rooms;
    if (this.#before === undefined) {
      this.#before = countsOf(rooms);
      return;
    }
    const { over } = newsIn(this.#before, rooms);
    this.#before = lowered(this.#before, rooms);
    for (const room of over) void this.#takeBack(room).catch(() => undefined);
    this.#settling ??= setTimeout(() => void this.#settle().catch(() => undefined), SETTLE_MS);
  }

  /** @returns undefined: another tab's, or of an earlier page */
  roomOf(tag: string): RoomId | undefined {
    return [...this.#told].find(([, told]) => told.tag === tag)?.[0];
  }

  /** The app was locked, or wants nothing told any more: nothing stays on the screen. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#settling);
    await this.#means.takeAway();
  }

  async #settle(): Promise<void> {
    this.#settling = undefined;
    const rooms = this.#latest;
    const { tell } = newsIn(this.#before ?? countsOf(rooms), rooms);
    this.#before = countsOf(rooms);
    if (tell.length === 0 || (await this.#means.isLookedAt())) return;
    await Promise.all(tell.map((tidings) => this.#tell(tidings)));
  }

  async #takeBack(room: RoomId): Promise<void> {
    const told = this.#told.get(room);
    if (told === undefined) return;
    this.#told.delete(room);
    await this.#means.takeAway(told.tag);
  }

  async #tell(tidings: Tidings): Promise<void> {
    const { room } = tidings;
    const message = this.#means.reads ? await this.#read(tidings) : undefined;
    if (this.#stopped) return;
    const at = this.#means.now();
    const before = this.#told.get(room.id);
    const aloud = before === undefined || at - before.at >= ALOUD_MS;
    const tag = before?.tag ?? this.#means.newTag();
    this.#told.set(room.id, { tag, at: aloud ? at : before.at });
    await this.#means.show(tag, this.#means.words(room, message), aloud);
    // Locked while the browser was about to show it.
    if (this.#stopped) await this.#means.takeAway();
  }

  async #read(tidings: Tidings): Promise<MessageItem | undefined> {
    const { room, fresh, inThreads } = tidings;
    const { session } = this.#means;
    const inRoom = fresh === 0 ? undefined : spokenOf(tidings, (await session.timeline(room.id, { limit: Math.min(MOST_READ, fresh + 10) })).items);
    if (inRoom !== undefined || inThreads === 0) return inRoom;
    const threads = (await session.threads()).filter(({ room: id, unread, root }) => id === room.id && unread > 0 && root.place !== undefined);
    const latest = threads.sort((a, b) => b.lastAt - a.lastAt)[0];
    if (latest?.root.place === undefined) return undefined;
    const { items } = await session.timeline(room.id, { thread: latest.root.place, limit: Math.min(MOST_READ, inThreads + 10) });
    return spokenOf({ room, fresh: Math.min(inThreads, latest.unread) }, items);
  }
}
