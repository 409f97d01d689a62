/** The boards of the made-up session, kept in memory: what is announced, what its coordinators have before them, and who asks to read. */
import { SessionFailure, type Announcement, type BoardCalls, type BoardDraft, type BoardId, type BoardSummary, type OwnAnswer, type Proposal, type ReaderRequest, type SessionEvent, type Totals } from '#core/session/api.ts';
import { announcementsOf, DRAFTED, earlierOf, SCHEDULED, WAITING } from './fake-announcements.ts';
import { asha, layla, me, noa, samir, wei } from './story.ts';

interface Told {
  readonly tell: (event: SessionEvent) => void;
  /** The room of the coordinators. */
  readonly desk: string | undefined;
  readonly kind: BoardScene;
}
/** `reader`: coordinates nothing. `failing`: nothing can be read. */
export type BoardScene = 'usual' | 'reader' | 'none' | 'failing';

const HOUR = 3_600_000;
const hex = (): string => crypto.randomUUID().replaceAll('-', '');
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const NOBODY: Totals = { acknowledged: 0, coming: 0, maybe: 0, notComing: 0, chosen: [], voters: 0, taken: [] };
const NOTHING: OwnAnswer = { acknowledged: false, coming: undefined, votes: [], shifts: [], full: [] };

function boardsOf(desk: string | undefined, kind: BoardScene): BoardSummary[] {
  const board = (name: string, more: Partial<BoardSummary>): BoardSummary => ({
    id: hex(), name, reading: 'yes', unread: 0, joining: 'open', listed: true, signatures: 1, closed: false, urgentAnytime: false, desk: undefined, ...more,
  });
  if (kind === 'none') return [];
  return [
    board('Union news', {
      signatures: 2, urgentAnytime: true,
      desk: desk === undefined || kind === 'reader' ? undefined : { room: desk, readers: 1240, asking: 2, waiting: 3, keepsEntry: true, mayAnnounce: true },
    }),
    board('صندوق التضامن', { joining: 'approved' }),
    board('Night bus', { reading: 'no' }),
    board('Elm Street stewards', { reading: 'asked', joining: 'approved', listed: false }),
    board('Harbor strike fund', { reading: 'refused', joining: 'approved' }),
    board('Spring picnic', { reading: 'removed', closed: true }),
  ];
}

