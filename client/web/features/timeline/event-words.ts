/** Which sentence of the catalogue tells an event: with a form of its own when the reader did it, and when it was done to them. */
import type { RoomEvent } from '#core/session/api.ts';

export interface EventWords {
  readonly key: `event.${RoomEvent['what'] | 'mended'}`;
  readonly context: 'me' | 'you' | 'self' | 'unknown' | undefined;
}

export function eventWords(event: RoomEvent): EventWords {
  // A room can break and be mended without anybody having to go.
  const key = event.what === 'replanted' && event.without.length === 0 ? 'event.mended' : (`event.${event.what}` as const);
  if (event.what === 'hidden-record') return { key, context: undefined };
  if (!event.by) return { key, context: 'unknown' };
  const isYou = 'people' in event && event.people.length === 1 && event.people[0]?.isMe === true;
  if (isYou) return { key, context: event.by.isMe ? 'self' : 'you' };
  return { key, context: event.by.isMe ? 'me' : undefined };
}

/** The reader never stands in a list of names, where many languages would bend the word for them: what was done to them is told by itself. */
export function toldApart(event: RoomEvent): readonly RoomEvent[] {
  if (!('people' in event) || event.people.length < 2 || !event.people.some(({ isMe }) => isMe)) return [event];
  return [{ ...event, people: event.people.filter(({ isMe }) => !isMe) }, { ...event, people: event.people.filter(({ isMe }) => isMe) }];
}
