/**
 * mallory sends thousands of posts that are right in everything but the signature, each with a fresh token. Every one of
 * them costs her a token of her weekly allowance, which is what ends the flood; its drawing costs her about as much computing
 * as the whole post costs the relay. Alice's posts go through meanwhile, and with made-up tokens no signature is looked at.
 * Both sides are processes of their own; the figures are their processor time as Linux counts it.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SpawnedRelay, spawnRelay } from '../harness/relay.ts';
import { WireHub, type WireMailbox, random } from '../harness/wire.ts';
import type { FloodOrder, FloodReport } from './signature-flood.ts';

const POSTS = 3_000;
/** Milliseconds between two posts of alice's, and what one may take on a machine that others use too. */
const PACE = 50;
const BOUND = 5_000;
/** The relay draws with her, checks her token, her signature, and remembers the token: measured, 1.3 times what she pays. */
const MOST_TIMES = 2;

describe('a flood of bad signatures', () => {
  let relay: SpawnedRelay, hub: WireHub, room: WireMailbox, mallory: ChildProcess;
  beforeAll(async () => {
    relay = await spawnRelay();
    hub = await WireHub.found(relay);
    room = await hub.openMailbox();
    await room.post();
    mallory = fork(fileURLToPath(new URL('signature-flood.ts', import.meta.url)), { execArgv: ['--conditions=thicket-source'] });
  }, 120_000);
  afterAll(async () => {
    mallory?.kill();
    await relay?.stop();
  });

  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  const before = (): { relay: number; mallory: number } => ({ relay: cpuOf(relay.pid), mallory: cpuOf(mallory.pid as number) });

  const spentTokens = async (): Promise<number> => (await relay.database?.query<{ count: number }>('SELECT count(*)::int AS count FROM spent_tokens'))?.[0]?.count ?? 0;

  /** @returns processor seconds of both while alice was silent, what mallory was answered, and how long each of alice's posts took */
  async function flood(tokens: FloodOrder['tokens'], posts: number, alicePosts: boolean) {
    const order: FloodOrder = { origin: relay.origin, hub: hex(hub.hub), mailbox: hex(room.id), pass: { id: hex(hub.pass.id), secret: hex(hub.pass.secret) }, posts, tokens };
    const start = before();
    let done: FloodReport | undefined;
    const over = new Promise<void>((resolve) => mallory.once('message', (report) => {
      done = report as FloodReport;
      resolve();
    }));
    mallory.send(order);
    const took: number[] = [];
    while (alicePosts && done === undefined) {
      const began = performance.now();
      await room.post(random(1024));
      took.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, PACE));
    }
    await over;
    const end = before();
    return { relay: end.relay - start.relay, mallory: end.mallory - start.mallory, report: done as FloodReport, took };
  }

  it('costs its sender a token for each, and computing of the same order as the relay\'s', async () => {
    await flood('fresh', 200, false); // warm: both compile what they run
    const spent = await spentTokens();
    const found = await flood('fresh', POSTS, false);
    console.log('with fresh tokens, processor seconds:', { relay: found.relay, mallory: found.mallory }, found.report);
    expect(found.report[403]).toBe(POSTS);
    expect(await spentTokens()).toBe(spent + POSTS);
    expect(found.relay).toBeLessThan(found.mallory * MOST_TIMES);
  }, 300_000);

  it('does not keep alice from posting, with tokens or without', async () => {
    for (const tokens of ['fresh', 'made-up'] as const) {
      const found = await flood(tokens, POSTS, true);
      const sorted = found.took.toSorted((a, b) => a - b);
      const at = (share: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
      console.log(`alice beside ${tokens} tokens:`, { posts: sorted.length, p50: at(0.5), p99: at(0.99), relay: found.relay, mallory: found.mallory }, found.report);
      expect(sorted.length).toBeGreaterThan(5);
      expect(sorted.at(-1)).toBeLessThan(BOUND);
    }
  }, 300_000);
});

/** User and system time of a process, in seconds (proc(5): fields 14 and 15, in hundredths). */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
