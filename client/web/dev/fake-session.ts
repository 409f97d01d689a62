/**
 * A session in memory, for working on the interface without engine or server. It answers like the real one, slowly
 * enough to see the waiting states, and says something back when spoken to.
 */
import { SESSION_CALLS } from '#core/session/api/calls.ts';
import { plainMessage } from '#core/session/api/plain-message.ts';
import { SessionFailure, type AlarmKind, type JoinRequest, type MessageState, type OpenInvitation, type Overview, type RoomHealth, type RoomSummary, type Session, type SessionEvent, type SessionStage, type TimelineItem } from '#core/session/api.ts';
import { fakeBoards, type BoardScene } from './fake-boards.ts';
import { fakeRest } from './fake-rest.ts';
import { FakeTalk, type FakeRoom } from './fake-talk.ts';
import { asha, kitchen, layla, long, me, nextSeq, noa, people, samir } from './story.ts';

export interface Scene {
  readonly stage: SessionStage;
  readonly connection: Overview['connection'];
  /** No rooms, no people, nothing waiting. */
  readonly bare: boolean;
  readonly problem: Overview['joinProblem'];
  readonly alarms: Overview['alarms'];
  readonly health: RoomHealth;
  /** Messages in the long room. */
  readonly long: number;
  /** This device came from a backup. */
  readonly restored: boolean;
  /** Somebody who was compared has a new device. */
  readonly changed: boolean;
  /** Only some write in the rooms, and this person is not among them; what is written vanishes after a day. */
  readonly announcing: boolean;
  readonly boards: BoardScene;
  readonly postage: 'used-up' | NonNullable<Overview['postage']>['problem'];
}

export const sceneFrom = (query: URLSearchParams): Scene => ({
  stage: (query.get('stage') ?? 'open') as SessionStage,
  connection: (query.get('connection') ?? 'online') as Overview['connection'],
  bare: query.has('bare'),
  problem: (query.get('problem') ?? undefined) as Overview['joinProblem'],
  alarms: query.getAll('alarm').map((what) => ({ id: what, what: what as AlarmKind, by: what === 'forked' || what === 'reordered' ? people[1] : undefined })),
  health: healthFrom(query.get('health')),
  restored: query.has('restored'),
  announcing: query.has('announcing'),
  changed: query.has('changed'),
  boards: query.has('bare') ? 'none' : ((query.get('boards') ?? 'usual') as BoardScene),
  long: Number(query.get('long') ?? 600),
  postage: (query.get('postage') ?? undefined) as Scene['postage'],
});

function healthFrom(is: string | null): RoomHealth {
  const since = Date.now() - 2 * 86_400_000;
  if (is === 'stuck') return { is, since, asked: false };
  if (is === 'mending') return { is, by: people[1], asked: false };
  if (is === 'out-of-step') return { is, why: 'missed-change', since, asked: false };
  return { is: 'fine' };
}

