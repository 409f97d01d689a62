/** One suite, every kind: what a storage of chunks promises, it promises on a disk and in an S3-compatible storage. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type RequestListener, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChunkPlace, ChunkStorage } from '#server/blobs/chunk-storage.ts';
import { Packs } from '#server/blobs/packs.ts';
import { mustHaveAccess } from '#server/blobs/s3-access.ts';
import { clientFor } from '#server/blobs/s3-client.ts';
import { S3Objects } from '#server/blobs/s3-objects.ts';
import type { S3Settings } from '#server/config/s3.ts';
import type { Day } from '#shared/ids.ts';
import { KiB, MiB, RETENTION_DAYS } from '#shared/limits.ts';
import { wireBlob } from '../harness/blobs.ts';
import { codeOf } from '../harness/refusals.ts';
import { freePort, startTestRelay } from '../harness/relay.ts';
import { type S3Server, s3Server } from '../harness/s3-server.ts';
import { testCalendar } from '../harness/test-calendar.ts';
import { WireHub, random } from '../harness/wire.ts';

const TODAY = 20_000 as Day;
const LAST = (TODAY + RETENTION_DAYS.post + 1) as Day;
const nothingThere = (length: number): ChunkPlace => ({ container: randomBytes(16), position: 0, length });

let server: S3Server;
const folder = mkdtempSync(join(tmpdir(), 'thicket-test-chunks-'));
beforeAll(async () => {
  server = await s3Server();
});
afterAll(() => {
  server.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Kind {
  /** Another one on the same bytes, as after a restart. */
  readonly open: (today?: Day) => ChunkStorage;
  /** Everything by which a chunk could be found: names of files or objects. */
  readonly names: () => readonly string[];
  readonly full: () => Promise<ChunkStorage>;
  readonly unreachable: () => Promise<ChunkStorage>;
}

const packs = (more: { folder?: string; reserve?: number; today?: Day } = {}): Packs =>
  new Packs({ folder: more.folder ?? folder, reserve: more.reserve ?? 0, daysKept: RETENTION_DAYS.post, today: () => more.today ?? TODAY });

const KINDS: Readonly<Record<string, Kind>> = {
  'packs on a disk': {
    open: (today) => packs(today === undefined ? {} : { today }),
    names: () => readdirSync(folder, { recursive: true, encoding: 'utf8' }),
    full: async () => packs({ reserve: 2 ** 60 }),
    unreachable: async () => packs({ folder: '/dev/null/nowhere' }),
  },
  'an S3-compatible storage': {
    // A page holds two objects, so that every list has several.
    open: () => new S3Objects(clientFor(server.settings), 2),
    names: () => server.keys(),
    full: async () => new S3Objects(clientFor({ ...server.settings, endpoint: await answering((_request, response) => response.writeHead(507).end()) })),
    unreachable: async () => new S3Objects(clientFor({ ...server.settings, endpoint: `http://127.0.0.1:${await freePort()}` })),
  },
};