export function fakeBoards({ tell, desk, kind }: Told): BoardCalls {
  let boards = boardsOf(desk, kind);
  const [union, fund] = boards;
  let announcements: Announcement[] = union && fund ? announcementsOf(union.id, fund.id) : [];
  let drafts: BoardDraft[] = union ? [{ board: union.id, id: hex(), text: DRAFTED, by: noa, at: Date.now() - 3 * HOUR }] : [];
  const proposal = (more: Partial<Proposal>): Proposal => ({
    board: union?.id ?? '', id: hex(), what: 'announcement', text: undefined, note: '', by: samir, signedBy: [samir], missing: 1, publishAt: 0, maySign: true, late: false, ...more,
  });
  let proposals: Proposal[] = [
    proposal({ text: WAITING }),
    proposal({ text: SCHEDULED, by: me, signedBy: [me, samir], missing: 0, maySign: false, publishAt: Date.now() + 30 * HOUR }),
    proposal({ what: 'withdrawal', of: announcements[2]?.id, note: 'The hall is closed for repairs.', by: noa, signedBy: [noa, me], missing: 0, maySign: false, publishAt: Date.now() - HOUR, late: true }),
  ];
  let requests: ReaderRequest[] = union ? [
    { board: union.id, member: layla.id, name: 'ليلى', fingerprint: layla.fingerprint, at: Date.now() - 2 * HOUR },
    { board: union.id, member: hex(), name: 'Bartholomew from the corner shop', fingerprint: '88ab 01cd', at: Date.now() - 9 * HOUR },
  ] : [];
  let bot: string | undefined;
  let removed: readonly string[] = [];

  const find = (board: BoardId): BoardSummary => {
    const found = boards.find(({ id }) => id === board);
    if (found === undefined) throw new SessionFailure('unknown-board');
    return found;
  };
  const look = (board: BoardId, id: string): Announcement => {
    const found = announcements.find((one) => one.board === board && one.id === id);
    if (found === undefined) throw new SessionFailure('unknown-announcement');
    return found;
  };
  const change = (board: BoardId, what: Partial<BoardSummary>): void => {
    boards = boards.map((one) => (one.id === board ? { ...one, ...what } : one));
    tell({ changed: 'boards' });
  };
  const alter = (board: BoardId, id: string, what: Partial<Announcement>): void => {
    announcements = announcements.map((one) => (one.board === board && one.id === id ? { ...one, ...what } : one));
    tell({ changed: 'announcements', board });
    tell({ changed: 'boards' });
  };
  const atDesk = (board: BoardId): void => {
    const { desk: known } = find(board);
    if (known) change(board, { desk: { ...known, asking: requests.length, waiting: proposals.length } });
    tell({ changed: 'desk', board });
  };
  const counted = (board: BoardSummary): BoardSummary => ({ ...board, unread: announcements.filter((one) => one.board === board.id && !one.read).length });
  const over = ({ event }: Announcement): boolean => event === undefined || (event.endsAt || event.beginsAt + 2 * HOUR) < Date.now();

  return {
    boards: async () => {
      if (kind === 'failing') throw new SessionFailure('device-storage');
      return boards.map(counted);
    },
    createBoard: async (name, rules = {}) => {
      await wait(900);
      const id = hex();
      boards = [...boards, { id, name, reading: 'yes', unread: 0, joining: rules.joining ?? 'open', listed: rules.listed ?? true, signatures: rules.signatures ?? 1, closed: false, urgentAnytime: false, desk: { room: desk ?? '', readers: 0, asking: 0, waiting: 0, keepsEntry: true, mayAnnounce: true } }];
      tell({ changed: 'boards' });
      return id;
    },
    closeBoard: async (board) => { await wait(600); change(board, { closed: true }); },
    boardLink: async (board) => `${location.origin}/#board=CAES${btoa(find(board).id).replaceAll('=', '')}`,
    openBoardLink: async (link) => {
      await wait(500);
      if (!link.includes('#board=')) throw new SessionFailure('bad-link');
      return boards[2]?.id ?? '';
    },
    subscribeBoard: async (board) => { await wait(700); change(board, { reading: find(board).joining === 'open' ? 'yes' : 'asked' }); },
    unsubscribeBoard: async (board) => { await wait(400); change(board, { reading: 'no' }); },
    setUrgentAnytime: async (board, on) => change(board, { urgentAnytime: on }),

    announcements: async ({ board, unread = false, coming = false, limit = 30 } = {}) => {
      if (kind === 'failing') throw new SessionFailure('device-storage');
      const fit = announcements.filter((one) => (board === undefined || one.board === board) && (!unread || !one.read) && (!coming || (!over(one) && one.withdrawn === undefined)));
      const items = coming ? fit.toSorted((a, b) => (a.event?.beginsAt ?? 0) - (b.event?.beginsAt ?? 0)) : fit.toSorted((a, b) => Number(b.pinned) - Number(a.pinned) || b.seq - a.seq);
      return { items: items.slice(0, limit), more: items.length > limit };
    },
    announcement: async (board, id) => look(board, id),
    versionsOf: async (board, id) => (look(board, id).corrected === undefined ? [] : earlierOf(look(board, id))),
    markAnnouncementRead: async (board, id) => { if (!look(board, id).read) alter(board, id, { read: true }); },
    answer: async (board, id, answer) => { await wait(500); alter(board, id, { answer: { ...(look(board, id).answer ?? NOTHING), ...answer } }); },
    fetchAttached: async () => { await wait(700); return new Blob(['a made-up file\n']); },

    announce: async (board, text, { draft, publishAt = 0 } = {}) => {
      await wait(700);
      const id = hex();
      drafts = drafts.filter((one) => one.id !== draft);
      if (find(board).signatures === 2 || publishAt > 0) proposals = [...proposals, proposal({ id, board, text, by: me, signedBy: [me], missing: find(board).signatures - 1, maySign: false, publishAt })];
      else announcements = [...announcements, { ...text, board, id, seq: announcements.length + 20, sentAt: Date.now(), bot, read: true, expired: false, corrected: undefined, withdrawn: undefined, totals: undefined, answer: undefined }];
      tell({ changed: 'announcements', board });
      atDesk(board);
      return id;
    },
    correct: async (board, id, text, note) => { await wait(600); alter(board, id, { ...text, corrected: { at: Date.now(), note } }); },
    withdrawAnnouncement: async (board, id, note) => { await wait(600); alter(board, id, { withdrawn: { at: Date.now(), note } }); },
    pinAnnouncement: async (board, id, on) => { await wait(300); alter(board, id, { pinned: on }); },
    attach: async (_board, source, { name, type, preview, transfer }) => {
      for (let part = 1; part <= 4; part += 1) {
        await wait(150);
        if (transfer !== undefined) tell({ changed: 'transfer', transfer, done: part, total: 4 });
      }
      return { name, type, size: source.size, preview, handle: hex() };
    },
    boardDrafts: async (board) => drafts.filter((one) => one.board === board),
    saveBoardDraft: async (board, text, id = hex()) => {
      await wait(300);
      drafts = drafts.filter((one) => one.id !== id);
      if (text) drafts = [{ board, id, text, by: me, at: Date.now() }, ...drafts];
      atDesk(board);
      return id;
    },
    proposals: async (board) => proposals.filter((one) => one.board === board),
    sign: async (board, id) => {
      await wait(600);
      proposals = proposals.map((one) => (one.id === id ? { ...one, signedBy: [...one.signedBy, me], missing: 0, maySign: false } : one));
      atDesk(board);
    },
    cancelProposal: async (board, id) => { await wait(400); proposals = proposals.filter((one) => one.id !== id); atDesk(board); },
    readerRequests: async (board) => requests.filter((one) => one.board === board),
    admitReader: async (board, member) => { await wait(600); requests = requests.filter((one) => one.member !== member); atDesk(board); },
    refuseReader: async (board, member) => { await wait(600); requests = requests.filter((one) => one.member !== member); atDesk(board); },
    findReaders: async (_board, name) => [samir, noa, asha, wei].filter((person) => !removed.includes(person.id) && name.trim() !== '' && person.name.toLowerCase().includes(name.trim().toLowerCase())),
    removeReaders: async (board, members) => { await wait(1500); removed = [...removed, ...members]; atDesk(board); },
    tally: async (board, id) => { await wait(400); return look(board, id).totals ?? NOBODY; },
    namedAnswers: async (board, id) => (look(board, id).event ? [
      { name: 'Samir', coming: 'yes', votes: [], shifts: [0, 2] }, { name: 'נועה', coming: 'maybe', votes: [], shifts: [] }, { name: 'आशा', coming: 'yes', votes: [], shifts: [1] },
    ] : []),
    postTotals: async (board, id) => { await wait(600); alter(board, id, { totals: look(board, id).totals ?? NOBODY }); },
    bots: async () => [{ name: 'Register watch', member: samir.id }, ...(bot === undefined ? [] : [{ name: bot, member: me.id }])],
    setBot: async (board, name) => { await wait(500); bot = name; atDesk(board); },
  };
}
