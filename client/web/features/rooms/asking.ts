import type { RoomSummary } from '#core/session/api.ts';

/** How many unread messages of a room ask for attention, by what its person chose to hear of it. */
export function askingIn({ notify, unread, threadsUnread, mentions }: Pick<RoomSummary, 'notify' | 'unread' | 'threadsUnread' | 'mentions'>): number {
  if (notify === 'nothing') return 0;
  return notify === 'all' ? unread + threadsUnread : mentions;
}

export const asksFor = (room: RoomSummary): boolean => askingIn(room) > 0;
