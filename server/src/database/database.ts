/**
 * Statements and transactions on the one connection pool. Whatever fails because of the state of the database is thrown
 * as the RelayRefusal a device gets; the connection it failed on is never used again.
 */
import type { DataSource } from 'typeorm';
import type { Pool, PoolClient } from 'pg';
import { storageRefusal } from './storage-errors.ts';

export interface Sql {
  /** Rows as node-postgres gives them: bigint as string, bytea as Buffer. */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

export class Database implements Sql {
  private readonly pool: Pool;

  constructor(source: DataSource) {
    // TypeORM's own query runner would keep a connection whose statement hangs; the pool below it can drop one.
    this.pool = (source.driver as unknown as { master: Pool }).master;
  }

  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.withConnection((sql) => sql.query<Row>(text, values));
  }

  /**
   * READ COMMITTED. When it throws after `work` has finished, nobody knows whether the transaction was committed: the
   * connection broke on the way.
   */
  async transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    return this.withConnection(async (sql) => {
      await sql.query('BEGIN');
      try {
        const result = await work(sql);
        await sql.query('COMMIT');
        return result;
      } catch (error) {
        await sql.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  /**
   * One statement that PostgreSQL does not run inside a transaction, such as VACUUM.
   * @param patience milliseconds it may wait for a lock. @throws RelayRefusal
   */
  async maintain(statement: string, patience: number): Promise<void> {
    await this.withConnection(async (sql) => {
      await sql.query(`SET lock_timeout = ${patience}`);
      try {
        await sql.query(statement);
      } finally {
        await sql.query('RESET lock_timeout');
      }
    });
  }

  private async withConnection<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    let client: PoolClient | undefined;
    let failure: unknown;
    const onLost = (error: unknown) => {
      failure = error;
    };
    try {
      client = await this.pool.connect();
      client.on('error', onLost);
      return await work(sqlOf(client));
    } catch (error) {
      const refusal = storageRefusal(error);
      if (refusal !== undefined) failure = error;
      throw refusal ?? error;
    } finally {
      client?.off('error', onLost);
      client?.release(failure !== undefined);
    }
  }
}

const sqlOf = (client: PoolClient): Sql => ({
  query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
    (await client.query<Row>(text, values as unknown[])).rows,
});
