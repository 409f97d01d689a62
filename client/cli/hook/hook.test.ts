/** The hook as a program meets it: over real HTTP on this computer, in front of a board that only notes what it is told. */
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { frontDoor } from '../compose.ts';
import { CliFailure } from '../failure.ts';
import { board, desk, FakeHub } from '../testing/fake-session.ts';
import { announcementIn, MOST_BYTES } from './heeding.ts';
import { hookOf } from './hook.ts';

const SECRET = 'S'.repeat(43);
let hub: FakeHub;
let stop: AbortController;
/** Standard output so far, and the end of it all. */
let running: ReturnType<FakeHub['run']>;
let port: number;
beforeEach(() => {
  hub = new FakeHub();
  hub.boardList = [board('City', '1', { desk: desk() })];
  hub.bots = [{ name: 'Bell', member: 'a'.repeat(64) }];
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await running;
});

async function listening(env: Record<string, string> = { THICKET_HOOK_SECRET: SECRET }): Promise<void> {
  let tell: (at: number) => void;
  const opened = new Promise<number>((resolve) => (tell = resolve));
  const watched = { ...frontDoor, open: async (...args: Parameters<typeof frontDoor.open>) => {
    const door = await frontDoor.open(...args);
    tell(door.port);
    return door;
  } };
  running = hub.run(['--json', 'board', 'hook', 'City', '--port', '0'], { env: { THICKET_PASSPHRASE: 'x', ...env }, interrupted: stop.signal, frontDoor: watched });
  port = await Promise.race([opened, running.then(({ err }) => Promise.reject(new Error(err)))]);
}
const post = (path: string, body: BodyInit, method = 'POST') => fetch(`http://127.0.0.1:${port}${path}`, { method, ...(method !== 'GET' && { body }) });
const announcing = (more: object = {}): string => JSON.stringify({ title: 'Water is back', ...more });
const announced = () => hub.log.filter((line) => line.startsWith('announce '));

