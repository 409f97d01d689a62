import { Inject, Injectable } from '@nestjs/common';
import type { Generation } from '#shared/generations.ts';
import { Database, type Sql } from '../database/database.ts';
import { LAYOUT_NOTICE, LOG_CHANNEL } from '../log/log-notices.ts';
import type { LayoutStore, NewGeneration, ShardState } from './layout.store.ts';

interface Row {
  shard: number;
  head: string;
  generation: number;
  base: string;
  closed: boolean;
}

/** Any number of its own: changes of the layout are one after the other. */
const LAYOUT_LOCK = 7_419_032_120;
const ROWS = 'SELECT shard, head, generation, base, closed FROM shards ORDER BY shard';

@Injectable()
export class LayoutStoreTypeorm implements LayoutStore {
  private readonly database: Database;

  constructor(@Inject(Database) database: Database) {
    this.database = database;
  }

  async generations(): Promise<readonly Generation[]> {
    return generationsOf(await this.database.query<Row>(ROWS));
  }

  async change(decide: (shards: readonly ShardState[]) => Promise<NewGeneration | undefined>): Promise<readonly Generation[]> {
    return this.database.transaction(async (sql) => {
      await sql.query('SELECT pg_advisory_xact_lock($1)', [LAYOUT_LOCK]);
      // Whoever appends holds one of these rows, and looks at `closed` once it has it.
      const rows = await sql.query<Row>(`${ROWS} FOR UPDATE`);
      const wanted = await decide(rows.map(({ shard, head, base, closed }) => ({ shard, head: Number(head), base: Number(base), closed })));
      if (wanted === undefined) return generationsOf(rows);
      await open(sql, wanted);
      return generationsOf(await sql.query<Row>(ROWS));
    });
  }

  async headsFiled(): Promise<boolean> {
    return (await this.database.query('SELECT 1 AS filed FROM hub WHERE heads_filed')).length > 0;
  }

  async setHeadsFiled(): Promise<void> {
    await this.database.query('UPDATE hub SET heads_filed = true WHERE NOT heads_filed');
  }
}

async function open(sql: Sql, { count, first, base }: NewGeneration): Promise<void> {
  await sql.query('UPDATE shards SET closed = true WHERE NOT closed');
  await sql.query(
    `INSERT INTO shards (shard, head, generation, base)
     SELECT number, $3::bigint, (SELECT max(generation) + 1 FROM shards), $3::bigint FROM generate_series($1::int, $1::int + $2::int - 1) AS number`,
    [first, count, base],
  );
  await sql.query(`NOTIFY ${LOG_CHANNEL}, '${LAYOUT_NOTICE}'`);
}

function generationsOf(rows: readonly Row[]): Generation[] {
  const numbers = [...new Set(rows.map(({ generation }) => generation))].sort((a, b) => a - b);
  return numbers.map((number) => {
    const shards = rows.filter(({ generation }) => generation === number);
    const isClosed = shards.some(({ closed }) => closed);
    return {
      first: shards[0]?.shard ?? 0,
      count: shards.length,
      base: Number(shards[0]?.base ?? 0),
      heads: isClosed ? shards.map(({ head }) => Number(head)) : [],
    };
  });
}
