/** Two commands on one home: one holds the vault, the other asks through it. */
import { duplexPair } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Session, SessionFailure } from '#core/session/api.ts';
import { sharedHome, type Meeting } from '../home.ts';
import { FakeHub, message, person, room } from '../testing/fake-session.ts';
import { borrowSession } from './borrow.ts';
import { lendTo } from './lend.ts';

const never = new AbortController().signal;
let hub: FakeHub;
let ends: ReturnType<typeof duplexPair>;
beforeEach(() => {
  hub = new FakeHub();
  hub.roomList = [room('Garden', '1')];
  ends = duplexPair();
});
afterEach(() => ends.forEach((end) => end.destroy()));

const borrow = (passphrase = 'right'): Promise<Session> => {
  lendTo(ends[0], hub.session(), 'right');
  return borrowSession(ends[1], passphrase);
};

describe('a borrowed vault', () => {
  test('answers, fails and tells of changes like its own', async () => {
    const session = await borrow();
    expect(await session.rooms()).toEqual(hub.roomList);
    const text = 'ünïcödé \u2028 \n "quoted" 👩‍🌾'.repeat(5000);
    await session.send('1'.repeat(32), text);
    expect(hub.log.at(-1)).toBe(`send ${'1'.repeat(32)} ${text}`);
    hub.fail('addMember', 'already-member');
    await expect(session.addMember('x', 'y')).rejects.toEqual(new SessionFailure('already-member'));
    const heard = vi.fn();
    const stop = session.subscribe(heard);
    hub.emit({ changed: 'timeline', room: 'x' });
    await vi.waitFor(() => expect(heard).toHaveBeenCalledWith({ changed: 'timeline', room: 'x' }));
    stop();
    await session.close();
    expect(hub.log).not.toContain('close');
  });

  test('keeps answers apart when many are asked at once', async () => {
    const session = await borrow();
    const seqs = await Promise.all(Array.from({ length: 50 }, () => session.delivered('r', 'm')));
    expect(seqs.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, i) => 101 + i));
  });

  test('asks for the passphrase first', async () => {
    await expect(borrow('wrong')).rejects.toEqual(new SessionFailure('wrong-passphrase'));
    expect(hub.log).toEqual([]);
  });

  test.each([
    ['asks before the passphrase', '{"id":1,"call":"rooms","with":[]}\n'],
    ['shows no text', '{"passphrase":["right"]}\n'],
    ['talks nonsense', 'GET / HTTP/1.1\n\n'],
    ['asks to erase', '{"passphrase":"right"}\n{"id":1,"call":"erase","with":[]}\n'],
    ['asks for what every object has', '{"passphrase":"right"}\n{"id":1,"call":"constructor","with":[]}\n'],
    ['asks to lock', '{"passphrase":"right"}\n{"id":1,"call":"lock","with":[]}\n'],
  ])('ends a connection that %s', async (_what, sent) => {
    lendTo(ends[0], hub.session(), 'right');
    const closed = new Promise((resolve) => ends[0].once('close', resolve).once('finish', resolve));
    ends[1].resume().write(sent);
    await closed;
    expect(hub.log).toEqual([]);
  });

  test('says that its owner has gone, to whoever waits and whoever asks later', async () => {
    hub.session = ((make) => () => ({ ...make(), catchUp: () => new Promise<void>(() => undefined) }))(hub.session.bind(hub));
    const session = await borrow();
    const waiting = session.catchUp();
    const heard = vi.fn();
    session.subscribe(heard);
    ends[0].destroy();
    ends[1].destroy();
    await expect(waiting).rejects.toMatchObject({ code: 'host-gone' });
    await expect(session.rooms()).rejects.toMatchObject({ code: 'host-gone' });
    expect(heard).toHaveBeenCalled();
  });
});

describe('a home', () => {
  const nobody: Meeting = { connect: async () => undefined, listen: async () => async () => undefined };

  test('waits its turn for a vault somebody holds, up to a point', async () => {
    hub.fail('unlock', 'vault-in-use');
    const home = sharedHome({ session: async () => hub.session(), meeting: nobody, patienceMs: 250 });
    await expect(home.unlocked('p', { stays: false, ending: never })).rejects.toEqual(new SessionFailure('vault-in-use'));
    const waiting = home.unlocked('p', { stays: false, ending: never });
    setTimeout(() => hub.failing.clear(), 50);
    expect((await waiting).borrowed).toBe(false);
  });

  test('borrows where somebody lends, and opens its own where they ended in between', async () => {
    const lent: Meeting = { ...nobody, connect: async () => (lendTo(ends[0], hub.session(), 'p'), ends[1]) };
    expect((await sharedHome({ session: async () => hub.session(), meeting: lent }).unlocked('p', { stays: true, ending: never })).borrowed).toBe(true);
    const cut: Meeting = { ...nobody, connect: async () => { const [end] = duplexPair(); queueMicrotask(() => end.destroy()); return end; } };
    expect((await sharedHome({ session: async () => hub.session(), meeting: cut }).unlocked('p', { stays: true, ending: never })).borrowed).toBe(false);
  });

  test('a follower takes the vault over when its owner ends, and shows nothing twice', async () => {
    hub.items = [message(5, person('Bob', 'b'), 'one')];
    let lent = true;
    const meeting: Meeting = { ...nobody, connect: async () => (lent ? (lendTo(ends[0], hub.session(), 'x'), ends[1]) : undefined) };
    const home = sharedHome({ session: async () => hub.session(), meeting });
    const stop = new AbortController();
    const reading = hub.run(['--json', 'read', 'Garden', '--follow'], { home, interrupted: stop.signal });
    await vi.waitFor(() => expect(hub.log.filter((line) => line === 'rooms').length).toBeGreaterThan(1));
    lent = false;
    hub.items.push(message(6, person('Bob', 'b'), 'two'));
    ends.forEach((end) => end.destroy());
    await vi.waitFor(() => expect(hub.log.some((line) => line.startsWith('unlock'))).toBe(true));
    await vi.waitFor(() => expect(hub.log.some((line) => line === `timelineSince ${'1'.repeat(32)} 5`)).toBe(true));
    stop.abort();
    expect(await reading).toMatchObject({ code: 0, objects: [{ seq: 5 }, { seq: 6 }] });
  });
});
