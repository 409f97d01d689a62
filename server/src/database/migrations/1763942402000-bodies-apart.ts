import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Bodies move into a table of their own, a partition for each day they end with, where they lie sealed under that day's
 * key. Keys are out of a migration's reach, so bodies that are there already wait in `unsealed_bodies` for the start that
 * seals them (database/seal-old-bodies.ts).
 */
const STATEMENTS = [
  `CREATE TABLE day_keys (
     expires integer NOT NULL,
     check_value bytea NOT NULL CHECK (octet_length(check_value) = 8),
     PRIMARY KEY (expires, check_value)
   )`,
  `CREATE TABLE bodies (
     expires integer NOT NULL,
     shard smallint NOT NULL,
     seq bigint NOT NULL,
     body bytea NOT NULL,
     PRIMARY KEY (expires, shard, seq)
   ) PARTITION BY LIST (expires)`,
  `ALTER TABLE bodies ALTER COLUMN body SET STORAGE EXTERNAL`,
  `ALTER TABLE records ADD COLUMN size integer`,
];

const MOVE = [
  `CREATE TABLE unsealed_bodies AS SELECT shard, seq, kind, day, mailbox, body_hash, body FROM records`,
  `UPDATE records SET size = octet_length(body)`,
];

export class BodiesApart1763942402000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
    const [{ used }] = (await runner.query(
      'SELECT EXISTS (SELECT FROM records) OR EXISTS (SELECT FROM rendezvous WHERE claim IS NOT NULL) AS used',
    )) as [{ used: boolean }];
    if (used) for (const statement of MOVE) await runner.query(statement);
    await runner.query('ALTER TABLE records ALTER COLUMN size SET NOT NULL');
    await runner.query('ALTER TABLE records DROP COLUMN body');
    // A dropped column stays in the rows until they are written anew.
    if (used) await runner.query('CLUSTER records USING records_pkey');
  }

  async down(): Promise<void> {
    throw new Error('bodies that were sealed under keys of days cannot go back');
  }
}
