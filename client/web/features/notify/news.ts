/** What there is to tell when the rooms are other than they were: the rule alone, without a browser. */
import type { RoomId, RoomSummary } from '#core/session/api.ts';
import { askingIn } from '../rooms/asking.ts';

export type Counts = Pick<RoomSummary, 'unread' | 'threadsUnread' | 'mentions'>;
export type Before = ReadonlyMap<RoomId, Counts>;

export interface Tidings {
  readonly room: RoomSummary;
  /** Unread messages of the room's own timeline that were not there before. */
  readonly fresh: number;
  /** The same of the threads this person follows. */
  readonly inThreads: number;
}
export interface News {
  readonly tell: readonly Tidings[];
  /** Something of these was read or deleted, or their person wants to hear nothing of them: what was told is out of date. */
  readonly over: readonly RoomId[];
}

const NONE: Counts = { unread: 0, threadsUnread: 0, mentions: 0 };

export const countsOf = (rooms: readonly RoomSummary[]): Before =>
  new Map(rooms.map(({ id, unread, threadsUnread, mentions }) => [id, { unread, threadsUnread, mentions }]));

/** The same, with everything that was read since then taken off: what comes next is news even where as much was read. */
export const lowered = (before: Before, now: readonly RoomSummary[]): Before =>
  new Map(now.map(({ id, unread, threadsUnread, mentions }) => {
    const was = before.get(id) ?? NONE;
    return [id, { unread: Math.min(unread, was.unread), threadsUnread: Math.min(threadsUnread, was.threadsUnread), mentions: Math.min(mentions, was.mentions) }];
  }));

/** Only what asks for attention by the choice that holds now: to choose otherwise for a room is no news. A room that was not there is one with nothing unread. */
export function newsIn(before: Before, now: readonly RoomSummary[]): News {
  const changes = now.map((room) => {
    const was = before.get(room.id) ?? NONE;
    return { room, fresh: Math.max(0, room.unread - was.unread), inThreads: Math.max(0, room.threadsUnread - was.threadsUnread), by: askingIn(room) - askingIn({ ...was, notify: room.notify }) };
  });
  const here = new Set(now.map(({ id }) => id));
  return {
    tell: changes.filter(({ by }) => by > 0).map(({ room, fresh, inThreads }) => ({ room, fresh, inThreads })),
    over: [
      ...changes.filter(({ room, by }) => by < 0 || askingIn(room) === 0).map(({ room }) => room.id),
      ...[...before.keys()].filter((id) => !here.has(id)),
    ],
  };
}

/** All that asks, in all rooms. */
export const askingInAll = (rooms: readonly RoomSummary[]): number => rooms.reduce((sum, room) => sum + askingIn(room), 0);
