import { Inject, Injectable } from '@nestjs/common';
import type { Seq, ShardIndex, Slot } from '#shared/ids.ts';
import { Database } from '../database/database.ts';
import type { LogStore, RecordSize } from './log.store.ts';
import type { StoredRecord } from './stored-record.ts';

interface Row {
  seq: string;
  mailbox: Buffer;
  kind: number;
  slot: string;
  body: Buffer;
}

@Injectable()
export class LogStoreTypeorm implements LogStore {
  private readonly database: Database;

  constructor(@Inject(Database) database: Database) {
    this.database = database;
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
    const rows = await this.database.query<{ seq: string; size: number }>(
      'SELECT seq, octet_length(body) AS size FROM records WHERE shard = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq',
      [shard, first, last],
    );
    return rows.map(({ seq, size }) => ({ seq: Number(seq) as Seq, size }));
  }

  async read(shard: ShardIndex, first: number, last: number): Promise<readonly StoredRecord[]> {
    const rows = await this.database.query<Row>(
      'SELECT seq, mailbox, kind, slot, body FROM records WHERE shard = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq',
      [shard, first, last],
    );
    return rows.map(({ seq, mailbox, kind, slot, body }) => ({ seq: Number(seq) as Seq, mailbox, kind, slot: Number(slot) as Slot, body }));
  }
}
