import { Inject, Injectable } from '@nestjs/common';
import type { MailboxId, PostVerifyKey, Seq, ShardIndex, Slot } from '#shared/ids.ts';
import { Database, type Sql } from '../database/database.ts';
import { LOG_CHANNEL, OwnBackends } from '../log/log-notices.ts';
import { type Verdict, judge } from './judge.ts';
import type { Appended, Arrival, Outcome, PostingStore, Standing } from './posting.store.ts';

interface StandingRow {
  slot: string | null;
  verify_key: Buffer | null;
  shard: number | null;
  seq: string | null;
}

const STANDINGS = `
  SELECT m.slot, m.verify_key, r.shard, r.seq
  FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS question (mailbox, body_hash, number)
  LEFT JOIN mailboxes m ON m.mailbox = question.mailbox
  LEFT JOIN records r ON r.mailbox = question.mailbox AND r.body_hash = question.body_hash
  ORDER BY question.number`;

/** Rows travel as one binary parameter, mailbox || hash || body each: arrays of bytea would go as hexadecimal text. */
const INSERT = `
  INSERT INTO records (shard, seq, mailbox, kind, slot, body_hash, body, day)
  SELECT row.shard, row.seq, substring($1::bytea FROM row.start FOR 16), row.kind, row.slot,
         substring($1::bytea FROM row.start + 16 FOR 32), substring($1::bytea FROM row.start + 48 FOR row.size), row.day
  FROM unnest($2::int[], $3::int[], $4::smallint[], $5::bigint[], $6::smallint[], $7::bigint[], $8::int[])
       AS row (start, size, shard, seq, kind, slot, day)`;

@Injectable()
export class PostingStoreTypeorm implements PostingStore {
  private readonly database: Database;
  private readonly ownBackends: OwnBackends;

  constructor(@Inject(Database) database: Database, @Inject(OwnBackends) ownBackends: OwnBackends) {
    this.database = database;
    this.ownBackends = ownBackends;
  }

  async standings(questions: readonly { readonly mailbox: MailboxId; readonly bodyHash: Uint8Array }[]): Promise<readonly Standing[]> {
    return standingsIn(this.database, questions);
  }

  async append(arrivals: readonly Arrival[]): Promise<{ outcomes: readonly Outcome[]; appended: readonly Appended[] }> {
    const shards = [...new Set(arrivals.map(({ shard }) => shard))];
    const verdict = await this.database.transaction(async (sql) => {
      // The shard's row is the lock of everything in it: numbers, and the slots of its mailboxes. It is held until the
      // commit, so a number is never seen before the one below it.
      const rows = await sql.query<{ shard: number; head: string }>(
        'SELECT shard, head FROM shards WHERE shard = ANY($1) ORDER BY shard FOR UPDATE', [shards],
      );
      const heads = new Map(rows.map(({ shard, head }) => [shard as ShardIndex, Number(head)]));
      const judged = judge(arrivals, { heads, standings: await standingsIn(sql, arrivals) });
      if (judged.accepted.length > 0) await this.write(sql, judged);
      return judged;
    });
    return { outcomes: verdict.outcomes, appended: appendedOf(verdict) };
  }

  private async write(sql: Sql, { accepted, heads }: Verdict): Promise<void> {
    await insert(sql, accepted);
    for (const { arrival } of accepted) {
      if (arrival.nextKey !== undefined) {
        await sql.query('UPDATE mailboxes SET slot = $2, verify_key = $3 WHERE mailbox = $1', [arrival.mailbox, arrival.slot + 1, arrival.nextKey]);
      }
    }
    await sql.query(
      'UPDATE shards SET head = moved.head FROM unnest($1::smallint[], $2::bigint[]) AS moved (shard, head) WHERE shards.shard = moved.shard',
      [[...heads.keys()], [...heads.values()]],
    );
    // Heard by the other relay processes on this database once the transaction is committed.
    const [row] = await sql.query<{ pid: number }>(
      `SELECT pg_backend_pid() AS pid, (SELECT count(pg_notify('${LOG_CHANNEL}', shard::text)) FROM unnest($1::int[]) AS shard)`, [[...heads.keys()]],
    );
    if (row !== undefined) this.ownBackends.add(row.pid);
  }
}

async function standingsIn(sql: Sql, questions: readonly { readonly mailbox: MailboxId; readonly bodyHash: Uint8Array }[]): Promise<Standing[]> {
  const rows = await sql.query<StandingRow>(STANDINGS, [questions.map(({ mailbox }) => buffer(mailbox)), questions.map(({ bodyHash }) => buffer(bodyHash))]);
  return rows.map(({ slot, verify_key, shard, seq }) => ({
    slot: slot === null ? undefined : (Number(slot) as Slot),
    key: (verify_key ?? undefined) as PostVerifyKey | undefined,
    first: shard === null || seq === null ? undefined : { shard: shard as ShardIndex, seq: Number(seq) as Seq },
  }));
}

async function insert(sql: Sql, accepted: Verdict['accepted']): Promise<void> {
  let start = 1;
  const starts = accepted.map(({ arrival }) => {
    const here = start;
    start += 48 + arrival.body.length;
    return here;
  });
  await sql.query(INSERT, [
    Buffer.concat(accepted.flatMap(({ arrival }) => [arrival.mailbox, arrival.bodyHash, arrival.body])),
    starts,
    accepted.map(({ arrival }) => arrival.body.length),
    accepted.map(({ arrival }) => arrival.shard),
    accepted.map(({ seq }) => seq),
    accepted.map(({ arrival }) => arrival.kind),
    accepted.map(({ arrival }) => arrival.slot),
    accepted.map(({ arrival }) => arrival.day),
  ]);
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
