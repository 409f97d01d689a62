import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Shards come in generations: a closed shard takes no more records, and numbers of a shard begin above its base. */
const STATEMENTS = [
  `ALTER TABLE shards
     ADD COLUMN generation smallint NOT NULL DEFAULT 1,
     ADD COLUMN base bigint NOT NULL DEFAULT 0,
     ADD COLUMN closed boolean NOT NULL DEFAULT false`,
  // Whether the file beside the day keys that remembers the heads has been written: then its absence means something.
  `ALTER TABLE hub ADD COLUMN heads_filed boolean NOT NULL DEFAULT false`,
];

export class Generations1763942401000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE shards DROP COLUMN generation, DROP COLUMN base, DROP COLUMN closed');
    await runner.query('ALTER TABLE hub DROP COLUMN heads_filed');
  }
}
