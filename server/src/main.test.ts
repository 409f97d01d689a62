/** The program as an operator meets it: settings, ports, signals, and what it leaves on the disk and in its log. */
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { type AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Kind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { RelayRefusal } from '#shared/errors.ts';
import { testPostgres } from '../../test/harness/postgres.ts';
import { buildServer, spawnRelay, startTestRelay } from '../../test/harness/relay.ts';
import { Wire, WireHub, type WireMailbox, random } from '../../test/harness/wire.ts';

const MAIN = resolve(import.meta.dirname, '../../dist/server/src/main.js');

function run(environment: Record<string, string>): { status: number | null; lines: string[] } {
  buildServer();
  const folder = mkdtempSync(join(tmpdir(), 'thicket-test-start-'));
  const env = { PATH: process.env['PATH'] ?? '', THICKET_DATA: folder, ...environment };
  const { status, stderr } = spawnSync(process.execPath, [MAIN], { cwd: tmpdir(), env, encoding: 'utf8', timeout: 30_000 });
  rmSync(folder, { recursive: true, force: true });
  return { status, lines: stderr.trim().split('\n') };
}

describe('starting', () => {
  it('stops with one line for a setting that does not fit, and code 78', () => {
    expect(run({ THICKET_PORT: 'eighty' })).toEqual({ status: 78, lines: ['THICKET_PORT must be a port number from 0 to 65535'] });
    expect(run({ DATABASE_URL: 'sqlite:hunter2' })).toEqual({ status: 78, lines: ['DATABASE_URL must look like postgresql://user:password@host:5432/database'] });
  }, 60_000);

  it('stops with one line, and code 78, where THICKET_KEYS is not the folder of its database', async () => {
    const database = await (await testPostgres()).freshDatabase();
    await database.query('INSERT INTO hub (single, keys_marked) VALUES (true, true)');
    const { status, lines } = run({ THICKET_PORT: '0', DATABASE_URL: database.url, THICKET_KEYS: database.keys });
    expect([status, lines]).toEqual([78, [expect.stringContaining(`THICKET_KEYS names ${database.keys}, which is not the folder this database was used with.`)]]);
  }, 60_000);

  it('names THICKET_PORT when the port is taken, and DATABASE_URL when nobody answers there', async () => {
    const database = await (await testPostgres()).freshDatabase();
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => taken.once('listening', done));
    const { port } = taken.address() as AddressInfo;
    expect(run({ THICKET_PORT: String(port), DATABASE_URL: database.url })).toEqual({ status: 69, lines: [`THICKET_PORT is ${port}, and another program listens there already.`] });
    expect(run({ THICKET_PORT: '0', DATABASE_URL: `postgresql://u:hunter2@127.0.0.1:${port + 0}/x?connect_timeout=1` }).lines.join()).not.toContain('hunter2');
    taken.close();
    expect(run({ THICKET_PORT: '0', DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:1/x' })).toEqual({ status: 69, lines: ['The database named by DATABASE_URL cannot be reached (ECONNREFUSED).'] });
  }, 90_000);
});

describe('thicket-relay', () => {
  const say = (...args: string[]) => {
    buildServer();
    return spawnSync(resolve(import.meta.dirname, '../../bin/thicket-relay'), args, { cwd: tmpdir(), encoding: 'utf8', timeout: 30_000 });
  };

  it('lists its commands, and does not start a relay for one it does not know', () => {
    expect(say('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('runs the relay until it is stopped') as string });
    expect(say('expire')).toMatchObject({ status: 0, stdout: expect.stringContaining('The clock is believed') as string });
    expect(say('disclsoe')).toMatchObject({ status: 64, stdout: '', stderr: expect.stringContaining('--help') as string });
  }, 60_000);
});

describe('a relay that is killed with -9 under load', () => {
  it('has every acknowledged record once, in order, after each restart', async () => {
    const relay = await spawnRelay();
    const hub = await WireHub.found(relay);
    const mailboxes = await Promise.all(Array.from({ length: 8 }, () => hub.openMailbox()));
    const acknowledged = new Map<string, number>();
    let running = true;
    const postOn = async (mailbox: WireMailbox): Promise<void> => {
      while (running) {
        const body = random(1024);
        // Whatever got no reply is sent again as it is, until the relay says where it stands.
        for (let placed = false; !placed && running;) {
          const seq = await mailbox.post(body).then((place) => place.seq, (error: unknown) => (error instanceof RelayRefusal ? error.existing?.seq : undefined));
          if (seq !== undefined) acknowledged.set(Buffer.from(body).toString('base64'), seq);
          else await new Promise((done) => setTimeout(done, 20));
          placed = seq !== undefined;
        }
      }
    };
    const posters = mailboxes.map(postOn);
    for (let kills = 0; kills < 3; kills += 1) {
      while (acknowledged.size < 10 * (kills + 1)) await new Promise((done) => setTimeout(done, 10));
      await relay.kill('SIGKILL');
      await relay.restart();
    }
    running = false;
    await Promise.all(posters);
    const records = await hub.wire.readAll(0, hub.pass);
    const bodies = new Map(records.map(({ seq, body }) => [Buffer.from(body).toString('base64'), Number(seq)]));
    expect(bodies.size).toBe(records.length);
    expect(records.map(({ seq }) => Number(seq))).toEqual(records.map((_, index) => index + 1));
    expect(acknowledged.size).toBeGreaterThan(20);
    for (const [body, seq] of acknowledged) expect(bodies.get(body)).toBe(seq);
    await relay.stop();
  }, 120_000);

  it('finishes what it took when it is asked to stop', async () => {
    const relay = await spawnRelay();
    const hub = await WireHub.found(relay);
    const mailbox = await hub.openMailbox();
    const posts = Array.from({ length: 100 }, () => mailbox.post().then(() => 'posted', (error: unknown) => (error instanceof RelayRefusal ? error.code : 'no reply')));
    await posts[0];
    await relay.kill('SIGTERM');
    const outcomes = await Promise.all(posts);
    await relay.restart();
    const records = await hub.wire.readAll(0, hub.pass);
    expect(records.length).toBeGreaterThanOrEqual(outcomes.filter((outcome) => outcome === 'posted').length);
    await relay.stop();
  }, 90_000);
});

describe('what a relay leaves behind', () => {
  it('names no address, browser, path, mailbox or pass in its log, and no address or browser in its database', async () => {
    const relay = await spawnRelay({ environment: { NODE_DEBUG: '' } });
    const hub = await WireHub.found(relay);
    const mailbox = await hub.openMailbox();
    const headers = { 'user-agent': 'CanaryBrowser/1.0', 'x-forwarded-for': '203.0.113.77', 'content-type': 'application/x-protobuf' };
    await mailbox.post();
    await mailbox.post(random(16_384), { kind: Kind.NOTICE });
    for (const path of ['/v1/records', '/v1/canary-path', '/canary-path.txt']) await hub.wire.raw('POST', path, { body: random(200), headers });
    await hub.wire.raw('GET', '/v1/log/0/0', { pass: hub.pass, headers });
    const log = relay.lines.slice(relay.lines.findIndex((line) => line.startsWith('Thicket is ready')) + 1).filter((line) => !line.includes('#found=')).join('\n');
    const dump = await relay.database?.dump() ?? '';
    await relay.stop();
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    for (const secret of ['Canary', 'canary', '203.0.113', '127.0.0.1', hex(mailbox.id), hex(hub.pass.id)]) expect(log).not.toContain(secret);
    for (const secret of ['Canary', '203.0.113', '127.0.0.1', hex(hub.pass.secret)]) expect(dump).not.toContain(secret);
    expect(dump).toContain(hex(mailbox.id));
  }, 60_000);
});

describe('the web client', () => {
  it('is served with strict headers, hashed files for ever, the first page fresh, and nothing below /v1', async () => {
    const web = mkdtempSync(join(tmpdir(), 'thicket-test-web-'));
    mkdirSync(join(web, 'assets'));
    writeFileSync(join(web, 'index.html'), '<!doctype html><title>hub</title>');
    writeFileSync(join(web, 'sw.js'), '// worker');
    writeFileSync(join(web, 'assets', 'main-AbCdEf12.js'), '// main');
    const relay = await startTestRelay({ webDirectory: web });
    const wire = new Wire(relay.origin);
    const get = async (path: string) => {
      const { status, headers, body } = await wire.raw('GET', path);
      return { status, cache: headers.get('cache-control'), type: headers.get('content-type'), text: Buffer.from(body).toString(), headers };
    };
    const first = await get('/');
    expect(first).toMatchObject({ status: 200, cache: 'no-cache', type: 'text/html; charset=utf-8' });
    expect(first.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';");
    for (const [name, value] of [['referrer-policy', 'no-referrer'], ['x-content-type-options', 'nosniff'], ['cross-origin-opener-policy', 'same-origin'], ['cross-origin-resource-policy', 'same-origin']] as const) {
      expect(first.headers.get(name)).toBe(value);
    }
    expect((await get('/room/abc')).text).toBe(first.text);
    expect(await get('/sw.js')).toMatchObject({ status: 200, cache: 'no-cache' });
    expect(await get('/assets/main-AbCdEf12.js')).toMatchObject({ status: 200, cache: 'public, max-age=31536000, immutable' });
    for (const path of ['/missing.js', '/v1/nothing', '/v1', '/../package.json', '/%2e%2e/package.json', '/assets/..%2f..%2fpackage.json']) {
      const { status, text } = await get(path);
      expect([path, status]).toEqual([path, path === '/../package.json' || path === '/%2e%2e/package.json' ? status : 404]);
      expect(text).not.toContain('"dependencies"');
    }
    expect(await get('/healthz')).toMatchObject({ status: 200, text: 'ok\n', cache: 'no-store' });
    await relay.stop();
    rmSync(web, { recursive: true });
  }, 60_000);

  it('is sent compressed to whoever takes that, under the same headers; sealed bodies never are', async () => {
    const web = mkdtempSync(join(tmpdir(), 'thicket-test-web-'));
    mkdirSync(join(web, 'assets'));
    for (const [path, text] of [['index.html', '<!doctype html><title>hub</title>'], ['assets/main-AbCdEf12.js', '// main'.repeat(99)]] as const) {
      writeFileSync(join(web, path), text);
      writeFileSync(join(web, `${path}.br`), brotliCompressSync(text));
      writeFileSync(join(web, `${path}.gz`), gzipSync(text));
    }
    const relay = await startTestRelay({ webDirectory: web });
    const get = async (path: string, encoding: string) => {
      const [response] = (await once(request(relay.origin + path, { headers: { 'accept-encoding': encoding } }).end(), 'response')) as [IncomingMessage];
      return { headers: response.headers, body: Buffer.concat(await response.toArray()) };
    };
    const script = '/assets/main-AbCdEf12.js';
    const bare = await get(script, 'identity');
    expect(bare.headers['content-encoding']).toBeUndefined();
    expect(bare.headers.vary?.toLowerCase()).toBe('accept-encoding');
    for (const [encoding, chosen, open] of [['gzip, deflate, br', 'br', brotliDecompressSync], ['gzip', 'gzip', gunzipSync]] as const) {
      const { headers, body } = await get(script, encoding);
      expect(headers).toMatchObject({ 'content-encoding': chosen, 'cache-control': 'public, max-age=31536000, immutable' });
      expect(headers.vary?.toLowerCase()).toBe('accept-encoding');
      for (const name of ['content-type', 'content-security-policy', 'x-content-type-options', 'cross-origin-resource-policy']) {
        expect([name, headers[name]]).toEqual([name, bare.headers[name]]);
      }
      expect(open(body)).toEqual(bare.body);
      for (const page of ['/', '/room/abc']) {
        const first = await get(page, encoding);
        expect(first.headers).toMatchObject({ 'content-encoding': chosen, 'cache-control': 'no-cache', 'content-type': 'text/html; charset=utf-8' });
        expect(open(first.body).toString()).toBe('<!doctype html><title>hub</title>');
      }
    }
    expect((await get('/v1/hub', 'gzip, deflate, br')).headers['content-encoding']).toBeUndefined();
    await relay.stop();
    rmSync(web, { recursive: true });
  }, 60_000);
});