describe.each(Object.entries(KINDS))('%s', (_name, kind) => {
  it('gives back what it was given, to another process too, and nothing where nothing is', async () => {
    const storage = kind.open();
    await storage.tidy(TODAY);
    const chunks = [randomBytes(MiB), randomBytes(1), Buffer.from('a chunk that could be read, were it not sealed before it comes here')];
    const places: ChunkPlace[] = [];
    for (const chunk of chunks) places.push(await storage.put(LAST, chunk));
    const other = kind.open();
    for (const [index, place] of places.entries()) expect(Buffer.compare((await other.get(LAST, place)) as Uint8Array, chunks[index] as Uint8Array)).toBe(0);
    expect(await storage.get(LAST, nothingThere(1))).toBeUndefined();
    expect(await storage.get((LAST - 1) as Day, places[0] as ChunkPlace)).toBeUndefined();
    await storage.close();
    await other.close();
  });

  it('takes many at once', async () => {
    const storage = kind.open();
    const chunks = Array.from({ length: 24 }, (_, index) => Buffer.alloc(32 * KiB + index, index + 1));
    const places = await Promise.all(chunks.map((chunk) => storage.put(LAST, chunk)));
    const read = await Promise.all(places.map((place) => storage.get(LAST, place)));
    for (const [index, chunk] of chunks.entries()) expect(Buffer.compare(read[index] as Uint8Array, chunk)).toBe(0);
    await storage.close();
  });

  it('names things by a day and a random word, whatever is in them', async () => {
    const storage = kind.open();
    const before = new Set(kind.names());
    await Promise.all(Array.from({ length: 2 }, () => storage.put(LAST, Buffer.from('the same twice'))));
    const names = kind.names().filter((name) => !before.has(name));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(name).toMatch(new RegExp(`^(blobs/)?${LAST}/[0-9a-f]{32}(\\.pack)?$`));
    await storage.close();
  });

  it('erases what it is told to and nothing beside it', async () => {
    const storage = kind.open();
    const [gone, stays] = [Buffer.from('erase me, erase me'), Buffer.from('and let me be as I am')];
    const places = [await storage.put(LAST, gone), await storage.put(LAST, stays)] as const;
    await storage.erase(LAST, [places[0], nothingThere(5)]);
    await storage.erase(LAST, [places[0]]);
    const left = await kind.open().get(LAST, places[0]);
    expect(left === undefined || left.every((byte) => byte === 0)).toBe(true);
    expect(Buffer.from((await kind.open().get(LAST, places[1])) as Uint8Array)).toEqual(stays);
    await storage.close();
  });

  it('drops every day that has come, and no later one', async () => {
    const storage = kind.open((TODAY + 20) as Day);
    const days = [TODAY + 18, TODAY + 19, TODAY + 20, TODAY + 21] as Day[];
    const places = await Promise.all(days.flatMap((day) => Array.from({ length: 5 }, () => storage.put(day, randomBytes(99)))));
    await storage.tidy((TODAY + 20) as Day);
    const read = await Promise.all(places.map((place, index) => storage.get(days[Math.floor(index / 5)] as Day, place)));
    expect(read.map((bytes) => bytes !== undefined)).toEqual([...Array<boolean>(15).fill(false), ...Array<boolean>(5).fill(true)]);
    for (const day of days.slice(0, 3)) expect(kind.names().filter((name) => name.includes(`${day}/`))).toEqual([]);
    await storage.close();
  });

  it('says when it is full, and when it cannot be reached', async () => {
    expect(await codeOf((await kind.full()).put(LAST, randomBytes(9)))).toBe('storage-full');
    const unreachable = await kind.unreachable();
    const place = nothingThere(9);
    const outcomes = [unreachable.put(LAST, randomBytes(9)), unreachable.get(LAST, place), unreachable.erase(LAST, [place]), unreachable.tidy(TODAY)].map(codeOf);
    expect(await Promise.all(outcomes)).toEqual(Array(4).fill('storage-unavailable'));
  });
});

