/** The first start after the migration that put bodies apart: what was stored before it is sealed under keys of days. */
import { RETENTION_DAYS } from '#shared/limits.ts';
import type { DayKeys } from '../day-keys/day-keys.ts';
import { bodyContext } from '../log/body-context.ts';
import { expiryAfter, expiryOfRecord } from '../retention/expiry.ts';
import { BodyPartitions } from './body-partitions.ts';
import { oneAtATime } from './data-source.ts';
import type { Database, Sql } from './database.ts';

interface OldBody {
  shard: number;
  seq: string;
  kind: number;
  day: number;
  mailbox: Buffer;
  body_hash: Buffer;
  body: Buffer;
}

/** Bodies may be 4 MiB each. */
const AT_ONCE = 16;

/** Does nothing where nothing waits. A start that is cut short goes on where it was. @param url of the same database. @throws RelayRefusal */
export async function sealOldBodies(database: Database, url: string, keys: DayKeys, today: number): Promise<void> {
  if (!(await isWaiting(database))) return;
  await oneAtATime(url, async () => {
    if (!(await isWaiting(database))) return;
    const partitions = new BodyPartitions(database);
    while ((await sealSome(database, partitions, keys, today)) > 0);
    await database.transaction((sql) => finish(sql, keys, today));
  });
}

async function isWaiting(database: Database): Promise<boolean> {
  const [waiting] = await database.query<{ found: boolean }>(`SELECT to_regclass('unsealed_bodies') IS NOT NULL AS found`);
  return waiting?.found === true;
}

async function sealSome(database: Database, partitions: BodyPartitions, keys: DayKeys, today: number): Promise<number> {
  const days = await database.query<{ kind: number; day: number }>('SELECT DISTINCT kind, day FROM unsealed_bodies');
  await partitions.ensure(new Set(days.map(({ kind, day }) => expiryOfRecord(kind, day)).filter((expires) => expires > today)));
  return database.transaction(async (sql) => {
    const rows = await sql.query<OldBody>(`
      DELETE FROM unsealed_bodies WHERE ctid = ANY(ARRAY(SELECT ctid FROM unsealed_bodies LIMIT ${AT_ONCE}))
      RETURNING shard, seq, kind, day, mailbox, body_hash, body`);
    for (const { shard, seq, kind, day, mailbox, body_hash, body } of rows) {
      const expires = expiryOfRecord(kind, day);
      if (expires <= today) continue;
      const sealed = await keys.seal(expires, bodyContext(mailbox, body_hash), body);
      await sql.query('INSERT INTO bodies (expires, shard, seq, body) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [expires, shard, seq, sealed]);
    }
    return rows.length;
  });
}

/** Meeting places as well; then the table that says so goes, in the same transaction. */
async function finish(sql: Sql, keys: DayKeys, today: number): Promise<void> {
  const rows = await sql.query<{ rendezvous: Buffer; claim: Buffer | null; answer: Buffer | null; day: number }>(
    'SELECT rendezvous, claim, answer, day FROM rendezvous WHERE claim IS NOT NULL FOR UPDATE',
  );
  for (const { rendezvous, claim, answer, day } of rows) {
    const expires = expiryAfter(day, RETENTION_DAYS.rendezvous);
    if (expires <= today) continue;
    const sealed = (side: string, body: Buffer | null) => body && keys.seal(expires, Buffer.concat([Buffer.from(side), rendezvous]), body);
    await sql.query('UPDATE rendezvous SET claim = $2, answer = $3 WHERE rendezvous = $1', [rendezvous, await sealed('claim', claim), await sealed('answer', answer)]);
  }
  await sql.query('DROP TABLE unsealed_bodies');
}
