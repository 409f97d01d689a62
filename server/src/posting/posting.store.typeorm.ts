import { Inject, Injectable } from '@nestjs/common';
import type { PostVerifyKey, Seq, ShardIndex, Slot } from '#shared/ids.ts';
import { BodyPartitions } from '../database/body-partitions.ts';
import { Database, type Sql } from '../database/database.ts';
import { DayKeys } from '../day-keys/day-keys.ts';
import { bodyContext } from '../log/body-context.ts';
import { LOG_CHANNEL, OwnBackends } from '../log/log-notices.ts';
import { giveBack, numbered, spendFresh, spentNumbers } from '../postage/spend.ts';
import { expiryOfRecord } from '../retention/expiry.ts';
import { type Verdict, judge } from './judge.ts';
import type { Appended, Arrival, Outcome, PostingStore, Question, Standing } from './posting.store.ts';

interface StandingRow {
  slot: string | null;
  verify_key: Buffer | null;
  shard: number | null;
  seq: string | null;
}

const QUESTIONS = `
  FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS question (mailbox, body_hash, number)
  LEFT JOIN mailboxes m ON m.mailbox = question.mailbox
  LEFT JOIN records r ON r.mailbox = question.mailbox AND r.body_hash = question.body_hash`;
const STANDINGS = `SELECT m.slot, m.verify_key, r.shard, r.seq ${QUESTIONS} ORDER BY question.number`;
const GLANCE = `
  SELECT m.slot, m.verify_key, r.shard, r.seq, spent.number IS NOT NULL AS spent ${QUESTIONS}
  LEFT JOIN (${spentNumbers(3)}) AS spent ON spent.number = question.number
  ORDER BY question.number`;

/**
 * Rows travel as one binary parameter, mailbox || hash || sealed body each: arrays of bytea would go as hexadecimal text.
 * One statement for both tables and the heads; the other relay processes on this database hear of it once the transaction
 * is committed.
 */
const INSERT = `
  WITH row AS (
    SELECT * FROM unnest($2::int[], $3::int[], $4::int[], $5::smallint[], $6::bigint[], $7::smallint[], $8::bigint[], $9::int[], $10::int[])
      AS row (start, sealed, size, shard, seq, kind, slot, day, expires)
  ), narrow AS (
    INSERT INTO records (shard, seq, mailbox, kind, slot, body_hash, size, day)
    SELECT shard, seq, substring($1::bytea FROM start FOR 16), kind, slot, substring($1::bytea FROM start + 16 FOR 32), size, day FROM row
  ), wide AS (
    INSERT INTO bodies (expires, shard, seq, body)
    SELECT expires, shard, seq, substring($1::bytea FROM start + 48 FOR sealed) FROM row
  ), moved AS (
    UPDATE shards SET head = moved.head FROM unnest($11::smallint[], $12::bigint[]) AS moved (shard, head) WHERE shards.shard = moved.shard
    RETURNING shards.shard
  )
  SELECT pg_backend_pid() AS pid, (SELECT count(pg_notify('${LOG_CHANNEL}', shard::text)) FROM moved)`;

/** A body as it lies in the database, and the day it ends with. */
interface AtRest {
  readonly sealed: Uint8Array;
  readonly expires: number;
}

@Injectable()
export class PostingStoreTypeorm implements PostingStore {
  private readonly database: Database;
  private readonly ownBackends: OwnBackends;
  private readonly keys: DayKeys;
  private readonly partitions: BodyPartitions;

  constructor(@Inject(Database) database: Database, @Inject(OwnBackends) ownBackends: OwnBackends, @Inject(DayKeys) keys: DayKeys) {
    this.database = database;
    this.ownBackends = ownBackends;
    this.keys = keys;
    this.partitions = new BodyPartitions(database);
  }

  async standings(questions: readonly Question[]): Promise<readonly Standing[]> {
    const rows = await this.database.query<StandingRow & { spent: boolean }>(GLANCE, [...columnsOf(questions), ...numbered(questions.map(({ tokens }) => tokens))]);
    return rows.map((row) => ({ ...standingOf(row), spent: row.spent }));
  }