describe('the hook', () => {
  test('announces as the bot, and says under which id', async () => {
    await listening();
    const answer = await post(`/${SECRET}`, announcing({ body: 'In all houses', language: 'es', priority: 'important' }));
    expect([answer.status, await answer.json()]).toEqual([202, { id: '00000101'.repeat(4) }]);
    expect(announced()).toEqual([expect.stringMatching(/\{"bot":true\}$/)]);
    expect(hub.lastText).toEqual({ wordings: [{ language: 'es', title: 'Water is back', body: 'In all houses' }], priority: 'important', pinned: false, files: [], expiresAt: 0, acknowledge: false, event: undefined, poll: undefined });
  });

  test('is not there for who does not know its secret', async () => {
    await listening();
    for (const path of ['/', `/${SECRET.slice(1)}`, `/${SECRET}x`, `/${SECRET}/`, `/${SECRET}?a`, `//${SECRET}`, `/${SECRET.toLowerCase()}`]) expect((await post(path, announcing())).status).toBe(404);
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) expect((await post(`/${SECRET}`, announcing(), method)).status).toBe(404);
    expect(announced()).toEqual([]);
  });

  test.each<[string, BodyInit]>([
    ['what is no JSON', '{'], ['no object', '[]'], ['no text in it', new Uint8Array([0xff, 0xfe])], ['no title', '{}'], ['a title that is no text', announcing({ title: 5 })],
    ['what is not asked for', announcing({ bot: 'Mayor' })], ['what every object has', '{"title":"T","__proto__":{"priority":"urgent"}}'], ['no such priority', announcing({ priority: 'dire' })],
  ])('refuses %s', async (_what, body) => {
    await listening();
    const answer = await post(`/${SECRET}`, body);
    expect([answer.status, await answer.json()]).toEqual([400, { error: 'bad-request', message: expect.any(String) }]);
    expect(announced()).toEqual([]);
  });

  test('refuses what the engine refuses, and says when it could not', async () => {
    hub.fail('announce', 'bad-announcement');
    await listening();
    expect((await post(`/${SECRET}`, announcing({ title: 'x'.repeat(500) }))).status).toBe(400);
  });

  test('reads no more than 64 KiB, told beforehand or not', async () => {
    await listening();
    const most = announcing({ body: 'x'.repeat(MOST_BYTES - announcing({ body: '' }).length) });
    expect((await post(`/${SECRET}`, `${most} `)).status).toBe(413);
    const unannounced = await new Promise<number | undefined>((resolve, reject) => {
      const sending = request({ port, host: '127.0.0.1', method: 'POST', path: `/${SECRET}` }, (answer) => resolve(answer.resume().statusCode)).on('error', reject);
      sending.write(most);
      sending.end(' ');
    });
    expect(unannounced).toBe(413);
    expect(announced()).toEqual([]);
    expect((await post(`/${SECRET}`, most)).status).toBe(202);
  });

  test('tells nobody its secret or what is announced, where the secret was given', async () => {
    await listening();
    await post(`/${SECRET}`, announcing());
    await post(`/${SECRET}`, announcing({ bot: 'Water is back' }));
    stop.abort();
    const { code, out, err, objects } = await running;
    expect([code, err, objects]).toEqual([0, '', [{ listening: `http://127.0.0.1:${port}`, board: '1'.repeat(32), bot: 'Bell' }]]);
    expect(out).not.toMatch(/SSSS|Water/);
    await expect(post(`/${SECRET}`, announcing())).rejects.toThrow();
  });

  test('makes a secret of its own, another one each time, and shows it once', async () => {
    await listening({});
    stop.abort();
    const [first] = (await running).objects as { path: string }[];
    expect(first?.path).toMatch(/^\/[A-Za-z0-9_-]{43}$/);
    stop = new AbortController();
    await listening({});
    stop.abort();
    expect((await running).objects).not.toMatchObject([{ path: first?.path }]);
  });

  test('goes on under the same secret when the command whose vault it used ends', async () => {
    const home = {
      fresh: async () => hub.session(), share: async () => async () => undefined,
      unlocked: async () => {
        hub.failing.clear();
        return { session: hub.session(), borrowed: true };
      },
    };
    running = hub.run(['--json', 'board', 'hook', 'City', '--port', '0'], { interrupted: stop.signal, frontDoor, home });
    await vi.waitFor(() => expect(hub.listeners.size).toBe(1));
    hub.failing.set('rooms', new CliFailure('host-gone'));
    hub.emit({ changed: 'rooms' });
    await vi.waitFor(() => expect(hub.log.filter((line) => line.startsWith('bots'))).toHaveLength(2));
    await vi.waitFor(() => expect(hub.listeners.size).toBe(1));
    stop.abort();
    const [before, after] = (await running).objects as { path: string }[];
    expect(after?.path).toBe(before?.path);
    expect(before?.path).toMatch(/^\/.{43}$/);
  });

  test('needs a bot, a secret of 32 bytes, and a port that is free', async () => {
    const hook = async (env: Record<string, string>, at: string) => hub.run(['--json', 'board', 'hook', 'City', '--port', at], { env: { THICKET_PASSPHRASE: 'x', ...env }, frontDoor });
    running = hook({ THICKET_HOOK_SECRET: 'short' }, '0');
    expect(await running).toMatchObject({ code: 2, err: expect.not.stringContaining('short') });
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    expect(await hook({}, String((taken.address() as AddressInfo).port))).toMatchObject({ code: 2 });
    await new Promise((done) => taken.close(done));
    expect(await hook({}, '70000')).toMatchObject({ code: 2 });
    hub.bots = [{ name: 'Bell', member: 'b'.repeat(64) }];
    const nobody = await hook({}, '0');
    expect([nobody.code, JSON.parse(nobody.err)]).toEqual([3, expect.objectContaining({ error: 'no-bot' })]);
  });
});

describe('one after another', () => {
  const knock = (title: string) => ({ method: 'POST', path: `/${SECRET}`, body: async () => new TextEncoder().encode(JSON.stringify({ title })) });
  beforeEach(() => void (running = Promise.resolve({ code: 0, out: '', err: '', objects: [] })));

  test('announces once in a second at most, and never two at a time', async () => {
    let now = 0;
    let finish: (id: string) => void = () => undefined;
    const announce = vi.fn(() => new Promise<string>((resolve) => (finish = resolve)));
    const heed = hookOf({ secret: SECRET, isSame: (a, b) => a === b, announce, now: () => now });
    const first = heed(knock('one'));
    await vi.waitFor(() => expect(announce).toHaveBeenCalled());
    now = 5_000;
    expect((await heed(knock('two'))).status).toBe(429);
    finish('a');
    expect(await first).toEqual({ status: 202, says: { id: 'a' } });
    const second = heed(knock('three'));
    await vi.waitFor(() => expect(announce).toHaveBeenCalledTimes(2));
    finish('b');
    await second;
    now = 5_999;
    expect((await heed(knock('four'))).status).toBe(429);
    now = 6_000;
    const third = heed(knock('five'));
    await vi.waitFor(() => expect(announce).toHaveBeenCalledTimes(3));
    finish('c');
    expect((await third).status).toBe(202);
  });

  test('takes a title and little more', () => {
    const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
    expect(announcementIn(bytes({ title: 'T' })).wordings).toEqual([{ language: 'en', title: 'T', body: '' }]);
    expect(() => announcementIn(bytes({ title: 'T', files: [] }))).toThrow(CliFailure);
  });
});
