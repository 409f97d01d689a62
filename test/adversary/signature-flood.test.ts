/**
 * mallory sends thousands of posts whose signatures are none, as fast as she can. What she pays: a connection for each, and,
 * where the signature is to be looked at, the drawing of a token. What the relay pays: taking the connections, reading,
 * checking tokens and signatures, remembering the tokens, turning connections away, and issuing what she draws. Both sides
 * are processes of their own; the figures are their processor time as Linux counts it, in user and system. PostgreSQL's is
 * not counted: of the posts that are looked at it has a glance and a spent token each.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../harness/until.ts';
import { type SpawnedRelay, spawnRelay } from '../harness/relay.ts';
import { WireHub, type WireMailbox, random } from '../harness/wire.ts';
import type { FloodOrder, FloodReport } from './signature-flood.ts';

const CONNECTIONS = Number(process.env['FLOOD'] ?? 6000);

describe('a flood of forged posts', () => {
  let relay: SpawnedRelay, hub: WireHub, room: WireMailbox, mallory: ChildProcess;
  beforeAll(async () => {
    relay = await spawnRelay(process.env["PROF"] ? { environment: { NODE_OPTIONS: "--cpu-prof --cpu-prof-dir=/tmp/rs/prof" } } : {});
    hub = await WireHub.found(relay);
    room = await hub.openMailbox();
    // A relay that has run for a while has compiled what it runs.
    await Promise.all(Array.from({ length: 16 }, async () => {
      for (let count = 0; count < 60; count += 1) await room.post();
    }));
    mallory = fork(fileURLToPath(new URL('signature-flood.ts', import.meta.url)), { execArgv: ['--conditions=thicket-source'] });
  }, 120_000);
  afterAll(async () => {
    mallory?.kill();
    await relay?.stop();
  });

  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

  /** @returns processor seconds of both */
  async function flood(tokens: FloodOrder['tokens'], connections: number, behind = 1) {
    const order: FloodOrder = { origin: relay.origin, hub: hex(hub.hub), mailbox: hex(room.id), pass: { id: hex(hub.pass.id), secret: hex(hub.pass.secret) }, connections, tokens, behind };
    const start = { relay: cpuOf(relay.pid), mallory: cpuOf(mallory.pid as number) };
    const over = new Promise<FloodReport>((resolve) => mallory.once('message', (report) => resolve(report as FloodReport)));
    mallory.send(order);
    const report = await over;
    const found = { relay: cpuOf(relay.pid) - start.relay, mallory: cpuOf(mallory.pid as number) - start.mallory };
    console.log(`${tokens} tokens, ${behind} behind each other, processor seconds:`, found, report);
    return { ...found, report };
  }

  it.each([['made-up', 1], ['fresh', 1], ['made-up', 40]] as const)('costs its sender more than the relay: %s tokens, %i posts at once', async (tokens, behind) => {
    await flood(tokens, 300, behind); // Both compile what they run.
    const found = await flood(tokens, CONNECTIONS, behind);
    expect(found.relay).toBeLessThan(found.mallory);
  });
});

/** User and system time of a process, in seconds (proc(5): fields 14 and 15, in hundredths). */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
void until; void random;
