/** Which sentence of the catalogue tells an event: with a form of its own when the reader did it. */
import type { MayAdd, RoomEvent } from '#core/session/api.ts';

export interface EventWords {
  readonly key: `event.${Exclude<RoomEvent['what'], 'may-add'> | `may-add-${MayAdd}` | 'mended' | 'staying'}`;
  readonly context: 'me' | 'unknown' | undefined;
}

export function eventWords(event: RoomEvent): EventWords {
  const key = keyOf(event);
  if (event.what === 'hidden-record') return { key, context: undefined };
  if (!event.by) return { key, context: 'unknown' };
  return { key, context: event.by.isMe ? 'me' : undefined };
}

function keyOf(event: RoomEvent): EventWords['key'] {
  // A room can break and be mended without anybody having to go.
  if (event.what === 'replanted' && event.without.length === 0) return 'event.mended';
  if (event.what === 'may-add') return `event.may-add-${event.who}`;
  if (event.what === 'vanishing' && event.seconds === 0) return 'event.staying';
  return `event.${event.what}`;
}
