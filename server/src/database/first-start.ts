/** What a fresh database needs besides its tables. */
import { randomBytes } from 'node:crypto';
import type { Database } from './database.ts';

/** The number of shards is fixed when the database is first made; later values are ignored. Safe to repeat. */
export async function prepareFirstStart(database: Database, shards: number): Promise<void> {
  await database.transaction(async (sql) => {
    const fresh = await sql.query('INSERT INTO hub (single) VALUES (true) ON CONFLICT DO NOTHING RETURNING 1 AS fresh');
    if (fresh.length === 1) await sql.query('INSERT INTO shards (shard) SELECT generate_series(0, $1::int - 1)', [shards]);
    // Made once and never changed: members trust the issuer key in their bulletin, not one that a relay shows them.
    await sql.query('UPDATE hub SET issuer_seed = $1 WHERE issuer_seed IS NULL', [randomBytes(32)]);
  });
}
