/**
 * mallory sends thousands of posts whose signatures are none, as fast as she can.
 *
 * What she pays: a connection for each, because the first forgery ends it, and, where the signature is to be looked at, the
 * drawing of a token. What the relay pays: taking the connections or turning them away, reading, checking tokens and
 * signatures, remembering the tokens, and issuing what she draws. Both sides are processes of their own, and the figures are
 * their processor time as Linux counts it, in user and system. PostgreSQL's is not counted: each post that is looked at costs
 * it a glance, and a row for a token that was real.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readyPosts, requestOf } from '../bench/appends/posts.ts';
import { Poster } from '../harness/poster.ts';
import { type SpawnedRelay, spawnRelay } from '../harness/relay.ts';
import { until } from '../harness/until.ts';
import { WireHub, type WireMailbox } from '../harness/wire.ts';
import type { FloodOrder, FloodReport } from './signature-flood.ts';

/** One of 32 new connections is let in: that bob has no luck so often happens once in some millions of runs. */
const BOBS_TRIES = 500;

/** @param connections of mallory's in each test. @param posts of alice's meanwhile */
export const floodStory = (connections: number, posts: number) => describe('a flood of forged posts', () => {
  let relay: SpawnedRelay, hub: WireHub, room: WireMailbox, mallory: ChildProcess;
  beforeAll(async () => {
    relay = await spawnRelay();
    hub = await WireHub.found(relay);
    room = await hub.openMailbox();
    // A relay that has run for a while has compiled what it runs.
    await Promise.all(Array.from({ length: 16 }, async () => {
      for (let count = 0; count < 60; count += 1) await room.post();
    }));
    mallory = fork(fileURLToPath(new URL('signature-flood.ts', import.meta.url)), { execArgv: ['--conditions=thicket-source'] });
  });
  afterAll(async () => {
    mallory?.kill();
    await relay?.stop();
  });

  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

  /** @returns processor seconds of both sides */
  async function flood(tokens: FloodOrder['tokens'], count: number, behind: number) {
    const pass = { id: hex(hub.pass.id), secret: hex(hub.pass.secret) };
    const order: FloodOrder = { origin: relay.origin, hub: hex(hub.hub), mailbox: hex(room.id), pass, connections: count, behind, tokens };
    const before = { relay: cpuOf(relay.pid), mallory: cpuOf(mallory.pid as number) };
    const over = new Promise<FloodReport>((resolve) => mallory.once('message', (report) => resolve(report as FloodReport)));
    mallory.send(order);
    const report = await over;
    const found = { relay: cpuOf(relay.pid) - before.relay, mallory: cpuOf(mallory.pid as number) - before.mallory };
    console.log(`${tokens} tokens, ${behind} to a connection, processor seconds:`, found, report);
    return { ...found, ...report };
  }

  it('is not felt on connections that stand, and who tries again with new ones gets through', async () => {
    const requests = (await readyPosts(hub, [room], posts + 1)).flat().map((post) => Poster.request(relay.origin, '/v1/records', requestOf(post)));
    const alice = await Poster.to(relay.origin);
    expect(await alice.post(requests.pop() as Buffer)).toBe(200);
    let isOver = false;
    const flooding = flood('made-up', connections, 1).finally(() => (isOver = true));
    const statuses = new Set<number>();
    let [during, tries] = [0, 0];
    await Promise.all([
      (async () => {
        for (const request of requests) {
          statuses.add(await alice.post(request));
          during += isOver ? 0 : 1;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      })(),
      (async () => {
        await until(() => during > posts / 2 || isOver, 'the flood to be well under way');
        for (let served = false; !served; tries += 1) served = await isServed(relay.origin);
      })(),
    ]);
    console.log({ during, tries });
    expect([...statuses]).toEqual([200]);
    expect(during).toBeGreaterThan(posts / 10);
    expect(tries).toBeLessThan(BOBS_TRIES);
    await flooding;
    alice.close();
  });

  it.each([
    ['made-up', 'one to a connection', 1], ['fresh', 'one to a connection', 1], ['made-up', 'forty behind each other', 40],
  ] as const)('costs its sender more than the relay, with %s tokens, %s', async (tokens, _how, behind) => {
    await flood(tokens, 200, behind); // mallory's program too has compiled what it runs.
    const { relay: ours, mallory: hers, answered, turnedAway } = await flood(tokens, connections, behind);
    expect(answered + turnedAway).toBe(connections);
    expect(ours).toBeLessThan(hers);
  });
});

/** On a connection of its own. */
const isServed = (origin: string): Promise<boolean> =>
  new Promise((resolve) => {
    get(`${origin}/v1/hub`, { agent: false }, (reply) => reply.resume().once('end', () => resolve(reply.statusCode === 200))).once('error', () => resolve(false));
  });

/** User and system time of a process, in seconds (proc(5): fields 14 and 15, in hundredths). */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
