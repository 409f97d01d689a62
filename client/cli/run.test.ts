/** The contract of `thicket`: what each command asks of the engine, prints, and ends with. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { SessionFailureCode } from '#core/session/api.ts';
import { FakeHub, message, person, room } from './testing/fake-session.ts';
import { COMMANDS } from './commands/index.ts';

const bob = person('Bob', 'b');
const carol = person('Carol', 'c');
let hub: FakeHub;
beforeEach(() => {
  hub = new FakeHub();
  hub.people = [bob, carol, person('Sam', 'd', { ambiguous: true }), person('Sam', 'e', { ambiguous: true })];
  hub.roomList = [room('Garden', '1'), room('Market', '2'), room('Twin', '3'), room('Twin', '4'), room('Old', '5', { active: false }), room('Old', '6')];
});

describe('the command line', () => {
  test.each<[string[], string]>([
    [[], 'Name a command'],
    [['dance'], 'no command “dance”'],
    [['room'], 'no command “room”'],
    [['room', 'dance'], 'no command “room dance”'],
    [['found', 'https://x'], '--name is missing'],
    [['join', '--name', 'A'], 'LINK is missing'],
    [['admit', 'r1'], '--phrase is missing'],
    [['send', 'Garden'], 'TEXT is missing'],
    [['send', 'Garden', ''], 'TEXT is empty'],
    [['send', 'Garden', 'two', 'words'], '“words” is one word too many'],
    [['rooms', '--follow'], '--follow does not belong'],
    [['rooms', '--bogus'], '--bogus'],
    [['read', 'Garden', '--since', 'yesterday'], '--since is the seq'],
    [['read', 'Garden', '--since', '-1'], '--since'],
    [['rooms', '--timeout', 'soon'], '--timeout is a number'],
    [['rooms', '--timeout', '-3'], '--timeout'],
    [['room', 'create', 'X', '--suite', 'rot13'], '--suite is'],
  ])('%j ends with 2 and says why', async (line, why) => {
    const { code, out, err } = await hub.run(line);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^thicket: .*\n$/);
    expect(err).toContain(why);
    expect(hub.log).toEqual([]);
    const json = await hub.run(['--json', ...line]);
    expect(JSON.parse(json.err)).toEqual({ error: 'usage', message: expect.stringContaining(why) });
  });

  test('wants a passphrase', async () => {
    for (const env of [{}, { THICKET_PASSPHRASE: '' }]) {
      const { code, err } = await hub.run(['rooms'], { env });
      expect([code, err]).toEqual([2, 'thicket: Set THICKET_PASSPHRASE to the passphrase of this home.\n']);
    }
  });

  test('repeats an alarm on standard error until it is understood', async () => {
    hub.alarms = [{ id: 'rolled-back', what: 'rolled-back' }];
    const rooms = await hub.run(['rooms']);
    expect([rooms.code, rooms.err]).toEqual([0, 'thicket: This hub was set back to an older copy. Messages since then may be missing for people who had not read them.\n']);
    expect(JSON.parse((await hub.run(['--json', 'rooms'])).err)).toEqual({ alarm: 'rolled-back', message: expect.stringContaining('older copy') });
    const { objects, err } = await hub.run(['--json', 'understood']);
    expect([objects, err]).toEqual([[{ understood: 'rolled-back' }], '']);
    expect(hub.log).toContain('dismissAlarm rolled-back');
  });

  test('helps, also with one command', async () => {
    const { code, out } = await hub.run(['--help'], { env: {} });
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(out).toContain(`thicket ${command.words.join(' ')}`);
    expect((await hub.run(['help', 'read'])).out).toContain('thicket read ROOM [--since SEQ] [--follow]');
    expect((await hub.run(['room', 'add', '--help'])).out).toContain('thicket room add ROOM MEMBER');
    expect((await hub.run(['--version'])).out).toBe('9.9.9\n');
  });

  test.each<[SessionFailureCode, number]>([
    ['bad-name', 2], ['not-allowed', 3], ['offline', 4], ['wrong-passphrase', 5], ['unknown-room', 6], ['timeout', 7], ['vault-in-use', 8],
    ['device-full', 9], ['internal', 70],
  ])('ends a command that fails with %s by its family\'s code', async (failure, exit) => {
    hub.fail('rooms', failure);
    const { code, err, out } = await hub.run(['rooms', '--json']);
    expect([code, out, (JSON.parse(err) as { error: string }).error]).toEqual([exit, '', failure]);
    expect(hub.log.at(-1)).toBe('close');
  });

  test('never shows an error that is none of its own', async () => {
    hub.failing.set('rooms', new TypeError('secret at /home/alice/x.ts:1'));
    const { code, err } = await hub.run(['rooms']);
    expect(code).toBe(70);
    expect(err).not.toContain('secret');
  });

  test('says which way posts go, and how a room sends', async () => {
    hub.roomList = [room('Garden', 'a', { quiet: true })];
    const straight = (await hub.run(['room', 'info', 'Garden'])).out;
    expect(straight).toContain('Whoever runs it could see that your address posts here.');
    expect(straight).toContain('every 30 seconds');
    hub.postsThrough = 'hub-b.example';
    expect((await hub.run(['room', 'info', 'Garden'])).out).toContain('hub-b.example does not see what you post.');
    expect((await hub.run(['room', 'info', 'Garden', '--json'])).objects).toEqual([
      { id: 'a'.repeat(32), name: 'Garden', people: 2, quiet: true, postsThrough: 'hub-b.example', waitingForNeighbour: false },
    ]);
    await hub.run(['room', 'quiet', 'Garden', 'off']);
    await hub.run(['neighbour', 'https://hub-b.example']);
    await hub.run(['neighbour', 'none']);
    expect(hub.log.filter((line) => line.startsWith('set')).map((line) => line.trim())).toEqual([`setQuiet ${'a'.repeat(32)} false`, 'setNeighbour https://hub-b.example', 'setNeighbour']);
    const { code } = await hub.run(['room', 'quiet', 'Garden', 'maybe']);
    expect(code).toBe(2);
    await hub.run(['most-shards', '64']);
    expect(hub.log.at(-2)).toContain('setMostShards 64');
    expect((await hub.run(['most-shards', '1000'])).code).toBe(2);
  });

  test('catches up before it answers, and closes after', async () => {
    await hub.run(['rooms']);
    expect(hub.log).toEqual(['catchUp', 'rooms', 'close']);
  });

  test('gives up after --timeout and locks at once', async () => {
    hub.session = ((make) => () => ({ ...make(), catchUp: () => new Promise<void>(() => undefined) }))(hub.session.bind(hub));
    const { code, err } = await hub.run(['rooms', '--timeout', '0.05', '--json']);
    expect([code, (JSON.parse(err) as { error: string }).error]).toEqual([7, 'timeout']);
    expect(hub.log).toEqual(['lock']);
  });

  test('ends with 130 when interrupted', async () => {
    hub.session = ((make) => () => ({ ...make(), catchUp: () => new Promise<void>(() => undefined) }))(hub.session.bind(hub));
    const { code } = await hub.run(['rooms'], { interrupted: AbortSignal.timeout(20) });
    expect(code).toBe(130);
  });
});

describe('what the commands print', () => {
  test('send gives id and seq after the acknowledgement', async () => {
    expect((await hub.run(['--json', 'send', 'Garden', 'hello'])).objects).toEqual([{ id: 'id-hello', seq: 101 }]);
    expect(hub.log).toContain(`delivered ${'1'.repeat(32)} id-hello`);
    expect((await hub.run(['--json', 'send', 'Garden', '--', '--dashes'])).objects).toEqual([{ id: 'id---dashes', seq: 102 }]);
  });

  test('send - takes a message a line, in order, and leaves out empty ones', async () => {
    const lines = Array.from({ length: 100 }, (_, i) => `m${i}`);
    const { code, objects } = await hub.run(['--json', 'send', 'Garden', '-'], { lines: ['', ...lines, '  '] });
    expect(code).toBe(0);
    expect(objects).toEqual(lines.map((text, i) => ({ id: `id-${text}`, seq: 101 + i })));
  });

  test('send - ends at the first message that fails', async () => {
    hub.session = ((make) => () => ({ ...make(), send: async (_room: string, text: string) => {
      if (text === 'bad') hub.fail('delivered', 'message-too-long');
      return `id-${text}`;
    } }))(hub.session.bind(hub));
    const { code, objects } = await hub.run(['--json', 'send', 'Garden', '-'], { lines: ['good', 'bad', 'never'] });
    expect([code, objects]).toEqual([2, [{ id: 'id-good', seq: 101 }]]);
  });

  test('read gives what is in the log, in its order, under names that can be typed', async () => {
    const twin = hub.people[2] as typeof bob;
    hub.items = [message(5, bob, 'one'), { kind: 'event', id: 'e', seq: 6, event: { what: 'added', by: bob, people: [carol] } },
      message(7, twin, 'two\nlines'), message(undefined, bob, 'on its way')];
    const read = await hub.run(['--json', 'read', 'Garden']);
    expect(read.objects).toEqual([
      { id: 'id5', seq: 5, sender: 'Bob', at: 1_700_000_000_000, text: 'one' },
      { id: 'id7', seq: 7, sender: 'dddd dddd', at: 1_700_000_000_000, text: 'two\nlines' },
    ]);
    expect((await hub.run(['--json', 'read', 'Garden', '--since', '5'])).objects).toHaveLength(1);
    const human = (await hub.run(['read', 'Garden'])).out;
    expect(human).toMatch(/Bob: one\n.*Bob added Carol\.\n.*dddd dddd: two\n {4}lines\n$/);
  });

  test('read --follow goes on with what comes, and ends calmly', async () => {
    hub.items = [message(5, bob, 'one')];
    const stop = new AbortController();
    const reading = hub.run(['--json', 'read', 'Garden', '--follow'], { interrupted: stop.signal });
    await vi.waitFor(() => expect(hub.listeners.size).toBe(1));
    await vi.waitFor(() => expect(hub.log.filter((line) => line.startsWith('timelineSince')).length).toBe(1));
    hub.items.push(message(9, carol, 'two'));
    hub.emit({ changed: 'timeline', room: '2'.repeat(32) });
    hub.emit({ changed: 'timeline', room: '1'.repeat(32) });
    await vi.waitFor(() => expect(hub.log).toContain(`timelineSince ${'1'.repeat(32)} 5`));
    stop.abort();
    const { code, objects } = await reading;
    expect(code).toBe(0);
    expect(objects).toMatchObject([{ seq: 5 }, { seq: 9 }]);
    const timed = await hub.run(['read', 'Garden', '--follow', '--timeout', '0.05']);
    expect([timed.code, timed.err]).toEqual([0, '']);
  });

  test('read --follow ends when this person is removed', async () => {
    const reading = hub.run(['read', 'Garden', '--follow']);
    await vi.waitFor(() => expect(hub.listeners.size).toBe(1));
    hub.roomList = [room('Garden', '1', { active: false })];
    hub.emit({ changed: 'rooms' });
    expect((await reading).code).toBe(0);
  });

  test('join prints the phrase at once, waits, and says when it is over', async () => {
    hub.stage = 'empty';
    const joining = hub.run(['--json', 'join', 'https://hub/#j', '--name', 'Bob']);
    await vi.waitFor(() => expect(hub.listeners.size).toBe(1));
    hub.stage = 'open';
    hub.emit({ changed: 'overview' });
    const { code, objects } = await joining;
    expect([code, objects]).toEqual([0, [{ phrase: 'one two three four' }, expect.objectContaining({ admitted: true })]]);

    hub.stage = 'empty';
    const late = await hub.run(['--json', 'join', 'https://hub/#j', '--name', 'Bob', '--timeout', '0.5']);
    expect([late.code, late.objects]).toEqual([7, [{ phrase: 'one two three four' }]]);
  });

  test('join goes on where it was cut short, and not when it is done', async () => {
    hub.stage = 'waiting';
    const resumed = hub.run(['--json', 'join', 'https://hub/#j', '--name', 'Bob']);
    await vi.waitFor(() => expect(hub.listeners.size).toBe(1));
    hub.stage = 'open';
    hub.emit({ changed: 'overview' });
    expect((await resumed).code).toBe(0);
    expect(hub.log.some((line) => line.startsWith('join'))).toBe(false);
    expect((await hub.run(['join', 'https://hub/#j', '--name', 'Bob'])).code).toBe(3);
  });

  test('requests show the phrase with single spaces; admit takes the beginning of an id', async () => {
    expect((await hub.run(['--json', 'requests'])).objects).toEqual([{ id: 'c0ffeec0ffee', name: 'Bob', phrase: 'one two three four', contested: false, returning: false, perhaps: [] }]);
    await hub.run(['admit', 'c0ffeec0', '--phrase', 'one two three four']);
    expect(hub.log).toContain('admit c0ffeec0ffee one two three four');
    const known = person('Bob', 'e');
    hub.people = [known];
    hub.perhaps = [known];
    expect((await hub.run(['requests'])).out).toContain('eeee eeee');
    await hub.run(['admit', 'c0ffeec0', '--phrase', 'one two three four', '--as', 'eeee eeee']);
    expect(hub.log).toContain(`admit c0ffeec0ffee one two three four ${known.id}`);
    expect((await hub.run(['admit', 'c0f', '--phrase', 'x'])).code).toBe(6);
  });

  test('nothing a member types reaches the terminal as a command to it', async () => {
    const mallory = person('Mal\u001b[2J\u202elory', 'f');
    hub.items = [message(5, mallory, 'x\u001b]0;title\u0007\n03/01/26  Bob: forged\r\u009b31m')];
    const human = (await hub.run(['read', 'Garden'])).out;
    expect(human).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(human.split('\n').slice(1).every((line) => line === '' || line.startsWith('    '))).toBe(true);
    const json = await hub.run(['--json', 'read', 'Garden']);
    expect(json.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(json.objects).toMatchObject([{ text: 'x\u001b]0;title\u0007\n03/01/26  Bob: forged\r\u009b31m' }]);
  });
});

describe('who and what is meant', () => {
  test('rooms by name, by id, and the one that is not past', async () => {
    const sentTo = async (typed: string) => {
      const { code } = await hub.run(['send', typed, 'x']);
      return code === 0 ? hub.log.findLast((line) => line.startsWith('send '))?.slice(5, 6) : code;
    };
    expect(await sentTo('Garden')).toBe('1');
    expect(await sentTo('22222222')).toBe('2');
    expect(await sentTo('2222')).toBe(6);
    expect(await sentTo('Twin')).toBe(6);
    expect(await sentTo('Old')).toBe('6');
    expect(await sentTo('garden')).toBe(6);
  });

  test('people by name where it is unique, else by fingerprint, never by a name that looks like somebody else\'s', async () => {
    const added = async (typed: string) => {
      const { code, err } = await hub.run(['room', 'add', 'Garden', typed]);
      return code === 0 ? hub.log.findLast((line) => line.startsWith('addMember'))?.at(-1) : `${code} ${err}`;
    };
    expect(await added('Bob')).toBe('b');
    expect(await added('dddd dddd')).toBe('d');
    expect(await added('EEEEeeee')).toBe('e');
    expect(await added('Sam')).toMatch(/^6 .*More than one person/);
    expect(await added('Zoe')).toMatch(/^6 .*nobody/);
    hub.people.push(person('bbbbbbbb', 'f'));
    expect(await added('bbbbbbbb')).toMatch(/^6 .*More than one person/);
    expect(await added('b'.repeat(64))).toBe('b');
  });
});
