/** Attack 35 at the relay: a short form in every test run, and a million in million-frames.long.ts. */
import { expect } from 'vitest';
import { freshSeed } from '../harness/chance.ts';
import { spawnRelay } from '../harness/relay.ts';
import { WireHub } from '../harness/wire.ts';
import { assault } from './assault.ts';

/** KiB that the relay's memory may have grown by since the first quarter. */
const MOST_GROWN = 96 * 1024;

/** What nobody without a key, a pass or a token may change. */
const UNCHANGED = [
  'SELECT hub, founding_token_hash FROM hub', 'SELECT pass, secret_hash FROM passes ORDER BY pass', 'SELECT count(*) FROM shards',
  "SELECT shard, seq, mailbox, kind, slot, body_hash FROM records WHERE kind <> 3 ORDER BY shard, seq",
];

export async function malformedInput(attempts: number, step: number): Promise<void> {
  const seed = Number(process.env['THICKET_SEED'] ?? freshSeed());
  console.log(`${attempts} attempts, seed ${seed}`);
  const relay = await spawnRelay();
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
    const report = await assault({ origin: relay.origin, pid, pass: hub.pass, seed, attempts, step });
    console.log({ sent: report.sent, seconds: Math.round((Date.now() - began) / 1000), residentKiB: report.resident });
    console.log(Object.fromEntries([...report.answers].sort()));
    expect(report.wrong.slice(0, 5), `seed ${seed}`).toEqual([]);
    expect([await state(), await slot()], 'what must not change').toEqual(before);
    expect(relay.pid, 'the same process').toBe(pid);
    expect(relay.lines.filter((line) => line.includes('error of its own'))).toEqual([]);
    expect((await mailbox.post()).seq, 'an honest post').toBeGreaterThan(0);
    const quarter = Math.max(...report.resident.slice(0, Math.ceil(report.resident.length / 4)));
    expect(Math.max(...report.resident) - quarter, 'growth of the resident memory').toBeLessThan(MOST_GROWN);
  } finally {
    await relay.stop();
  }
}
