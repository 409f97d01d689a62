/** A session of a hub that lives in a few arrays, for holding the command line's words and order to its contract. */
import type { Alarm, Announcement, AnnouncementText, BoardDraft, BoardSummary, Bot, Person, Proposal, ReaderRequest, RoomMember, RoomSummary, SafetyPhrase, Session, SessionEvent, TimelineItem } from '#core/session/api.ts';
import { SessionFailure, type SessionFailureCode } from '#core/session/api.ts';
import { SESSION_CALLS } from '#core/session/api/calls.ts';
import { plainMessage } from '#core/session/api/plain-message.ts';
import type { Home, World } from '../run.ts';
import type { FrontDoor } from '../hook/front-door.ts';
import { run } from '../run.ts';

export const person = (name: string, digit: string, more: Partial<Person> = {}): Person =>
  ({ id: digit.repeat(64), name, fingerprint: `${digit.repeat(4)} ${digit.repeat(4)}`, ambiguous: false, isMe: false, ...more });
export const room = (name: string, digit: string, more: Partial<RoomSummary> = {}): RoomSummary =>
  ({ id: digit.repeat(32), name, people: 2, unread: 0, readTo: 0, admin: true, role: 'admin', announcementOnly: false, whoAdds: 'admins', mayAdd: true, vanishAfter: 0, keeps: 0, leaving: false, away: false, changed: [], mentions: 0, threadsUnread: 0, notify: 'all', draft: undefined, mayWrite: true, health: { is: 'fine' }, quiet: false, active: true, last: undefined, ...more });
export const message = (seq: number | undefined, sender: Person, text: string): TimelineItem =>
  plainMessage({ id: `id${seq ?? text}`, seq, sender, at: 1_700_000_000_000, text, state: seq === undefined ? 'sending' : 'sent' });

export const board = (name: string, digit: string, more: Partial<BoardSummary> = {}): BoardSummary =>
  ({ id: digit.repeat(32), name, reading: 'yes', unread: 0, joining: 'open', listed: true, signatures: 1, closed: false, urgentAnytime: false, desk: undefined, ...more });
export const desk = (more: Partial<NonNullable<BoardSummary['desk']>> = {}): NonNullable<BoardSummary['desk']> =>
  ({ room: 'd'.repeat(32), readers: 3, asking: 0, waiting: 0, keepsEntry: true, mayAnnounce: true, ...more });
export const text = (title: string, more: Partial<AnnouncementText> = {}): AnnouncementText => ({
  wordings: [{ language: 'en', title, body: '' }], priority: 'normal', pinned: false, files: [], expiresAt: 0, acknowledge: false, event: undefined, poll: undefined, ...more,
});
export const announcement = (seq: number, title: string, more: Partial<Announcement> = {}): Announcement => ({
  ...text(title), board: '1'.repeat(32), id: `${seq}`.padStart(8, '0').repeat(4), seq, sentAt: 1_700_000_000_000, bot: undefined, read: true, expired: false,
  corrected: undefined, withdrawn: undefined, totals: undefined, answer: undefined, ...more,
});

export class FakeHub {
  people: Person[] = [];
  roomList: RoomSummary[] = [];
  memberList: RoomMember[] = [];
  items: TimelineItem[] = [];
  /** What happened, in order. */
  readonly log: string[] = [];
  /** A call that is to fail, and how. */
  readonly failing = new Map<keyof Session, Error>();
  stage: 'open' | 'waiting' | 'empty' = 'open';
  alarms: Alarm[] = [];
  postsThrough: string | undefined;
  perhaps: Person[] = [];
  safety: SafetyPhrase = { words: [], verified: 'no' };
  boardList: BoardSummary[] = [];
  announced: Announcement[] = [];
  /** Where announcements go first, if anywhere. */
  proposed: Proposal[] = [];
  drafts: BoardDraft[] = [];
  asking: ReaderRequest[] = [];
  bots: Bot[] = [];
  /** What `announce` was given last. */
  lastText: AnnouncementText | undefined;
  seq = 100;
  readonly listeners = new Set<(event: SessionEvent) => void>();

