/** A search that finds nothing proves something only if it would have found it. Here everything is planted, and must be found. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seal, sodiumReady } from '#shared/sodium.ts';
import { startTestPostgres } from '../harness/postgres.ts';
import { guessesFrom, luck } from './guessing.ts';
import { exactly, needle } from './needles.ts';
import { bytesPlace, filesIn, memoryOf, openFilesOf } from './places.ts';
import { sweep } from './sweep.ts';
import { broken } from './table.ts';
import { commitsIn, TimeFinder } from './times.ts';
import { keysIn, open } from './unsealing.ts';

const canary = `heron-${randomBytes(12).toString('hex')}`;
/** What needs /proc. */
const onLinux = it.runIf(process.platform === 'linux');
const found = (bytes: Buffer): number => sweep([bytesPlace('here', 'x', bytes)], [needle('word', canary, canary)], []).distinct('word', 'here');
const noise = (length: number): Buffer => randomBytes(length);

describe('a word', () => {
  it('is found in every form, wherever it begins', () => {
    for (let before = 0; before < 6; before += 1) {
      const around = (bytes: Buffer) => Buffer.concat([noise(before), bytes, noise(7)]);
      const inText = Buffer.from(`${'x'.repeat(before)}${canary} and more`);
      expect(found(around(Buffer.from(canary))), 'UTF-8').toBe(1);
      expect(found(around(Buffer.from(canary, 'utf16le'))), 'UTF-16').toBe(1);
      expect(found(around(Buffer.from(inText.toString('hex')))), 'hexadecimal').toBe(1);
      expect(found(around(Buffer.from(inText.toString('hex').toUpperCase()))), 'HEXADECIMAL').toBe(1);
      expect(found(around(Buffer.from(inText.toString('base64')))), 'base64').toBe(1);
      expect(found(around(Buffer.from(inText.toString('base64url')))), 'base64url').toBe(1);
    }
    expect(found(noise(100_000))).toBe(0);
  });

  it('is found across the seam of two pieces, and beside long stretches of nothing', () => {
    const whole = Buffer.concat([Buffer.alloc(12_000), Buffer.from(canary), Buffer.alloc(12_000)]);
    expect(found(whole)).toBe(1);
    for (const cut of [12_001, 12_010, 12_029]) {
      const place = { where: 'here', what: 'x', pieces: () => [whole.subarray(0, cut), whole.subarray(cut)] };
      expect(sweep([place], [needle('word', canary, canary)], []).distinct('word', 'here')).toBe(1);
    }
    const socket = exactly('address', 'a', Buffer.from([127, 0, 1, 9, 0, 0, 0, 0, 0, 0, 0, 0]));
    const memory = Buffer.alloc(12_288);
    memory.set([127, 0, 1, 9], 4090);
    expect(sweep([bytesPlace('here', 'x', memory)], [socket], []).distinct('address', 'here')).toBe(1);
  });

  onLinux('is found in a file, and a file that a process holds open elsewhere is seen', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'thicket-planted-'));
    writeFileSync(join(folder, 'access.log'), `127.0.1.7 said ${canary}`);
    expect(sweep(filesIn(folder, () => 'files'), [needle('word', 'w', canary)], []).distinct('word', 'files')).toBe(1);
    const child = spawn(process.execPath, ['-e', `require('fs').openSync(${JSON.stringify(join(folder, 'access.log'))}); console.log('ready'); setInterval(() => 0, 1000)`]);
    await new Promise((ready) => child.stdout.once('data', ready));
    expect(openFilesOf(child.pid as number)).toContain(join(folder, 'access.log'));
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  onLinux('is found in the memory of a process, and so is an address that it asked for', async () => {
    const program = `
      const word = Buffer.from(${JSON.stringify([...Buffer.from(canary)].map((byte) => byte ^ 1))}.map((byte) => byte ^ 1)).toString();
      globalThis.kept = { word };
      const server = require('net').createServer((socket) => { globalThis.kept.address = socket.remoteAddress; console.log('met'); });
      server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
    const child = spawn(process.execPath, ['-e', program]);
    const line = () => new Promise<string>((done) => child.stdout.once('data', (chunk: Buffer) => done(chunk.toString())));
    const port = Number(await line());
    const { connect } = await import('node:net');
    const met = line();
    const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.1.77' });
    await met;
    const finds = sweep(memoryOf(child.pid as number, 'memory', { shared: true }), [needle('word', 'w', canary), needle('address', 'a', '127.0.1.77')], []);
    expect([finds.distinct('word', 'memory'), finds.distinct('address', 'memory')]).toEqual([1, 1]);
    socket.destroy();
    child.kill('SIGKILL');
  });

  it('is found below the outer layer when the key of its day lies beside it, and not when that is gone', async () => {
    await sodiumReady();
    const folder = mkdtempSync(join(tmpdir(), 'thicket-planted-'));
    const [key, id, context] = [noise(32), noise(8), noise(48)];
    const sealed = Buffer.concat([id, seal(key, Buffer.from(canary), context)]);
    expect(found(sealed)).toBe(0);
    expect(open(keysIn(folder), sealed, context)).toBeUndefined();
    writeFileSync(join(folder, `20000-${id.toString('hex')}.key`), key);
    expect(found(open(keysIn(folder), sealed, context) as Buffer)).toBe(1);
    rmSync(folder, { recursive: true });
  });
});

describe('a time of day', () => {
  const now = Date.UTC(2026, 10, 23, 6, 12, 30);
  const times = (bytes: Buffer): number[] => {
    const seen: number[] = [];
    new TimeFinder([{ from: now - 60_000, to: now + 60_000 }]).search(Buffer.concat([noise(3), bytes, noise(9)]), (ms) => seen.push(Math.round(ms)));
    return seen;
  };

  it('is found in every form in which it is usually written', () => {
    const eight = (write: (buffer: Buffer) => void) => {
      const buffer = Buffer.alloc(8);
      write(buffer);
      return buffer;
    };
    const postgres = eight((buffer) => buffer.writeBigInt64LE(BigInt(now - Date.UTC(2000, 0, 1)) * 1000n));
    for (const [form, bytes] of Object.entries({
      postgres, integer: eight((buffer) => buffer.writeBigInt64LE(BigInt(now))), double: eight((buffer) => buffer.writeDoubleLE(now)), digits: Buffer.from(`at ${now}.`),
      http: Buffer.from(new Date(now).toUTCString()), iso: Buffer.from(new Date(now).toISOString()), sql: Buffer.from('2026-11-23 06:12:30.123+00'),
    })) expect(times(bytes), form).toEqual([now]);
    expect(times(eight((buffer) => buffer.writeDoubleLE(now - 3_600_000)))).toEqual([]);
    expect(times(noise(1_000_000))).toEqual([]);
  });

  it('is found in PostgreSQL\'s journal, with the transaction it belongs to', async () => {
    const postgres = await startTestPostgres();
    const database = await postgres.freshDatabase();
    const before = Date.now();
    await database.query('INSERT INTO spent_tickets (week, nonce) VALUES (1, $1)', [noise(32)]);
    const after = Date.now();
    const [row] = await database.query<{ xid: string }>('SELECT xmin::text AS xid FROM spent_tickets');
    await database.query('CHECKPOINT');
    const folder = join(postgres.directory, 'pg_wal');
    const commits = readdirSync(folder).filter((name) => /^[0-9A-F]{24}$/.test(name)).flatMap((name) => commitsIn(readFileSync(join(folder, name))));
    expect(commits.find(({ xid }) => xid === Number(row?.xid))?.at).toSatisfy((at: number) => at >= before - 5 && at <= after + 5);
    await postgres.stop();
  }, 60_000);
});

describe('an order', () => {
  it('that ties passes to rooms is told from one that does not', async () => {
    const people = Array.from({ length: 20 }, (_, index) => ({ name: `${index}`, address: '', pass: `p${index}`, leafKeys: new Set<string>() }));
    const rooms = Array.from({ length: 10 }, (_, index) => ({ mailbox: `m${index}`, name: '', members: new Set(people.slice(index * 2, index * 2 + 2)) }));
    const truth = { hubName: '', members: people, rooms, messages: [], began: 0 };
    const answering = (commitOf: (index: number) => string) => async <Row extends object>(text: string): Promise<Row[]> => {
      const rows = text.includes('FROM passes') ? people.map(({ pass }, index) => ({ xid: `${index * 10}`, id: pass }))
        : text.includes('kind = 2') ? people.map((_, index) => ({ xid: `${index * 10 + 5}`, id: commitOf(index) })) : [];
      return rows as unknown as Row[];
    };
    const [told] = await guessesFrom(answering((index) => `m${Math.floor(index / 2)}`), truth);
    const [mixed] = await guessesFrom(answering((index) => `m${(index * 7 + 3) % 10}`), truth);
    expect(told).toMatchObject({ right: 20, made: 20, chance: 0.1 });
    expect(luck(told as NonNullable<typeof told>)).toBeLessThan(1e-15);
    expect(luck(mixed as NonNullable<typeof mixed>)).toBeGreaterThan(0.01);
  });
});

describe('the table', () => {
  it('breaks its promise when something is found that nobody should find', () => {
    const row = { sought: 'a name', where: 'somewhere', means: '', of: 1 };
    expect(broken([{ ...row, found: 1, promise: 'nothing' }, { ...row, found: 1, promise: 'open' }, { ...row, found: 0, promise: 'nothing' }])).toHaveLength(1);
  });
});
