import type { RoomSummary } from '#core/session/api.ts';

/** Whether a room asks for attention, by what its person chose to hear of it. */
export const asksFor = ({ notify, unread, threadsUnread, mentions }: RoomSummary): boolean =>
  notify === 'all' ? unread + threadsUnread > 0 : notify === 'mentions' && mentions > 0;
