/** What boards there are and what they say, read from the session. */
import type { AnnouncementQuery, BoardId, BoardSummary } from '#core/session/api.ts';
import { useLive, type Live } from '../../app/session-context.tsx';

export const useBoards = (): Live<readonly BoardSummary[]> => useLive('boards', 'boards', (session) => session.boards());

export const useBoard = (id: BoardId): BoardSummary | undefined => useBoards().value?.find((board) => board.id === id);

/** Of all boards together: how many announcements are unread. */
export function useBoardNews(): { readonly unread: number } {
  const boards = useBoards().value ?? [];
  return { unread: boards.reduce((sum, board) => sum + board.unread, 0) };
}

export function useAnnouncements(query: AnnouncementQuery) {
  const key = `announcements-${query.board}-${query.unread}-${query.coming}-${query.limit}`;
  return useLive(key, 'announcements', (session) => session.announcements(query));
}

/** Whether there is something of the past to be read on a board, or something to come. */
export const isRead = ({ reading, desk }: BoardSummary): boolean => reading === 'yes' || reading === 'removed' || desk !== undefined;

/** What waits for a coordinator: a signature, its time, or somebody who asks to read. */
export const waitingAt = ({ desk }: BoardSummary): number => (desk === undefined ? 0 : desk.asking + desk.waiting);

/** Boards this person may announce something on. */
export const announcesOn = (boards: readonly BoardSummary[] | undefined): readonly BoardSummary[] => boards?.filter(({ desk, closed }) => desk !== undefined && !closed) ?? [];
