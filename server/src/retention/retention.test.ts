import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { RETENTION_DAYS } from '#shared/limits.ts';
import { dayOf } from '#shared/ids.ts';
import type { TestDatabase } from '../../../test/harness/postgres.ts';
import { type TestRelay, startTestRelay } from '../../../test/harness/relay.ts';
import { WireHub, random } from '../../../test/harness/wire.ts';

describe('retention', () => {
  let relay: TestRelay & { readonly database: TestDatabase };
  let hub: WireHub;
  beforeAll(async () => {
    relay = await startTestRelay();
    hub = await WireHub.found(relay);
  }, 60_000);
  afterAll(() => relay.stop());

  it('forgets each kind after its days at the next start, lists what is gone, and goes on counting', async () => {
    const mailbox = await hub.openMailbox();
    await mailbox.post();
    await mailbox.post(random(16_384), { kind: Kind.NOTICE });
    await mailbox.commit();
    await hub.drop();
    await mailbox.post();
    const today = dayOf(Date.now());
    // Fourteen days are kept, the fifteenth is not.
    await relay.database.query('UPDATE records SET day = $1', [today - RETENTION_DAYS.post]);
    await relay.restart();
    expect((await hub.wire.page(0, 0, hub.pass)).records).toHaveLength(5);
    await relay.database.query('UPDATE records SET day = $1', [today - RETENTION_DAYS.post - 1]);
    await relay.restart();
    const page = await hub.wire.page(0, 0, hub.pass);
    expect(page.records.map(({ kind }) => kind)).toEqual([Kind.NOTICE, Kind.COMMIT, Kind.DROP]);
    expect(page.expired.map(({ first, last }) => [Number(first), Number(last)])).toEqual([[1, 1], [5, 5]]);
    await relay.database.query('UPDATE records SET day = $1', [today - RETENTION_DAYS.commit - 1]);
    await relay.restart();
    expect((await hub.wire.page(0, 0, hub.pass)).records).toEqual([]);
    expect((await mailbox.post()).seq).toBe(6);
  });

  it('forgets key packages, meeting places and tickets as well', async () => {
    const old = dayOf(Date.now()) - 100;
    await relay.database.query('INSERT INTO pools (pool, owner_hash, day) VALUES ($1, $2, $3)', [Buffer.alloc(16), Buffer.alloc(32), old]);
    await relay.database.query('INSERT INTO key_packages (pool, package, day) VALUES ($1, $2, $3)', [Buffer.alloc(16), Buffer.alloc(32), old]);
    await relay.database.query('INSERT INTO rendezvous (rendezvous, owner_hash, day) VALUES ($1, $2, $3)', [Buffer.alloc(16), Buffer.alloc(32), old]);
    await relay.database.query('INSERT INTO tickets (ticket_hash, day) VALUES ($1, $2)', [Buffer.alloc(32), old]);
    await relay.restart();
    for (const table of ['pools', 'key_packages', 'rendezvous', 'tickets']) expect(await relay.database.query(`SELECT 1 AS row FROM ${table}`)).toEqual([]);
  });
});