describe('an S3-compatible storage in trouble', () => {
  const problemWith = (settings: Partial<S3Settings>, timeout?: number): Promise<string> =>
    mustHaveAccess(clientFor({ ...server.settings, ...settings }, timeout)).then(() => 'none', (error: unknown) => {
      if (error instanceof Error && error.name === 'StartError') return error.message;
      throw error;
    });

  it('is found out at the start, with one line that repeats no key', async () => {
    expect(await problemWith({})).toBe('none');
    expect(server.keys().filter((key) => key.startsWith('blobs/0/'))).toEqual([]);
    const lines = {
      refused: await problemWith({ secretKey: 'hunter2' }), unknown: await problemWith({ accessKey: 'hunter2' }), bucket: await problemWith({ bucket: 'no-such-bucket' }),
      away: await problemWith({ endpoint: `http://127.0.0.1:${await freePort()}` }), silent: await problemWith({ endpoint: await answering(() => undefined) }, 200),
    };
    expect(lines).toEqual({
      refused: expect.stringMatching(/does not take the access key and secret key.*\(SignatureDoesNotMatch\)\.$/),
      unknown: expect.stringMatching(/does not take the access key and secret key.*\(InvalidAccessKeyId\)\.$/),
      bucket: 'THICKET_S3_BUCKET names a bucket that is not there. Make one for this hub alone.',
      away: 'The storage at THICKET_S3_ENDPOINT cannot be reached (ECONNREFUSED).',
      silent: 'The storage at THICKET_S3_ENDPOINT cannot be reached (timeout).',
    });
    for (const line of Object.values(lines)) expect(line).not.toContain('hunter2');
  });

  it('is not taken where deleting leaves an old version behind', async () => {
    const objects = new Map<string, Buffer>();
    const versioned = await answering(async (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://s3');
      if (searchParams.has('list-type')) return response.end('<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>');
      if (request.method === 'PUT') objects.set(pathname, Buffer.concat(await request.toArray()));
      if (request.method === 'DELETE' && searchParams.get('versionId') === 'v1') objects.delete(pathname);
      const found = objects.get(pathname);
      return response.writeHead(found === undefined && request.method === 'GET' ? 404 : 200, { 'x-amz-version-id': 'v1' }).end(request.method === 'GET' ? found : undefined);
    });
    expect(await problemWith({ endpoint: versioned })).toMatch(/keeps old versions/);
    expect(objects.size).toBe(0);
  });

  it('is asked once more when it was busy, and never follows it elsewhere', async () => {
    let asked = 0;
    const busy = await answering((request, response) => {
      request.resume();
      response.writeHead((asked += 1) === 1 ? 503 : 200).end();
    });
    await new S3Objects(clientFor({ ...server.settings, endpoint: busy })).put(LAST, randomBytes(9));
    expect(asked).toBe(2);
    const elsewhere = await answering((request, response) => response.writeHead(307, { location: `${busy}${request.url}` }).end());
    expect(await codeOf(new S3Objects(clientFor({ ...server.settings, endpoint: elsewhere })).put(LAST, randomBytes(9)))).toBe('storage-unavailable');
    expect(asked).toBe(2);
  });
});

describe('a hub that keeps its files in an S3-compatible storage', () => {
  it('takes a file, gives it to whoever knows its id, deletes it when told and when its days are over', async () => {
    const calendar = testCalendar();
    const relay = await startTestRelay({ calendar, config: { blobs: { folder: join(folder, 'unused'), reserve: 0, space: undefined, s3: server.settings } } });
    try {
      const before = server.keys().length;
      const hub = await WireHub.found(relay);
      const [kept, withdrawn] = [await wireBlob(hub, MiB + 64 * KiB).send(), await wireBlob(hub, 64 * KiB).send()];
      expect(server.keys().length).toBe(before + 3);
      for (const [index, chunk] of kept.chunks.entries()) expect(Buffer.compare((await kept.read(index)).chunk, chunk)).toBe(0);
      expect((await kept.write(1)).received).toBe(2);
      expect(await codeOf(kept.write(1, random(64 * KiB)))).toBe('wrong-chunk');
      await withdrawn.delete();
      expect(await codeOf(withdrawn.read(0))).toBe('unknown-blob');
      expect(server.keys().length).toBe(before + 2);

      calendar.pass(RETENTION_DAYS.post);
      await relay.restart();
      expect(Buffer.compare((await kept.read(1)).chunk, kept.chunks[1] as Uint8Array)).toBe(0);
      calendar.pass(1);
      await relay.restart();
      expect(await codeOf(kept.read(0))).toBe('unknown-blob');
      expect(server.keys()).toEqual([]);
      expect(readdirSync(folder)).not.toContain('unused');
    } finally {
      await relay.stop();
    }
  });

  it('does not start where it could keep none', async () => {
    const s3 = { ...server.settings, secretKey: 'hunter2' };
    await expect(startTestRelay({ config: { blobs: { folder, reserve: 0, space: undefined, s3 } } })).rejects.toThrow(/does not take the access key/);
  });
});

/** A server on loopback that answers everything in one way. @returns its origin */
async function answering(answer: RequestListener): Promise<string> {
  const http = createServer(answer);
  afterAllServers.push(() => {
    http.closeAllConnections();
    http.close();
  });
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}
const afterAllServers: (() => void)[] = [];
afterAll(() => {
  for (const close of afterAllServers) close();
});
