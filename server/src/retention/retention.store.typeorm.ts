import { Inject, Injectable } from '@nestjs/common';
import { dropPartitions } from '../database/body-partitions.ts';
import { Database } from '../database/database.ts';
import { reseatTables } from '../database/reseat.ts';
import type { RetentionStore } from './retention.store.ts';

/** Rows of one statement: short enough to stay far from the time limit. */
const AT_ONCE = 5_000;

@Injectable()
export class RetentionStoreTypeorm implements RetentionStore {
  private readonly database: Database;

  constructor(@Inject(Database) database: Database) {
    this.database = database;
  }

  async dropBodies(today: number): Promise<void> {
    await dropPartitions(this.database, today);
  }

  async dropRecords(kind: number, day: number): Promise<void> {
    const statement = `
      DELETE FROM records WHERE (shard, seq) IN (SELECT shard, seq FROM records WHERE day < $1 AND kind = $2 LIMIT ${AT_ONCE}) RETURNING 1 AS gone`;
    while ((await this.database.query(statement, [day, kind])).length === AT_ONCE);
  }

  async dropKeyPackages(day: number): Promise<void> {
    await this.database.query('DELETE FROM key_packages WHERE day < $1', [day]);
  }

  async dropPools(day: number): Promise<void> {
    await this.database.query('DELETE FROM pools WHERE day < $1', [day]);
  }

  async dropRendezvous(day: number): Promise<void> {
    await this.database.query('DELETE FROM rendezvous WHERE day < $1', [day]);
  }

  async dropDraws(week: number): Promise<void> {
    await this.database.query('DELETE FROM draws WHERE week < $1', [week]);
    await this.database.query('DELETE FROM new_passes WHERE week < $1', [week]);
  }

  async dropSpent(postageWeek: number, ticketWeek: number): Promise<void> {
    const statement = `DELETE FROM spent_tokens WHERE ctid IN (SELECT ctid FROM spent_tokens WHERE week < $1 LIMIT ${AT_ONCE}) RETURNING 1 AS gone`;
    while ((await this.database.query(statement, [postageWeek])).length === AT_ONCE);
    await this.database.query('DELETE FROM spent_tickets WHERE week < $1', [ticketWeek]);
  }

  async reseat(which: 'narrow' | 'all'): Promise<void> {
    await reseatTables(this.database, which);
  }
}
