/** Records on disk a second: the relay with all it checks, beside `pgbench` inserting rows of the same size into the same server. */
import { sodiumReady } from '#shared/sodium.ts';
import { POST_BODY_SIZES } from '#shared/limits.ts';
import { type TestDatabase, startTestPostgres } from '../../harness/postgres.ts';
import { spawnRelay } from '../../harness/relay.ts';
import { WireHub } from '../../harness/wire.ts';
import { median } from '../measure.ts';
import type { Area, Row } from '../results.ts';
import { type SingleInserts, findPgbench, pgbenchVersion, singleInserts } from './pgbench.ts';
import { Poster } from '../../harness/poster.ts';
import { type ReadyPost, mailboxesFor, readyPosts, requestOf } from './posts.ts';
import { postingService } from './service.ts';

const POSTERS = 64;

interface Plan {
  readonly rounds: number;
  /** Records of one round. */
  readonly records: number;
  /** Seconds of one round of pgbench. */
  readonly seconds: number;
}
const WHOLE: Plan = { rounds: 5, records: 6_400, seconds: 6 };
const QUICK: Plan = { rounds: 2, records: 1_920, seconds: 5 };

export async function appends(quick: boolean): Promise<Area> {
  await sodiumReady();
  const plan = quick ? QUICK : WHOLE;
  // Its settings are those of the embedded PostgreSQL; both sides wait for its disk.
  const postgres = await startTestPostgres({ durable: true });
  const [database, beside] = [await postgres.freshDatabase(), await postgres.emptyDatabase()];
  const path = findPgbench();
  const pgbench = path === undefined ? undefined : await singleInserts(path, beside, POST_BODY_SIZES[0], POSTERS);
  try {
    const peer: number[] = [];
    const [hub, wire] = await throughHttp(database, pgbench, plan, peer);
    const [paid, unpaid] = await atTheService(database, hub, pgbench, plan, peer);
    return area(plan, path, { wire, paid, unpaid, peer });
  } finally {
    pgbench?.end();
    await postgres.stop();
  }
}

/** @returns the hub that was founded for it, and records a second of each round */
async function throughHttp(database: TestDatabase, pgbench: SingleInserts | undefined, plan: Plan, peer: number[]): Promise<[WireHub, number[]]> {
  const relay = await spawnRelay({ database });
  const posters: Poster[] = [];
  try {
    const hub = await WireHub.found(relay);
    const mailboxes = await mailboxesFor(hub, POSTERS);
    for (let index = 0; index < POSTERS; index += 1) posters.push(await Poster.to(relay.origin));
    const rates: number[] = [];
    for (let round = 0; round <= plan.rounds; round += 1) {
      const shares = await readyPosts(hub, mailboxes, plan.records);
      const requests = shares.map((share) => share.map((post) => Poster.request(relay.origin, '/v1/records', requestOf(post))));
      const rate = await rateOf(requests, async (request, poster) => {
        const status = await (posters[poster] as Poster).post(request);
        if (status !== 200) throw new Error(`the relay answered ${status}`);
      });
      if (round > 0) rates.push(rate);
      if (round > 0 && pgbench !== undefined) peer.push(await pgbench.run(plan.seconds));
    }
    return [hub, rates];
  } finally {
    for (const poster of posters) poster.close();
    await relay.stop();
  }
}

async function atTheService(database: TestDatabase, hub: WireHub, pgbench: SingleInserts | undefined, plan: Plan, peer: number[]): Promise<[number[], number[]]> {
  // A relay of its own for a moment: mailboxes are opened over HTTP.
  const relay = await spawnRelay({ database });
  const mailboxes = await mailboxesFor(new WireHub(Object.assign(hub.wire, { origin: relay.origin }), hub.hub, hub.pass, hub.purse), POSTERS);
  await relay.stop();
  const service = await postingService(database);
  try {
    const [paid, unpaid]: [number[], number[]] = [[], []];
    for (let round = 0; round <= plan.rounds; round += 1) {
      const withPostage = await rateOf(await readyPosts(hub, mailboxes, plan.records), (post) => service.post(post));
      const without = await rateOf(await readyPosts(hub, mailboxes, plan.records), (post) => service.postUnpaid(post));
      if (round === 0) continue;
      paid.push(withPostage);
      unpaid.push(without);
      if (pgbench !== undefined) peer.push(await pgbench.run(plan.seconds));
    }
    return [paid, unpaid];
  } finally {
    await service.stop();
  }
}

/** Every poster sends its share, one after the other. @returns records a second */
async function rateOf<Post>(shares: readonly (readonly Post[])[], post: (post: Post, poster: number) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await Promise.all(shares.map(async (share, poster) => {
    for (const one of share) await post(one, poster);
  }));
  return (shares.reduce((sum, share) => sum + share.length, 0) / (performance.now() - began)) * 1000;
}

interface Found {
  readonly wire: readonly number[];
  readonly paid: readonly number[];
  readonly unpaid: readonly number[];
  readonly peer: readonly number[];
}

function area(plan: Plan, pgbench: string | undefined, found: Found): Area {
  const beside = found.peer.length === 0 ? { peer: undefined, missing: 'no pgbench on this machine (Debian: postgresql-contrib)' } : { peer: median(found.peer) };
  const target = { speed: 2, says: 'durable appends a second at least 2 times pgbench' };
  const row = (what: string, rates: readonly number[]): Row => ({ what, unit: '/s', thicket: median(rates), ...beside, target });
  return {
    name: 'appends',
    title: `Durable appends of ${POST_BODY_SIZES[0]} bytes, ${POSTERS} posters`,
    peer: `${pgbench === undefined ? 'pgbench' : pgbenchVersion(pgbench)}, single-row inserts of the same size by ${POSTERS} clients on the same server`,
    how: [
      `One PostgreSQL with the settings of the embedded one, which waits for the disk, for all sides; medians of ${plan.rounds} rounds of ${plan.records.toLocaleString('en')} records, taking turns with ${plan.seconds} seconds of pgbench. Every poster waits for the answer to a post before it sends the next.`,
      'Through HTTP: the built relay in a process of its own; posts signed and paid for beforehand, each poster with a mailbox and a connection of its own, sent from this process.',
      'At the posting service: the same service with all it is wired to, in this process, without HTTP. With postage, every token is verified and spent; without, nobody looks at it. Signatures are verified in both.',
      'pgbench: prepared statements, one row in a transaction, a table with a primary key and nothing else; it checks nothing.',
    ],
    rows: [
      row('through HTTP, with postage', found.wire),
      row('at the posting service, with postage', found.paid),
      row('at the posting service, without postage', found.unpaid),
    ],
  };
}
