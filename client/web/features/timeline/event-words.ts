/** Which sentence of the catalogue tells an event: with a form of its own when the reader did it. */
import type { RoomEvent } from '#core/session/api.ts';

export interface EventWords {
  readonly key: `event.${RoomEvent['what']}`;
  readonly context: 'me' | 'unknown' | undefined;
}

export function eventWords(event: RoomEvent): EventWords {
  const key = `event.${event.what}` as const;
  if (event.what === 'hidden-record') return { key, context: undefined };
  if (!event.by) return { key, context: 'unknown' };
  return { key, context: event.by.isMe ? 'me' : undefined };
}
