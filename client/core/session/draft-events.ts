/** What a draft has changed for those who look on: each thing is told once, when everything is durable. */
import type { SessionEvent } from './api.ts';

type Told = Exclude<SessionEvent, { changed: 'transfer' }>;

export class DraftEvents {
  #events = new Map<string, Told>();

  add(event: Told): void {
    const key = keyOf(event);
    const known = this.#events.get(key);
    const both = known?.changed === 'messages' && event.changed === 'messages' ? { ...event, seqs: [...new Set([...known.seqs, ...event.seqs])] } : event;
    this.#events.set(key, both);
  }
  all(): Iterable<SessionEvent> {
    return this.#events.values();
  }
  /** @returns what takes back everything added since */
  mark(): () => void {
    const then = new Map(this.#events);
    return () => { this.#events = then; };
  }
}

const keyOf = (event: Told): string =>
  [event.changed, 'room' in event ? event.room : '', 'thread' in event ? (event.thread ?? '') : ''].join('/');
