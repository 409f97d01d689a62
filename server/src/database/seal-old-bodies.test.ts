/** A hub of the version before day keys: its records are carried over and sealed at the first start. */
import { createHash } from 'node:crypto';
import { DataSource } from 'typeorm';
import { expect, it } from 'vitest';
import { Kind, ReadRendezvousSchema, RendezvousStateSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { RETENTION_DAYS } from '#shared/limits.ts';
import { dayOf } from '#shared/ids.ts';
import { testPostgres } from '../../../test/harness/postgres.ts';
import { startTestRelay } from '../../../test/harness/relay.ts';
import { Wire, WireHub, random } from '../../../test/harness/wire.ts';
import { MIGRATIONS } from './migrations/index.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

it('carries over what a hub stored before its bodies were sealed by day, and leaves none of it open', async () => {
  const database = await (await testPostgres()).emptyDatabase();
  const before = await new DataSource({ type: 'postgres', url: database.url, installExtensions: false, migrations: MIGRATIONS.slice(0, 1), migrationsTableName: 'migrations' }).initialize();
  await before.runMigrations();
  await before.destroy();
  const today = dayOf(Date.now());
  const mailbox = random(16);
  const bodies = Array.from({ length: 40 }, (_, index) => random(index === 5 ? 65_536 : 1024));
  const dayOfBody = (index: number) => (index === 0 ? today - RETENTION_DAYS.post - 1 : index % 2 === 0 ? today : today - 3);
  await database.query('INSERT INTO hub (hub) VALUES ($1)', [random(16)]);
  const pass = { id: random(16), secret: random(32) };
  await database.query('INSERT INTO passes (pass, secret_hash) VALUES ($1, $2)', [pass.id, sha256(pass.secret)]);
  await database.query('INSERT INTO shards (shard, head) VALUES (0, $1)', [bodies.length]);
  for (const [index, body] of bodies.entries()) {
    await database.query('INSERT INTO records (shard, seq, mailbox, kind, slot, body_hash, body, day) VALUES (0, $1, $2, $3, 0, $4, $5, $6)',
      [index + 1, mailbox, Kind.POST, sha256(body), body, dayOfBody(index)]);
  }
  const [place, owner, claim] = [random(16), random(32), random(500)];
  await database.query('INSERT INTO rendezvous (rendezvous, owner_hash, claim_hash, claim, day) VALUES ($1, $2, $2, $3, $4)', [place, sha256(owner), claim, today]);

  const relay = await startTestRelay({ database });
  const hub = new WireHub(new Wire(relay.origin), random(16) as never, pass as never);
  const page = await hub.wire.page(0, 0, hub.pass);
  expect(page.expired.map(({ first, last }) => [Number(first), Number(last)])).toEqual([[1, 1]]);
  expect(page.records.map(({ body }) => Buffer.from(body).toString('base64'))).toEqual(bodies.slice(1).map((body) => Buffer.from(body).toString('base64')));
  expect(Buffer.from((await hub.wire.call('/v1/rendezvous/read', ReadRendezvousSchema, { rendezvous: place, secret: owner }, RendezvousStateSchema)).claim)).toEqual(Buffer.from(claim));
  const dump = await database.dump();
  for (const open of [...bodies, claim]) expect(dump.includes(Buffer.from(open).toString('hex'))).toBe(false);
  expect(dump).not.toContain('-- unsealed_bodies');
  await relay.stop();
}, 120_000);
