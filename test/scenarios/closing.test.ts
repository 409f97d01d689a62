/**
 * A closed session leaves nothing behind: no timer, no socket, no request keeps the process. That holds while the relay
 * answers, while nothing is there, and while something is there that never says a word.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sqliteVaultHome } from '#core/vault/sqlite.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TEST_COST } from '../harness/memory-vault.ts';
import { foundHub } from '../harness/people.ts';
import { startTestRelay, type TestRelay } from '../harness/relay.ts';

const SCRIPT = fileURLToPath(new URL('./closing-process.ts', import.meta.url));
let relay: TestRelay;
let room: string;
const folder = mkdtempSync(join(tmpdir(), 'thicket-test-closing-'));

beforeAll(async () => {
  relay = await startTestRelay();
  const alice = await foundHub(relay.foundingLink as string, 'alice', { home: sqliteVaultHome(folder, { cost: TEST_COST }) });
  room = await alice.session.createRoom('Leaving');
  await alice.session.close();
});
afterAll(async () => {
  await relay.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('while the relay answers', () => endsByItself());

it('while no relay is there', async () => {
  await relay.stop();
  await endsByItself();
});

it('while something is there that never answers', async () => {
  await relay.stop();
  const silent = await silence(Number(new URL(relay.origin).port));
  await endsByItself();
  await silent.stop();
});

/** Generous: the machine may be busy. What is to be caught lasts twenty seconds and more. */
const LONGEST_CLOSE_MS = 9_000;
const LONGEST_END_MS = 5_000;

async function endsByItself(): Promise<void> {
  const child = spawn(process.execPath, ['--conditions=thicket-source', SCRIPT, folder, room], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const code = await new Promise((resolve) => child.once('close', (exit, signal) => resolve(exit ?? signal)));
  clearTimeout(timer);
  expect(code, errors).toBe(0);
  const { closedAfterMs, at } = JSON.parse(said) as { closedAfterMs: number; at: number };
  expect(closedAfterMs, 'closing').toBeLessThan(LONGEST_CLOSE_MS);
  expect(Date.now() - at, 'ending').toBeLessThan(LONGEST_END_MS);
}

/** Takes connections and says nothing. */
async function silence(port: number): Promise<{ stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.resume();
  });
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    stop: () => new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    }),
  };
}