const PHRASE = ['harvest', 'lantern', 'pigeon', 'velvet'];
const hex = (): string => crypto.randomUUID().replaceAll('-', '');
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function fakeSession(scene: Scene): Session {
  const listeners = new Set<(event: SessionEvent) => void>();
  const tell = (event: SessionEvent): void => listeners.forEach((listener) => listener(event));
  const now = Date.now();
  let stage = scene.stage;
  let { connection, alarms } = scene;
  const room = (name: string, items: TimelineItem[], members = people.slice(0, 7), unread = 0, active = true): FakeRoom => ({
    id: hex(), name, items, members: members.map(({ id }) => id), unread, active,
  });
  const rooms: FakeRoom[] = scene.bare
    ? []
    : [
        room('Elm Street tenants', kitchen(now)),
        room('صندوق التضامن', long(now - 3_600_000, 5).map((item) => ({ ...item, id: hex() })), [me, layla, samir], 3),
        room('Thursday flyers', long(now - 7_200_000, scene.long), [me, samir, asha, noa]),
        room('Night bus drivers and everybody who rides with them', [], [me]),
        room('Spring picnic', long(now - 9 * 86_400_000, 12).map((item) => ({ ...item, id: hex() })), [samir, noa], 0, false),
      ];
  const admins = new Set([me.id]);
  let requests: JoinRequest[] = scene.bare ? [] : [
    { id: hex(), name: 'Marguerite', phrase: PHRASE, contested: false, returning: undefined, perhaps: [] },
    { id: hex(), name: 'Tomás', phrase: ['cactus', 'ribbon', 'summer', 'whale'], contested: true, returning: undefined, perhaps: [] },
    { id: hex(), name: samir.name, phrase: PHRASE, contested: false, returning: samir, perhaps: [] },
    { id: hex(), name: noa.name, phrase: PHRASE, contested: false, returning: undefined, perhaps: [noa] },
  ];
  const invitations: OpenInvitation[] = [];
  const find = (id: string): FakeRoom => {
    const found = rooms.find((candidate) => candidate.id === id);
    if (!found) throw new SessionFailure('unknown-room');
    return found;
  };
  const touched = (id: string): void => {
    tell({ changed: 'timeline', room: id });
    tell({ changed: 'rooms' });
  };
  const summary = ({ id, name, members, unread, active, items }: FakeRoom): RoomSummary => {
    const last = items.findLast((item) => item.kind === 'message');
    return { id, name, people: members.length, unread, readTo: items.filter((item) => item.kind === 'message' && !item.sender.isMe).at(-unread - 1)?.seq ?? 0, admin: !scene.announcing, role: scene.announcing ? 'member' : 'admin', announcementOnly: scene.announcing, whoAdds: 'admins', mayAdd: !scene.announcing, vanishAfter: scene.announcing ? 86_400 : 0, keeps: scene.announcing ? 86_400 : 0, leaving: false, away: scene.restored && !active, changed: scene.changed && active ? people.filter(({ verified }) => verified === 'changed') : [], health: scene.health, ...talk.summary({ id, items, unread, members }), ...(scene.announcing && { mayWrite: false }), quiet: quiet.has(id), active, last: last?.kind === 'message' ? { sender: last.sender.name, text: last.text, at: last.at } : undefined };
  };
  const quiet = new Set<string>();
  let postsThrough: string | undefined;
  const moveTo = (next: SessionStage): void => {
    stage = next;
    tell({ changed: 'overview' });
  };
  const say = (target: FakeRoom, sender: typeof me, text: string): void => {
    target.items.push(plainMessage({ id: hex(), seq: nextSeq(), sender, at: Date.now(), text }));
    target.unread += 1;
    touched(target.id);
  };
  const setState = (target: FakeRoom, id: string, state: MessageState, seq?: number): void => {
    target.items = target.items.map((item) => (item.kind === 'message' && item.id === id ? { ...item, state, seq, place: seq === undefined ? undefined : { id, sender: me.id, seq } } : item));
    touched(target.id);
  };
  const deliver = async (target: FakeRoom, id: string, text: string) => {
    await wait(500);
    if (connection === 'offline') return;
    if (text.includes('fail')) return setState(target, id, 'failed');
    setState(target, id, 'sent', nextSeq());
    await wait(1500);
    if (target.members.length > 1) say(target, samir, `"${text}" ✔`);
  };

  const talk = new FakeTalk({ rooms, find, tell, deliver });
  const [lively] = rooms;
  if (scene.changed) lively?.items.push({ kind: 'event', id: hex(), seq: nextSeq(), event: { what: 'new-device', by: noa, people: [samir] } });
  if (scene.restored) rooms.at(-1)?.items.push({ kind: 'event', id: hex(), seq: nextSeq(), event: { what: 'returned', by: samir } });
  if (lively) talk.liven(lively);
  Object.assign(globalThis, { flood: (name: string, perSecond: number) => talk.flood(rooms.find((known) => known.name === name) as FakeRoom, perSecond) });

  return {
    ...(Object.fromEntries(SESSION_CALLS.map((name) => [name, async () => undefined])) as unknown as Session),
    ...fakeRest({ tell, rooms: () => rooms.map(({ id, items }) => ({ id, messages: items.filter((item) => item.kind === 'message') })) }),
    missing: async (id) => rooms.find((one) => one.id === id)?.items.flatMap((item) => (item.kind === 'event' && item.event.what === 'missing' ? [{ seq: item.seq, by: item.event.by, count: item.event.count, asked: false, gone: false }] : [])) ?? [],
    standing: async () => 'thicket-log 0:64:q83vEjRWeJCrze8SNFZ4kA',
    compareStanding: async () => ({ alikeUpTo: 64, differsAt: 128 }),
    ...talk.calls(),
    ...fakeBoards({ tell, desk: lively?.id, kind: scene.boards }),
    overview: async () => ({
      stage, connection, hubName: stage === 'empty' ? undefined : 'Elm Street Union', me, mayInvite: true, postsThrough, waitingForNeighbour: false, entering: false, linking: false, returning: scene.restored, arriving: undefined, removedHere: false, maySetNeighbour: true,
      catchUp: connection === 'catching-up' ? { done: 340, total: 1200 } : undefined,
      phrase: stage === 'waiting' ? PHRASE : undefined, joinProblem: scene.problem, alarms,
      postage: stage === 'open' ? { left: scene.postage === 'used-up' ? 0 : 900, waiting: scene.postage === 'used-up', soon: false, renewsAt: now + 2.6 * 86_400_000, problem: scene.postage === 'used-up' ? undefined : scene.postage } : undefined,
    }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    found: async () => { await wait(1200); moveTo('open'); },
    join: async () => { await wait(1200); moveTo('waiting'); return { phrase: PHRASE }; },
    restoreBackup: async (_source, words) => {
      await wait(1200);
      if (words[0] === 'wrong') throw new SessionFailure('wrong-recovery-phrase');
      moveTo('open');
    },
    comeBack: async () => { await wait(900); moveTo('waiting'); return { phrase: PHRASE }; },
    unlock: async (passphrase) => {
      await wait(700);
      if (passphrase.startsWith('wrong')) throw new SessionFailure('wrong-passphrase');
      moveTo('open');
    },
    lock: async () => moveTo('locked'),
    erase: async () => { await wait(500); moveTo('empty'); },
    invite: async () => {
      await wait(600);
      const made = { id: hex(), link: `${location.origin}/#join=CAESEA${btoa(hex()).replaceAll('=', '')}GhAm4vZ`, expiresAt: Date.now() + 3 * 86_400_000 };
      invitations.push(made);
      return made;
    },
    invitations: async () => [...invitations],
    requests: async () => requests,
    admit: async (id) => {
      await wait(900);
      requests = requests.filter((request) => request.id !== id);
      tell({ changed: 'requests' });
    },
    refuse: async (id) => {
      requests = requests.filter((request) => request.id !== id);
      tell({ changed: 'requests' });
    },
    people: async () => (scene.bare ? [me] : people),
    rooms: async () => rooms.map(summary),
    createRoom: async (name) => {
      await wait(800);
      const made = room(name, [{ kind: 'event', id: hex(), seq: nextSeq(), event: { what: 'created', by: me } }], [me]);
      rooms.unshift(made);
      tell({ changed: 'rooms' });
      return made.id;
    },
    members: async (id) => people.filter((person) => find(id).members.includes(person.id)).map((person) => ({ ...person, admin: admins.has(person.id), role: admins.has(person.id) ? 'admin' as const : 'member' as const, ...(person.id === layla.id && { lost: true }) })),
    addMember: async (id, member) => {
      await wait(900);
      if (member === people.at(-1)?.id) throw new SessionFailure('member-unreachable');
      const target = find(id);
      target.members.push(member);
      target.items.push({ kind: 'event', id: hex(), seq: nextSeq(), event: { what: 'added', by: me, people: people.filter((person) => person.id === member) } });
      touched(id);
    },
    removeMember: async (id, member) => {
      await wait(900);
      const target = find(id);
      target.members = target.members.filter((known) => known !== member);
      target.items.push({ kind: 'event', id: hex(), seq: nextSeq(), event: { what: 'removed', by: me, people: people.filter((person) => person.id === member) } });
      touched(id);
    },
    setQuiet: async (id, on) => {
      await wait(600);
      if (on) quiet.add(id);
      else quiet.delete(id);
      find(id).items.push({ kind: 'event', id: hex(), seq: nextSeq(), event: { what: on ? 'quieted' : 'unquieted', by: me } });
      touched(id);
    },
    setNeighbour: async (address) => {
      await wait(900);
      postsThrough = address === undefined ? undefined : new URL(address).host;
      tell({ changed: 'overview' });
    },
    offeredNeighbour: async () => 'https://hub-b.example',
    setMostShards: async () => undefined,
    renewKeys: async () => undefined,
    setAdmin: async (id, member, admin) => {
      await wait(600);
      if (admin) admins.add(member);
      else admins.delete(member);
      touched(id);
    },
    sendFile: async (id, source, { name, type }) => {
      const message = hex();
      const target = find(id);
      await wait(900);
      target.items.push(plainMessage({ id: message, seq: undefined, sender: me, at: Date.now(), text: '', file: { name, type, size: source.size }, state: 'sending' }));
      touched(id);
      void deliver(target, message, '');
      return message;
    },
    filesUnderWay: async () => [],
    filesOf: async () => ({ items: [], next: undefined }),
    isFileHere: async () => false,
    saveFile: async () => undefined,
    fetchFile: async () => new Blob(['a made-up file\n']),
    withdrawFile: async () => undefined,
    cancelTransfer: async () => undefined,
    delivered: async () => ({ seq: nextSeq() }),
    retry: async (id, message) => {
      setState(find(id), message, 'sending');
      await wait(900);
      setState(find(id), message, 'sent', nextSeq());
    },
    dismissAlarm: async (id) => { alarms = alarms.filter((alarm) => alarm.id !== id); tell({ changed: 'overview' }); },
    catchUp: async () => undefined,
    nudge: async () => { await wait(800); connection = 'online'; tell({ changed: 'overview' }); },
    close: async () => undefined,
  };
}