  fail(call: keyof Session, code: SessionFailureCode): void {
    this.failing.set(call, new SessionFailure(code));
  }
  emit(event: SessionEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  session(): Session {
    const act = <T>(name: keyof Session, result: (...args: never[]) => T) => async (...args: unknown[]): Promise<T> => {
      this.log.push([name, ...args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg)))].join(' '));
      const failure = this.failing.get(name);
      if (failure !== undefined) throw failure;
      return result(...(args as never[]));
    };
    return {
      ...(Object.fromEntries(SESSION_CALLS.map((name) => [name, act(name, () => undefined)])) as unknown as Session),
      overview: async () => ({
        stage: this.stage, connection: 'online', catchUp: undefined, hubName: 'Hub', me: person('Alice', 'a', { isMe: true }),
        mayInvite: true, postsThrough: this.postsThrough, waitingForNeighbour: false, entering: false, maySetNeighbour: true, phrase: ['one', 'two', 'three', 'four'], joinProblem: undefined, linking: false, returning: false, arriving: undefined, removedHere: false, alarms: this.alarms, postage: undefined,
      }),
      subscribe: (listener) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
      join: act('join', () => ((this.stage = 'waiting'), { phrase: ['one', 'two', 'three', 'four'] })),
      comeBack: act('comeBack', () => ({ phrase: ['one', 'two', 'three', 'four'] })),
      safetyPhrase: act('safetyPhrase', () => this.safety),
      invite: act('invite', () => ({ id: 'ab'.repeat(8), link: 'https://hub/#j', expiresAt: 5 })),
      invitations: act('invitations', () => []),
      requests: act('requests', () => [{ id: 'c0ffee'.repeat(2), name: 'Bob', phrase: ['one', 'two', 'three', 'four'], contested: false, returning: undefined, perhaps: this.perhaps }]),
      people: act('people', () => this.people),
      rooms: act('rooms', () => this.roomList), createRoom: act('createRoom', () => 'e'.repeat(32)), members: act('members', () => this.memberList),
      send: act('send', (_room: string, text: string) => `id-${text}`), delivered: act('delivered', () => ({ seq: (this.seq += 1) })),
      sendFile: act('sendFile', () => 'id-file'), fetchFile: act('fetchFile', () => new Blob([])),
      boards: act('boards', () => this.boardList), createBoard: act('createBoard', () => 'f'.repeat(32)), boardLink: act('boardLink', () => 'https://hub/#b'),
      openBoardLink: act('openBoardLink', () => '1'.repeat(32)), bots: act('bots', () => this.bots), proposals: act('proposals', () => this.proposed), boardDrafts: act('boardDrafts', () => this.drafts),
      readerRequests: act('readerRequests', () => this.asking), findReaders: act('findReaders', (_board: string, name: string) => this.people.filter((one) => one.name.includes(name))),
      announcements: act('announcements', (query: { unread?: boolean }) => ({ items: this.announced.filter(({ read }) => query.unread !== true || !read), more: false })),
      announcement: act('announcement', (_board: string, id: string) => {
        const found = this.announced.find((one) => one.id === id);
        if (found === undefined) throw new SessionFailure('unknown-announcement');
        return found;
      }),
      versionsOf: act('versionsOf', () => []),
      announce: act('announce', (_board: string, said: AnnouncementText) => {
        this.lastText = said;
        const next = announcement((this.seq += 1), said.wordings[0]?.title ?? '', said);
        this.announced.push(next);
        return next.id;
      }),
      saveBoardDraft: act('saveBoardDraft', () => 'c'.repeat(32)),
      tally: act('tally', () => ({ acknowledged: 1, coming: 2, maybe: 0, notComing: 0, chosen: [1, 1], voters: 2, taken: [1] })),
      namedAnswers: act('namedAnswers', () => [{ name: 'Bob', coming: 'yes' as const, votes: [1], shifts: [] }]),
      timeline: act('timeline', () => ({ items: [], more: false })),
      timelineSince: act('timelineSince', (_room: string, since: number) => this.items.filter((item) => item.seq === undefined || item.seq > since)),
    };
  }

  /** Runs a command on this hub. */
  async run(line: readonly string[], options: { env?: World['env']; lines?: readonly string[]; interrupted?: AbortSignal; home?: Home; frontDoor?: FrontDoor } = {}):
    Promise<{ code: number; out: string; err: string; objects: unknown[] }> {
    let out = '';
    let err = '';
    const home: Home = options.home ?? {
      fresh: async () => this.session(), unlocked: async () => ({ session: this.session(), borrowed: false }), share: async () => async () => undefined,
    };
    const code = await run(line, {
      env: options.env ?? { THICKET_PASSPHRASE: 'x' }, version: () => '9.9.9', home: () => home, interrupted: options.interrupted ?? new AbortController().signal,
      lines: async function* () { yield* options.lines ?? []; },
      frontDoor: options.frontDoor ?? { open: async () => { throw new Error('no door'); }, secrets: async () => ({ make: () => 's'.repeat(43), isSame: (a, b) => a === b }) },
      write: (text) => void (out += text), writeError: (text) => void (err += text),
    });
    const objects = line.includes('--json') ? out.split('\n').filter(Boolean).map((each) => JSON.parse(each) as unknown) : [];
    return { code, out, err, objects };
  }
}
