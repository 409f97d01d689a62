import { Inject, Injectable } from '@nestjs/common';
import type { Seq, ShardIndex, Slot } from '#shared/ids.ts';
import { Database } from '../database/database.ts';
import { DayKeys } from '../day-keys/day-keys.ts';
import { KEY_ID_BYTES } from '../day-keys/key-folder.ts';
import { DueDays } from '../day-keys/due-days.ts';
import { expiryOfRecord } from '../retention/expiry.ts';
import { bodyContext } from './body-context.ts';
import type { LogStore, RecordSize } from './log.store.ts';
import type { StoredRecord } from './stored-record.ts';

interface Row {
  seq: string;
  mailbox: Buffer;
  kind: number;
  slot: string;
  body_hash: Buffer;
  expires: number;
  body: Buffer;
}

/** `expires = ANY` of the days that are asked for: PostgreSQL looks at no other partition. */
export const READ = `
  SELECT r.seq, r.mailbox, r.kind, r.slot, r.body_hash, b.expires, b.body
  FROM records r JOIN bodies b ON b.shard = r.shard AND b.seq = r.seq
  WHERE r.shard = $1 AND r.seq BETWEEN $2 AND $3 AND b.expires = ANY($4) AND b.shard = $1 AND b.seq BETWEEN $2 AND $3
  ORDER BY r.seq`;
/** Which key each was sealed with. */
const KEY_IDS = `
  SELECT seq, substring(body FOR ${KEY_ID_BYTES}) AS id FROM bodies
  WHERE expires = ANY($4) AND shard = $1 AND seq BETWEEN $2 AND $3`;

@Injectable()
export class LogStoreTypeorm implements LogStore {
  private readonly database: Database;
  private readonly keys: DayKeys;
  private readonly due: DueDays;

  constructor(@Inject(Database) database: Database, @Inject(DayKeys) keys: DayKeys, @Inject(DueDays) due: DueDays) {
    this.database = database;
    this.keys = keys;
    this.due = due;
  }

  async heads(): Promise<ReadonlyMap<ShardIndex, number>> {
    const rows = await this.database.query<{ shard: number; head: string }>('SELECT shard, head FROM shards ORDER BY shard');
    return new Map(rows.map(({ shard, head }) => [shard as ShardIndex, Number(head)]));
  }

  async head(shard: ShardIndex): Promise<number | undefined> {
    const [row] = await this.database.query<{ head: string }>('SELECT head FROM shards WHERE shard = $1', [shard]);
    return row === undefined ? undefined : Number(row.head);
  }

  async sizes(shard: ShardIndex, first: number, last: number): Promise<readonly RecordSize[]> {
    const rows = await this.database.query<{ seq: string; size: number; kind: number; day: number }>(
      'SELECT seq, size, kind, day FROM records WHERE shard = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq',
      [shard, first, last],
    );
    const today = this.due.today();
    const kept = rows
      .map(({ seq, size, kind, day }) => ({ seq: Number(seq) as Seq, size, expires: expiryOfRecord(kind, day) }))
      // What ends today is over, whether it has been deleted yet or not.
      .filter(({ expires }) => expires > today);
    return this.withKeys(shard, kept);
  }

  async read(shard: ShardIndex, first: number, last: number, expiries: readonly number[]): Promise<readonly StoredRecord[]> {
    const rows = await this.database.query<Row>(READ, [shard, first, last, expiries]);
    const opened = await Promise.all(rows.map(async ({ seq, mailbox, kind, slot, body_hash, expires, body: sealed }) => {
      const body = await this.keys.open(expires, bodyContext(mailbox, body_hash), sealed);
      return body && { seq: Number(seq) as Seq, mailbox, kind, slot: Number(slot) as Slot, body };
    }));
    return opened.filter((record) => record !== undefined);
  }

  /** Without those whose key is missing. Only days with a missing key are looked at: usually there are none. */
  private async withKeys(shard: ShardIndex, sizes: readonly RecordSize[]): Promise<readonly RecordSize[]> {
    const doubtful = new Set(sizes.map(({ expires }) => expires).filter((expires) => !this.keys.isWhole(expires)));
    if (doubtful.size === 0) return sizes;
    const rows = await this.database.query<{ seq: string; id: Buffer }>(KEY_IDS, [shard, sizes[0]?.seq, sizes.at(-1)?.seq, [...doubtful]]);
    const ids = new Map(rows.map(({ seq, id }) => [Number(seq), id]));
    const readable = await Promise.all(sizes.map(async ({ seq, expires }) => {
      const id = ids.get(seq);
      return !doubtful.has(expires) || (id !== undefined && (await this.keys.holds(expires, id)));
    }));
    return sizes.filter((_, index) => readable[index]);
  }
}
