/** Attack 35 at the relay: a short form in every test run, and a million in million-frames.long.ts. */
import { expect } from 'vitest';
import { freshSeed } from '../harness/chance.ts';
import { type Held, heapWindow } from '../harness/heap.ts';
import { spawnRelay } from '../harness/relay.ts';
import { WireHub } from '../harness/wire.ts';
import { assault } from './assault.ts';

/** KiB by which what the relay holds at the end may be above what it held in the middle. */
const MOST_GROWN = { heapKiB: 2_048, buffersKiB: 2_048, residentKiB: 16_384 } as const;

const median = (numbers: readonly number[]): number => [...numbers].sort((one, other) => one - other)[numbers.length >> 1] as number;

/** The first third is for warming up: compiled code, caches, connections to the database. */
function growth(held: readonly Held[], what: keyof Held): number {
  const third = Math.ceil(held.length / 3);
  const of = (part: readonly Held[]) => median(part.map((each) => each[what]));
  return of(held.slice(-third)) - of(held.slice(-2 * third, -third));
}

/** What nobody without a key, a pass or a token may change. */
const UNCHANGED = [
  'SELECT hub, founding_token_hash FROM hub', 'SELECT pass, secret_hash FROM passes ORDER BY pass', 'SELECT count(*) FROM shards',
  "SELECT shard, seq, mailbox, kind, slot, body_hash FROM records WHERE kind <> 3 ORDER BY shard, seq",
];

export async function malformedInput(attempts: number, step: number): Promise<void> {
  const seed = Number(process.env['THICKET_SEED'] ?? freshSeed());
  console.log(`${attempts} attempts, seed ${seed}`);
  const heap = await heapWindow();
  const relay = await spawnRelay({ environment: heap.environment });
  try {
    const hub = await WireHub.found(relay);
    const mailbox = await hub.openMailbox();
    for (let count = 0; count < 20; count += 1) await mailbox.post();
    await mailbox.commit();
    const { pid } = relay;
    const state = async () => JSON.stringify(await Promise.all(UNCHANGED.map((query) => relay.database?.query(query))));
    const slot = async () => JSON.stringify(await relay.database?.query('SELECT slot, verify_key FROM mailboxes WHERE mailbox = $1', [mailbox.id]));
    const before = [await state(), await slot()];
    const began = Date.now();
    const report = await assault({ origin: relay.origin, pass: hub.pass, seed, attempts, step, look: heap.look });
    console.log({ sent: report.sent, seconds: Math.round((Date.now() - began) / 1000) });
    console.log(Object.fromEntries([...report.answers].sort()));
    expect(report.wrong.slice(0, 5), `seed ${seed}`).toEqual([]);
    expect([await state(), await slot()], 'what must not change').toEqual(before);
    expect(relay.pid, 'the same process').toBe(pid);
    expect(relay.lines.filter((line) => line.includes('error of its own'))).toEqual([]);
    expect((await mailbox.post()).seq, 'an honest post').toBeGreaterThan(0);
    expect(report.sent).toBeGreaterThanOrEqual(attempts);
    for (const what of ['heapKiB', 'buffersKiB', 'residentKiB'] as const) expect(growth(report.held, what), `growth of ${what}`).toBeLessThan(MOST_GROWN[what]);
  } finally {
    await relay.stop();
  }
}
