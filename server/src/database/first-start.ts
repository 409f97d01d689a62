/** What a fresh database needs besides its tables. */
import type { Database } from './database.ts';

/** The number of shards is fixed when the database is first made; later values are ignored. Safe to repeat. */
export async function prepareFirstStart(database: Database, shards: number): Promise<void> {
  await database.transaction(async (sql) => {
    const fresh = await sql.query('INSERT INTO hub (single) VALUES (true) ON CONFLICT DO NOTHING RETURNING 1 AS fresh');
    if (fresh.length === 1) await sql.query('INSERT INTO shards (shard) SELECT generate_series(0, $1::int - 1)', [shards]);
  });
}
