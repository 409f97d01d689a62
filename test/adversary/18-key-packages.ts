/** Mallory takes every key package of bob's that waits, and then goes on taking. */
import { expect } from 'vitest';
import { createRelay } from '#core/relay/http.ts';
import type { HubId, PoolId } from '#shared/ids.ts';
import { SINGLE_COST } from '#shared/postage.ts';
import { hubOf, namesIn, worksOn } from '../harness/hub-story.ts';
import type { TestPerson } from '../harness/people.ts';
import { Purse } from '../harness/purse.ts';

const AT_ONCE = 16;

/** @param pops how many packages mallory takes from each of bob's pools together */
export async function exhaust(pops: number): Promise<void> {
  const hub = await hubOf(['alice', 'bob']);
  try {
    const [alice, bob] = hub.people as [TestPerson, TestPerson];
    const database = hub.relay.database;
    if (database === undefined) throw new Error('this relay has a database');
    await bob.session.close();
    const relay = createRelay(hub.relay.origin);
    const { hub: id } = await relay.hello();
    const purse = Purse.minting(database, id as HubId);
    // She knows the pools from bob's card; here they are read where they lie.
    const pools = (await database.query<{ pool: Buffer }>('SELECT pool FROM pools WHERE pool IN (SELECT pool FROM key_packages)')).map(({ pool }) => new Uint8Array(pool) as PoolId);
    const kinds = { single: 0, lastResort: 0 };
    let left = pops;
    const take = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const pool = pools[left % pools.length] as PoolId;
        const { lastResort } = await relay.takePackage({ pool, postage: await purse.take(SINGLE_COST) });
        kinds[lastResort ? 'lastResort' : 'single'] += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, take));
    expect(kinds.lastResort, 'most of what she got is the one that stays').toBeGreaterThan(kinds.single);
    const [waiting] = await database.query<{ count: number }>('SELECT count(*)::int AS count FROM key_packages');
    expect(waiting?.count, 'nothing else waits').toBe(0);

    const rooms = [];
    for (const name of ['Stairwell B', 'Stairwell C']) {
      const room = await alice.session.createRoom(name);
      await alice.add(room, 'bob');
      rooms.push(room);
    }
    await bob.restart();
    for (const room of rooms) {
      expect((await namesIn(bob, room).catch(async () => (await bob.session.catchUp(), namesIn(bob, room)))).sort()).toEqual(['alice', 'bob']);
      await worksOn([alice, bob], room);
    }
  } finally {
    await hub.end();
  }
}
