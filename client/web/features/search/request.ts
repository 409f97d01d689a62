/** What the search screen is set to, and what is asked of the session for it. */
import type { Has, Is, MemberId, RoomId, SearchRequest } from '#core/session/api.ts';

export const WHENS = ['today', 'week', 'month', 'year'] as const;
export type When = (typeof WHENS)[number];

/** Kept with the place, so that coming back shows the same results. */
export interface Looking {
  readonly text: string;
  readonly from?: MemberId | undefined;
  readonly room?: RoomId | undefined;
  readonly has?: readonly Has[] | undefined;
  readonly is?: Is | 'me' | undefined;
  readonly when?: When | undefined;
}

const DAYS: Readonly<Record<When, number>> = { today: 0, week: 6, month: 29, year: 364 };

/** @param now milliseconds since 1970. Days are those of this device. */
export function requestOf({ text, from, room, has, is, when }: Looking, now: number): SearchRequest {
  const today = new Date(now);
  return {
    text,
    ...(from !== undefined && { from: [from] }),
    ...(room !== undefined && { rooms: [room] }),
    ...(has !== undefined && has.length > 0 && { has }),
    ...(is === 'me' ? { mentionsMe: true } : is !== undefined && { is: [is] }),
    ...(when !== undefined && { since: new Date(today.getFullYear(), today.getMonth(), today.getDate() - DAYS[when]).getTime() }),
  };
}

export const isNothing = ({ text, from, room, has, is, when }: Looking): boolean =>
  text.trim() === '' && from === undefined && is === undefined && when === undefined && (has ?? []).length === 0 && room === undefined;
