/**
 * What has expired is gone. Bodies of known bytes are posted, and a claim is left at a meeting place; the relay runs on a
 * PostgreSQL of its own, and days pass. Whoever takes the machine then holds every byte of it, and copies of the database
 * made before: its folder, and a logical dump.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ClaimRendezvousSchema, OpenRendezvousSchema, ReadRendezvousSchema, RendezvousClaimedSchema, RendezvousOpenedSchema, RendezvousStateSchema,
} from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { RETENTION_DAYS } from '#shared/limits.ts';
import { codeOf } from '../harness/refusals.ts';
import { spawnRelay } from '../harness/relay.ts';
import { placesOf } from '../harness/seized.ts';
import { testCalendar } from '../harness/test-calendar.ts';
import { Wire, WireHub, random } from '../harness/wire.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'thicket-test-residue-'));
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Pieces of 24 bytes: long enough that chance does not make them, short enough to survive being cut into pages. */
const piecesOf = (name: string, bytes: Uint8Array): Record<string, Uint8Array> =>
  Object.fromEntries([0.3, 0.9].map((share) => [`${name} from ${share}`, bytes.slice(Math.floor(share * bytes.length)).slice(0, 24)]));

/** With owners and modes, which PostgreSQL looks at. */
const copy = (from: string, into: string) => spawnSync('cp', ['-a', from, into]);

/** What SELECT gives of every table, as a logical dump would hold it. */
async function dumpOf(data: string): Promise<string> {
  const home = join(data, 'database');
  const client = new pg.Client({ host: home, user: 'thicket', password: readFileSync(join(home, 'password'), 'utf8'), database: 'postgres' });
  await client.connect();
  const tables = await client.query<{ name: string }>("SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace");
  const rows = [];
  for (const { name } of tables.rows) rows.push(...(await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)).rows.map(({ row }) => `${name} ${row}`));
  await client.end();
  return rows.join('\n');
}

it('attack 33: an expired body is in no file of the machine, and no backup from before gives it back', async () => {
  const calendar = testCalendar();
  const [data, temporary, backup] = ['data', 'tmp', 'backup'].map((name) => join(folder, name)) as [string, string, string];
  for (const path of [data, temporary, backup]) mkdirSync(path);
  chmodSync(temporary, 0o777);
  calendar.runsWith(join(data, 'keys'));
  const relay = await spawnRelay({ embedded: true, dataDirectory: data, environment: { ...calendar.environment, TMPDIR: temporary } });
  const hub = await WireHub.found(relay);
  const mailbox = await hub.openMailbox();
  const bodies = [random(1024), random(65_536)] as const;
  for (const body of bodies) await mailbox.post(body);
  const [rendezvous, ownerSecret, claim] = [random(16), random(32), random(4096)];
  await hub.wire.call('/v1/rendezvous/open', OpenRendezvousSchema, { rendezvous, ownerSecret, postage: await hub.purse.take(1) }, RendezvousOpenedSchema);
  await hub.wire.call('/v1/rendezvous/claim', ClaimRendezvousSchema, { rendezvous, claimSecret: random(32), body: claim }, RendezvousClaimedSchema);

  // Before: everybody with a pass reads it, and yet no file shows it.
  const canaries = { ...piecesOf('the small body', bodies[0]), ...piecesOf('the large body', bodies[1]), ...piecesOf('the claim', claim) };
  const readAt = async (wire: Wire) => {
    const page = await wire.page(0, 0, hub.pass);
    return { bodies: page.records.map(({ body }) => Buffer.from(body).toString('hex')), expired: page.expired.map(({ first, last }) => [Number(first), Number(last)]) };
  };
  const claimAt = (wire: Wire) => wire.call('/v1/rendezvous/read', ReadRendezvousSchema, { rendezvous, secret: ownerSecret }, RendezvousStateSchema);
  expect((await readAt(hub.wire)).bodies).toEqual(bodies.map((body) => Buffer.from(body).toString('hex')));
  expect(Buffer.compare((await claimAt(hub.wire)).claim, claim)).toBe(0);
  writeFileSync(join(backup, 'dump.sql'), await dumpOf(data));
  expect(placesOf(canaries, data, temporary, backup)).toEqual([]);

  // The keys as they are now, which only this test remembers.
  const keys = Object.fromEntries(readdirSync(join(data, 'keys')).filter((name) => name.endsWith('.key')).map((name) => [name, new Uint8Array(readFileSync(join(data, 'keys', name)))]));
  expect(Object.keys(keys).length).toBeGreaterThanOrEqual(2);
  expect(placesOf(keys, join(data, 'keys')).length).toBe(Object.keys(keys).length);
  expect(placesOf(keys, join(data, 'database'), temporary, backup), 'no key is in the database or a backup').toEqual([]);
  await relay.kill('SIGTERM');
  copy(join(data, 'database'), backup);

  // After its days, and some of ordinary life.
  calendar.pass(RETENTION_DAYS.post + 1);
  await relay.restart();
  expect(await readAt(hub.wire)).toEqual({ bodies: [], expired: [[1, 2]] });
  expect(await codeOf(claimAt(hub.wire))).toBe('unknown-rendezvous');
  await mailbox.post();
  await relay.kill('SIGTERM');
  expect(placesOf({ ...canaries, ...keys }, data, temporary, backup)).toEqual([]);

  // The copy, beside everything that is left on the machine, and the clock put back to the day it was made on.
  const revived = join(folder, 'revived');
  mkdirSync(revived);
  for (const name of readdirSync(data).filter((entry) => entry !== 'database')) copy(join(data, name), revived);
  copy(join(backup, 'database'), revived);
  const restored = await spawnRelay({ embedded: true, dataDirectory: revived });
  const wire = new Wire(restored.origin);
  expect(restored.lines.some((line) => line.includes('are missing, and what they sealed cannot be read'))).toBe(true);
  expect(await readAt(wire)).toEqual({ bodies: [], expired: [[1, 2]] });
  expect(await codeOf(claimAt(wire))).toBe('unknown-rendezvous');
  await restored.stop();
  await relay.stop();
}, 300_000);
