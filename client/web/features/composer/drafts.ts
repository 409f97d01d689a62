import { createContext } from 'react';
import type { MessagePlace, OutgoingMention, Quote, RoomId } from '#core/session/api.ts';

/** What is being written. */
export interface Written {
  readonly text: string;
  readonly mentions: readonly OutgoingMention[];
}
export interface Begun extends Written {
  readonly replyTo: Quote | undefined;
}
export const NOTHING_WRITTEN: Begun = { text: '', mentions: [], replyTo: undefined };

/** Where one writes: a room's own timeline, or a thread of it. */
export interface Spot {
  readonly room: RoomId;
  readonly thread: MessagePlace | undefined;
}

/** What is half written, by room and thread. Provided by the open session, so that locking forgets it; the session keeps it too. */
export const Drafts = createContext<Map<string, Begun>>(new Map());
export const draftKey = (room: RoomId, thread: MessagePlace | undefined): string => `${room} ${thread?.id ?? ''}`;
