/** The calls about boards, each to the part that carries it out. */
import { SessionFailure, type BoardCalls } from '../api.ts';

const later = async (): Promise<never> => {
  throw new SessionFailure('internal');
};
export const boardCalls = (): BoardCalls => ({
  boards: later,
  createBoard: later,
  closeBoard: later,
  boardLink: later,
  openBoardLink: later,
  subscribeBoard: later,
  unsubscribeBoard: later,
  setUrgentAnytime: later,
  announcements: later,
  announcement: later,
  versionsOf: later,
  markAnnouncementRead: later,
  answer: later,
  fetchAttached: later,
  announce: later,
  correct: later,
  withdrawAnnouncement: later,
  pinAnnouncement: later,
  attach: later,
  boardDrafts: later,
  saveBoardDraft: later,
  proposals: later,
  sign: later,
  cancelProposal: later,
  readerRequests: later,
  admitReader: later,
  refuseReader: later,
  findReaders: later,
  removeReaders: later,
  tally: later,
  namedAnswers: later,
  postTotals: later,
  bots: later,
  setBot: later,
});
