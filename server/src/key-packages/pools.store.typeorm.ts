import { Inject, Injectable } from '@nestjs/common';
import type { PoolId } from '#shared/ids.ts';
import { Database, type Sql } from '../database/database.ts';
import { spend } from '../postage/spend.ts';
import type { PaidToken } from '../postage/tokens.ts';
import type { FillOutcome, PoolsStore, TakeOutcome } from './pools.store.ts';

const INSERT_PACKAGE = 'INSERT INTO key_packages (pool, package, day) VALUES ($1, $2, $3)';
const TAKE = `
  DELETE FROM key_packages WHERE (pool, number) = (
    SELECT pool, number FROM key_packages WHERE pool = $1 ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED
  ) RETURNING package`;

@Injectable()
export class PoolsStoreTypeorm implements PoolsStore {
  private readonly database: Database;

  constructor(@Inject(Database) database: Database) {
    this.database = database;
  }

  async fill(request: {
    pool: PoolId; ownerHash: Uint8Array; packages: readonly Uint8Array[]; lastResort: Uint8Array | undefined; anew: boolean; most: number; day: number;
    paid: readonly PaidToken[];
  }): Promise<FillOutcome> {
    const { pool, ownerHash, packages, lastResort, anew, most, day, paid } = request;
    return this.database.transaction(async (sql) => {
      await sql.query('INSERT INTO pools (pool, owner_hash, day) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [pool, ownerHash, day]);
      const [row] = await sql.query<{ owner_hash: Buffer }>('SELECT owner_hash FROM pools WHERE pool = $1 FOR UPDATE', [pool]);
      if (!row?.owner_hash.equals(ownerHash)) return { what: 'not-owner' };
      if (anew) await sql.query('DELETE FROM key_packages WHERE pool = $1', [pool]);
      const [before] = await sql.query<{ waiting: number }>('SELECT count(*)::int AS waiting FROM key_packages WHERE pool = $1', [pool]);
      const waiting = (before?.waiting ?? 0) + packages.length;
      // A refusal leaves an owner without packages behind at most, and that is what the caller asked to be.
      if (waiting > most) return { what: 'pool-full' };
      for (const sealed of packages) await sql.query(INSERT_PACKAGE, [pool, sealed, day]);
      await sql.query('UPDATE pools SET day = $2, last_resort = coalesce($3, last_resort) WHERE pool = $1', [pool, day, lastResort ?? null]);
      await spend(sql, paid);
      return { what: 'filled', waiting };
    });
  }

  async take(pool: PoolId, paid: readonly PaidToken[]): Promise<TakeOutcome> {
    return this.database.transaction(async (sql) => {
      const outcome = await takeIn(sql, pool);
      if (outcome.what === 'taken') await spend(sql, paid);
      return outcome;
    });
  }
}

async function takeIn(sql: Sql, pool: PoolId): Promise<TakeOutcome> {
  const [taken] = await sql.query<{ package: Buffer }>(TAKE, [pool]);
  if (taken !== undefined) return { what: 'taken', package: taken.package, lastResort: false };
  const [row] = await sql.query<{ last_resort: Buffer | null }>('SELECT last_resort FROM pools WHERE pool = $1', [pool]);
  if (row === undefined) return { what: 'unknown-pool' };
  return row.last_resort === null ? { what: 'pool-empty' } : { what: 'taken', package: row.last_resort, lastResort: true };
}