  async append(arrivals: readonly Arrival[]): Promise<{ outcomes: readonly Outcome[]; appended: readonly Appended[] }> {
    const shards = [...new Set(arrivals.map(({ shard }) => shard))];
    // Before the transaction: the shard's lock waits for no sealing, and for no partition that has to be made.
    const atRest = await this.sealAll(arrivals);
    const verdict = await this.database.transaction(async (sql) => {
      // Before the shard's lock, which nobody may hold who waits for a token.
      const fresh = await spendFresh(sql, arrivals.flatMap(({ paid }) => paid));
      // The shard's row is the lock of everything in it: numbers, and the slots of its mailboxes. It is held until the
      // commit, so a number is never seen before the one below it.
      // A shard that was closed while this waited for its row says so in the row.
      const rows = await sql.query<{ shard: number; head: string; closed: boolean }>(
        'SELECT shard, head, closed FROM shards WHERE shard = ANY($1) ORDER BY shard FOR UPDATE', [shards],
      );
      const heads = new Map(rows.filter(({ closed }) => !closed).map(({ shard, head }) => [shard as ShardIndex, Number(head)]));
      const judged = judge(arrivals, { heads, fresh, standings: await standingsIn(sql, arrivals) });
      if (judged.accepted.length > 0) await this.write(sql, judged, atRest);
      await giveBack(sql, judged.unspent);
      return judged;
    }).catch((error: unknown) => {
      this.partitions.forget();
      throw error;
    });
    return { outcomes: verdict.outcomes, appended: appendedOf(verdict) };
  }

  private async sealAll(arrivals: readonly Arrival[]): Promise<ReadonlyMap<Arrival, AtRest>> {
    const expiries = arrivals.map(({ kind, day }) => expiryOfRecord(kind, day));
    await this.partitions.ensure(new Set(expiries));
    const sealed = await Promise.all(arrivals.map(({ mailbox, bodyHash, body }, index) =>
      this.keys.seal(expiries[index] as number, bodyContext(mailbox, bodyHash), body)));
    return new Map(arrivals.map((arrival, index) => [arrival, { sealed: sealed[index] as Uint8Array, expires: expiries[index] as number }]));
  }

  private async write(sql: Sql, { accepted, heads }: Verdict, atRest: ReadonlyMap<Arrival, AtRest>): Promise<void> {
    const pid = await insert(sql, accepted, accepted.map(({ arrival }) => atRest.get(arrival) as AtRest), heads);
    for (const { arrival } of accepted) {
      if (arrival.nextKey !== undefined) {
        await sql.query('UPDATE mailboxes SET slot = $2, verify_key = $3 WHERE mailbox = $1', [arrival.mailbox, arrival.slot + 1, arrival.nextKey]);
      }
    }
    this.ownBackends.add(pid);
  }
}

async function standingsIn(sql: Sql, questions: readonly Asked[]): Promise<Omit<Standing, 'spent'>[]> {
  return (await sql.query<StandingRow>(STANDINGS, columnsOf(questions))).map(standingOf);
}

type Asked = Pick<Question, 'mailbox' | 'bodyHash'>;
const columnsOf = (questions: readonly Asked[]): unknown[] => [questions.map(({ mailbox }) => buffer(mailbox)), questions.map(({ bodyHash }) => buffer(bodyHash))];

const standingOf = ({ slot, verify_key, shard, seq }: StandingRow): Omit<Standing, 'spent'> => ({
  slot: slot === null ? undefined : (Number(slot) as Slot),
  key: (verify_key ?? undefined) as PostVerifyKey | undefined,
  first: shard === null || seq === null ? undefined : { shard: shard as ShardIndex, seq: Number(seq) as Seq },
});

/** @returns the backend that did it, by whose notices it will be known */
async function insert(sql: Sql, accepted: Verdict['accepted'], atRest: readonly AtRest[], heads: Verdict['heads']): Promise<number> {
  let start = 1;
  const starts = atRest.map(({ sealed }) => {
    const here = start;
    start += 48 + sealed.length;
    return here;
  });
  const [row] = await sql.query<{ pid: number }>(INSERT, [
    Buffer.concat(accepted.flatMap(({ arrival }, index) => [arrival.mailbox, arrival.bodyHash, (atRest[index] as AtRest).sealed])),
    starts,
    atRest.map(({ sealed }) => sealed.length),
    accepted.map(({ arrival }) => arrival.body.length),
    accepted.map(({ arrival }) => arrival.shard),
    accepted.map(({ seq }) => seq),
    accepted.map(({ arrival }) => arrival.kind),
    accepted.map(({ arrival }) => arrival.slot),
    accepted.map(({ arrival }) => arrival.day),
    atRest.map(({ expires }) => expires),
    [...heads.keys()],
    [...heads.values()],
  ]);
  return (row as { pid: number }).pid;
}

/** node-postgres takes arrays of Buffers, not of plain Uint8Arrays. */
const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function appendedOf({ accepted }: Verdict): Appended[] {
  const shards = [...new Set(accepted.map(({ arrival }) => arrival.shard))];
  return shards.map((shard) => ({
    shard,
    records: accepted
      .filter(({ arrival }) => arrival.shard === shard)
      .map(({ arrival, seq }) => ({ seq, mailbox: arrival.mailbox, kind: arrival.kind, slot: arrival.slot, body: arrival.body })),
  }));
}
