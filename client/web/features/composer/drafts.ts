import { createContext } from 'react';
import type { RoomId } from '#core/session/api.ts';

/** What is half written, by room. Provided by the open session, so that locking forgets it. */
export const Drafts = createContext<Map<RoomId, string>>(new Map());
