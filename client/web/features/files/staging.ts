/** What was chosen for a room and not sent yet. It outlives a look into another room, and goes with the keys. */
import { useSyncExternalStore } from 'react';
import type { RoomId, Session, SessionFailureCode } from '#core/session/api.ts';
import { codeOf } from '../../app/live.ts';
import { make, type Made } from './making.ts';

export interface Staged {
  readonly id: string;
  readonly file: File;
  /** A picture as it is, by choice. */
  readonly original: boolean;
  readonly caption: string;
  /** Undefined while it is being made. */
  readonly made: Made | undefined;
  /** Why it did not leave. */
  readonly failure: SessionFailureCode | undefined;
}

/** Files that are sent together, at most. */
export const MOST_AT_ONCE = 30;
const NOTHING: readonly Staged[] = [];

export class Staging {
  readonly #session: Session;
  readonly #rooms = new Map<RoomId, readonly Staged[]>();
  readonly #listeners = new Set<() => void>();

  constructor(session: Session) {
    this.#session = session;
    session.subscribe((event) => {
      if (event.changed !== 'overview' || this.#rooms.size === 0) return;
      void session.overview().then(({ stage }) => stage === 'open' || this.#forget(), () => undefined);
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
  of(room: RoomId): readonly Staged[] {
    return this.#rooms.get(room) ?? NOTHING;
  }

  /** @returns how many were too many */
  add(room: RoomId, files: readonly File[]): number {
    const free = Math.max(0, MOST_AT_ONCE - this.of(room).length);
    const taken = files.slice(0, free).map((file): Staged => ({ id: crypto.randomUUID(), file, original: false, caption: '', made: undefined, failure: undefined }));
    this.#set(room, [...this.of(room), ...taken]);
    for (const each of taken) void this.#make(room, each);
    return files.length - taken.length;
  }

  /** Something that was made here already, such as a voice message. */
  async sendMade(room: RoomId, made: Made): Promise<void> {
    await this.#send(room, { id: crypto.randomUUID(), file: new File([made.blob], made.name), original: false, caption: '', made, failure: undefined }, undefined);
  }

  remove(room: RoomId, id: string): void {
    this.#set(room, this.of(room).filter((each) => each.id !== id));
  }
  clear(room: RoomId): void {
    this.#set(room, NOTHING);
  }
  caption(room: RoomId, id: string, caption: string): void {
    this.#change(room, id, { caption });
  }
  asOriginal(room: RoomId, id: string, original: boolean): void {
    const staged = this.of(room).find((each) => each.id === id);
    if (staged === undefined) return;
    this.#change(room, id, { original, made: undefined });
    void this.#make(room, { ...staged, original });
  }

  /** All that are ready; the rest stays. */
  send(room: RoomId): void {
    const ready = this.of(room).filter(({ made }) => made !== undefined);
    this.#set(room, this.of(room).filter(({ made }) => made === undefined));
    const album = ready.length > 1 ? crypto.randomUUID().replaceAll('-', '') : undefined;
    for (const each of ready) void this.#send(room, each, album);
  }

  async #send(room: RoomId, staged: Staged, album: string | undefined): Promise<void> {
    const { made, caption, id: transfer } = staged;
    if (made === undefined) return;
    const { blob, name, type, preview, sound } = made;
    try {
      await this.#session.sendFile(room, blob, { name, type, transfer, caption, preview, sound, album, keep: true });
    } catch (error) {
      const failure = codeOf(error);
      // Given up by the person, or with the keys: then it goes on by itself when they are back.
      if (failure !== 'cancelled' && failure !== 'locked') this.#set(room, [...this.of(room), { ...staged, failure }]);
    }
  }

  async #make(room: RoomId, { id, file, original }: Staged): Promise<void> {
    const made = await make(file, original).catch((): Made => ({ blob: file, name: file.name, type: file.type, note: 'document' }));
    if (this.of(room).find((each) => each.id === id)?.original === original) this.#change(room, id, { made });
  }

  #change(room: RoomId, id: string, change: Partial<Staged>): void {
    this.#set(room, this.of(room).map((each) => (each.id === id ? { ...each, ...change } : each)));
  }
  #set(room: RoomId, staged: readonly Staged[]): void {
    if (staged.length === 0) this.#rooms.delete(room);
    else this.#rooms.set(room, staged);
    this.#tell();
  }
  #forget(): void {
    this.#rooms.clear();
    this.#tell();
  }
  #tell(): void {
    this.#listeners.forEach((listener) => listener());
  }
}

const known = new WeakMap<Session, Staging>();
export function stagingOf(session: Session): Staging {
  const staging = known.get(session) ?? new Staging(session);
  known.set(session, staging);
  return staging;
}

export function useStaged(staging: Staging, room: RoomId): readonly Staged[] {
  return useSyncExternalStore(staging.subscribe, () => staging.of(room));
}
