/** The vault's file when the process dies, when two want it, when the disk is full, and in the wrong hands. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hex, sodiumReady, utf8 } from '#shared/sodium.ts';
import { sqliteVaultHome } from '#core/vault/sqlite.ts';
import { TEST_COST } from '../harness/memory-vault.ts';

const root = new URL('../../', import.meta.url).pathname;
const NODE = join(root, 'node_modules/.bin/node');
const WRITER = new URL('./vault-writer.ts', import.meta.url).pathname;
const PASSPHRASE = 'a passphrase';
const base = mkdtempSync(join(tmpdir(), 'thicket-crash-'));
beforeAll(sodiumReady);
afterAll(() => rmSync(base, { recursive: true, force: true }));

let homes = 0;
const newDirectory = () => join(base, `home-${(homes += 1)}`);
const homeIn = (directory: string) => sqliteVaultHome(directory, { cost: TEST_COST });
const refusedAs = (code: string) => expect.objectContaining({ name: 'VaultFailure', code });
const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

/** Starts the writer. `lines` is what its vault acknowledged so far. */
interface Writer {
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  /** Its vault is open, or `count` batches are acknowledged as well. */
  wrote(count: number): Promise<void>;
  readonly ended: Promise<void>;
}
function startWriter(directory: string, first: number): Writer {
  const child = spawn(NODE, ['--conditions=thicket-source', WRITER, directory, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  let rest = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  const wrote = (count: number) => vi.waitFor(() => expect(lines.length).toBeGreaterThan(count), { timeout: 30_000, interval: 2 });
  return { child, lines, wrote, ended: new Promise((resolve) => child.once('close', () => resolve())) };
}

describe('a vault whose process is killed', () => {
  test('has every batch it acknowledged, and no half of one, ten times over', async () => {
    const directory = newDirectory();
    await (await homeIn(directory).create(PASSPHRASE)).close();
    let next = 0;
    for (let round = 0; round < 10; round += 1) {
      const { child, lines, wrote, ended } = startWriter(directory, next);
      await wrote(round % 3);
      const delay = Math.floor(Math.random() * 150);
      await new Promise((resolve) => setTimeout(resolve, delay));
      child.kill('SIGKILL');
      await ended;

      const acknowledged = Number(lines.filter((line) => line !== 'open').at(-1) ?? next - 1);
      const vault = await homeIn(directory).open(PASSPHRASE);
      const orders = (await vault.range('messages', 'room')).map((entry) => entry.order);
      const cursor = text(await vault.get({ collection: 'cursor', scope: '0', order: 0 }));
      const state = text(await vault.get({ collection: 'rooms', scope: 'room', order: 0 }));
      await vault.close();
      const seen = `round ${round}, killed after ${delay} ms, acknowledged ${acknowledged}`;
      expect(orders, seen).toEqual(Array.from({ length: orders.length }, (_, i) => i));
      expect(orders.length, seen).toBeGreaterThan(acknowledged);
      expect([cursor, state], seen).toEqual(orders.length === 0 ? [undefined, undefined] : [String(orders.length - 1), String(orders.length - 1)]);
      next = orders.length;
    }
    expect(next).toBeGreaterThanOrEqual(9);
  });

  test('is locked against every other process while it runs, and free the moment it died', async () => {
    const directory = newDirectory();
    await (await homeIn(directory).create(PASSPHRASE)).close();
    const { child, wrote, ended } = startWriter(directory, 0);
    await wrote(0);
    await expect(homeIn(directory).open(PASSPHRASE)).rejects.toEqual(refusedAs('in-use'));
    await expect(homeIn(directory).erase()).rejects.toEqual(refusedAs('in-use'));
    expect(await homeIn(directory).exists()).toBe(true);
    const patient = sqliteVaultHome(directory, { patienceMs: 20_000 }).open(PASSPHRASE);
    child.kill('SIGKILL');
    await ended;
    await (await patient).close();
  });
});

describe('a vault on a bad disk', () => {
  test('says that the disk is full, and has what it had', async () => {
    const directory = newDirectory();
    const vault = await sqliteVaultHome(directory, { cost: TEST_COST, maximumBytes: 200_000 }).create(PASSPHRASE);
    await vault.write([{ put: { collection: 'profile', scope: '', order: 0 }, value: utf8('alice') }]);
    const tooMuch = vault.write([
      { put: { collection: 'profile', scope: '', order: 0 }, value: utf8('mallory') },
      { put: { collection: 'messages', scope: 'r', order: 1 }, value: randomBytes(300_000) },
    ]);
    await expect(tooMuch).rejects.toEqual(refusedAs('storage-full'));
    expect(text(await vault.get({ collection: 'profile', scope: '', order: 0 }))).toBe('alice');
    await vault.write([{ put: { collection: 'profile', scope: '', order: 1 }, value: utf8('goes on') }]);
    await vault.close();
  });

  test.each([
    ['a file of noise', (file: string) => writeFileSync(file, randomBytes(8192))],
    ['an empty page', (file: string) => writeFileSync(file, new Uint8Array(4096))],
    ['half a file', (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2) + 100)],
    ['a file overwritten in the middle', (file: string) => {
      const bytes = readFileSync(file);
      bytes.fill(0xa5, 4096, bytes.length);
      writeFileSync(file, bytes);
    }],
  ])('calls %s damaged, and can still erase it', async (_what, harm) => {
    const directory = newDirectory();
    const vault = await homeIn(directory).create(PASSPHRASE);
    await vault.write([{ put: { collection: 'profile', scope: '', order: 0 }, value: randomBytes(20_000) }]);
    await vault.close();
    harm(join(directory, 'vault.db'));
    await expect(homeIn(directory).open(PASSPHRASE)).rejects.toEqual(refusedAs('damaged'));
    await homeIn(directory).erase();
    expect(await homeIn(directory).exists()).toBe(false);
    await (await homeIn(directory).create(PASSPHRASE)).close();
  });

  test('does not take a creation that was cut short for a vault', async () => {
    const directory = newDirectory();
    mkdirSync(directory);
    writeFileSync(join(directory, 'vault.db'), '');
    expect(await homeIn(directory).exists()).toBe(false);
    await expect(homeIn(directory).open(PASSPHRASE)).rejects.toEqual(refusedAs('absent'));
    await (await homeIn(directory).create(PASSPHRASE)).close();
  });

  test('says so when there is no place for it', async () => {
    writeFileSync(join(base, 'a-file'), '');
    await expect(homeIn(join(base, 'a-file')).create(PASSPHRASE)).rejects.toEqual(refusedAs('storage-unavailable'));
  });
});

describe('attack 20: a locked vault in the wrong hands', () => {
  test('the files show no text, no scope and no key, while it is open and after, and are the owner\'s alone', async () => {
    const directory = newDirectory();
    const umask = process.umask(0);
    const secret = randomBytes(32);
    const words = ['canary-message', 'canary-scope', 'canary-name'];
    const vault = await homeIn(directory).create('canary-passphrase');
    const room = hex(utf8('canary-scope'));
    await vault.write([
      { put: { collection: 'messages', scope: room, order: 1 }, value: utf8('canary-message') },
      { put: { collection: 'people', scope: 'canary-scope', order: 0 }, value: utf8('canary-name') },
      { put: { collection: 'profile', scope: '', order: 0 }, value: secret },
    ]);
    const look = () => {
      for (const name of readdirSync(directory)) {
        expect(statSync(join(directory, name)).mode & 0o077, name).toBe(0);
        const dump = readFileSync(join(directory, name));
        for (const word of [...words, 'canary-passphrase', room]) {
          for (const form of [Buffer.from(word), Buffer.from(word, 'utf16le'), Buffer.from(hex(utf8(word)))]) expect(dump.indexOf(form)).toBe(-1);
        }
        expect(dump.indexOf(secret)).toBe(-1);
      }
    };
    look();
    expect(readdirSync(directory).length).toBeGreaterThan(1);
    await vault.close();
    look();
    expect(readdirSync(directory)).toEqual(['vault.db']);
    expect(statSync(directory).mode & 0o077).toBe(0);
    process.umask(umask);
  });

  test('what was deleted is overwritten in the file, and an erased vault leaves nothing', async () => {
    const directory = newDirectory();
    const vault = await homeIn(directory).create(PASSPHRASE);
    await vault.write([{ put: { collection: 'messages', scope: 'r', order: 1 }, value: new Uint8Array(100_000) }]);
    await vault.close();
    const used = readFileSync(join(directory, 'vault.db'));
    const again = await homeIn(directory).open(PASSPHRASE);
    await again.write([{ deleteScope: { collection: 'messages', scope: 'r' } }]);
    await again.close();
    const zeros = (bytes: Buffer) => bytes.filter((byte) => byte === 0).length / bytes.length;
    expect(zeros(used)).toBeLessThan(0.4);
    expect(zeros(readFileSync(join(directory, 'vault.db')))).toBeGreaterThan(0.9);
    await homeIn(directory).erase();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('takes the file back from the others if somebody opened it up', async () => {
    const directory = newDirectory();
    await (await homeIn(directory).create(PASSPHRASE)).close();
    chmodSync(join(directory, 'vault.db'), 0o666);
    await (await homeIn(directory).open(PASSPHRASE)).close();
    expect(statSync(join(directory, 'vault.db')).mode & 0o777).toBe(0o600);
  });
});
