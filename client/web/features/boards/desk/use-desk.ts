/** What coordinators of a board have before them. */
import type { BoardId, Session } from '#core/session/api.ts';
import { useLive, type Live } from '../../../app/session-context.tsx';

export const useDesk = <T>(what: string, board: BoardId, load: (session: Session) => Promise<T>): Live<T> => useLive(`desk-${what}-${board}`, 'desk', load);
