/** Which sentence of the catalogue tells an event: with a form of its own when the reader did it. */
import type { RoomEvent } from '#core/session/api.ts';

export interface EventWords {
  readonly key: `event.${RoomEvent['what'] | 'mended'}`;
  readonly context: 'me' | 'unknown' | undefined;
}

export function eventWords(event: RoomEvent): EventWords {
  // A room can break and be mended without anybody having to go.
  const key = event.what === 'replanted' && event.without.length === 0 ? 'event.mended' : (`event.${event.what}` as const);
  if (event.what === 'hidden-record') return { key, context: undefined };
  if (!event.by) return { key, context: 'unknown' };
  return { key, context: event.by.isMe ? 'me' : undefined };
}
