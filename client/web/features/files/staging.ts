/** What was chosen for a room, or for a thread, and not sent yet. It outlives a look into another room, and goes with the keys. */
import { useSyncExternalStore } from 'react';
import type { MessagePlace, Session, SessionFailureCode } from '#core/session/api.ts';
import { codeOf } from '../../app/live.ts';
import { draftKey, type Spot } from '../composer/drafts.ts';
import { make, type Made } from './making.ts';
import type { Recorded } from './recording.ts';

export interface Staged {
  readonly id: string;
  readonly file: File;
  /** A picture as it is, by choice. */
  readonly original: boolean;
  readonly caption: string;
  /** Undefined while it is being made. */
  readonly made: Made | undefined;
  /** What it answers: known of one that did not leave. */
  readonly replyTo: MessagePlace | undefined;
  /** Why it did not leave. */
  readonly failure: SessionFailureCode | undefined;
}

/** Files that are sent together, at most. */
export const MOST_AT_ONCE = 30;
const NOTHING: readonly Staged[] = [];

export class Staging {
  readonly #session: Session;
  readonly #chosen = new Map<string, readonly Staged[]>();
  readonly #recorded = new Map<string, Recorded>();
  readonly #listeners = new Set<() => void>();

  constructor(session: Session) {
    this.#session = session;
    session.subscribe((event) => {
      if (event.changed !== 'overview' || this.#chosen.size + this.#recorded.size === 0) return;
      void session.overview().then(({ stage }) => stage === 'open' || this.#forget(), () => undefined);
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
  of(spot: Spot): readonly Staged[] {
    return this.#chosen.get(draftKey(spot.room, spot.thread)) ?? NOTHING;
  }

  /** A voice message that waits to be heard again, sent or thrown away. */
  recorded(spot: Spot): Recorded | undefined {
    return this.#recorded.get(draftKey(spot.room, spot.thread));
  }
  /** @param recorded undefined: thrown away, or on its way. Nothing is kept of what came when the keys were gone already. */
  async keepRecorded(spot: Spot, recorded: Recorded | undefined): Promise<void> {
    const key = draftKey(spot.room, spot.thread);
    if (recorded === undefined) this.#recorded.delete(key);
    else if ((await this.#session.overview()).stage === 'open') this.#recorded.set(key, recorded);
    this.#tell();
  }

  /** @returns how many were too many */
  add(spot: Spot, files: readonly File[]): number {
    const free = Math.max(0, MOST_AT_ONCE - this.of(spot).length);
    const taken = files.slice(0, free).map((file): Staged => ({ id: crypto.randomUUID(), file, original: false, caption: '', made: undefined, replyTo: undefined, failure: undefined }));
    this.#set(spot, [...this.of(spot), ...taken]);
    for (const each of taken) void this.#make(spot, each);
    return files.length - taken.length;
  }

  /** Something that was made here already, such as a voice message. */
  async sendMade(spot: Spot, made: Made, replyTo?: MessagePlace): Promise<void> {
    await this.#send(spot, { id: crypto.randomUUID(), file: new File([made.blob], made.name), original: false, caption: '', made, replyTo, failure: undefined }, undefined);
  }

  remove(spot: Spot, id: string): void {
    this.#set(spot, this.of(spot).filter((each) => each.id !== id));
  }
  clear(spot: Spot): void {
    this.#set(spot, NOTHING);
  }
  caption(spot: Spot, id: string, caption: string): void {
    this.#change(spot, id, { caption });
  }
  asOriginal(spot: Spot, id: string, original: boolean): void {
    const staged = this.of(spot).find((each) => each.id === id);
    if (staged === undefined) return;
    this.#change(spot, id, { original, made: undefined });
    void this.#make(spot, { ...staged, original });
  }

  /** All that are ready; the rest stays. @param replyTo what the first of them answers */
  send(spot: Spot, replyTo?: MessagePlace): void {
    const ready = this.of(spot).filter(({ made }) => made !== undefined);
    this.#set(spot, this.of(spot).filter(({ made }) => made === undefined));
    const album = ready.length > 1 ? crypto.randomUUID().replaceAll('-', '') : undefined;
    for (const each of ready) void this.#send(spot, { ...each, replyTo: each.replyTo ?? (each === ready[0] ? replyTo : undefined) }, album);
  }

  async #send(spot: Spot, staged: Staged, album: string | undefined): Promise<void> {
    const { made, caption, replyTo, id: transfer } = staged;
    if (made === undefined) return;
    const { blob, name, type, preview, sound } = made;
    try {
      await this.#session.sendFile(spot.room, blob, { name, type, transfer, caption, preview, sound, album, replyTo, thread: spot.thread, keep: true });
    } catch (error) {
      const failure = codeOf(error);
      // Given up by the person, or with the keys: then it goes on by itself when they are back.
      if (failure !== 'cancelled' && failure !== 'locked') this.#set(spot, [...this.of(spot), { ...staged, failure }]);
    }
  }

  async #make(spot: Spot, { id, file, original }: Staged): Promise<void> {
    const made = await make(file, original).catch((): Made => ({ blob: file, name: file.name, type: file.type, note: 'document' }));
    if (this.of(spot).find((each) => each.id === id)?.original === original) this.#change(spot, id, { made });
  }

  #change(spot: Spot, id: string, change: Partial<Staged>): void {
    this.#set(spot, this.of(spot).map((each) => (each.id === id ? { ...each, ...change } : each)));
  }
  #set(spot: Spot, staged: readonly Staged[]): void {
    const key = draftKey(spot.room, spot.thread);
    if (staged.length === 0) this.#chosen.delete(key);
    else this.#chosen.set(key, staged);
    this.#tell();
  }
  #forget(): void {
    this.#chosen.clear();
    this.#recorded.clear();
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

export function useRecorded(staging: Staging, spot: Spot): Recorded | undefined {
  return useSyncExternalStore(staging.subscribe, () => staging.recorded(spot));
}
export function useStaged(staging: Staging, spot: Spot): readonly Staged[] {
  return useSyncExternalStore(staging.subscribe, () => staging.of(spot));
}
