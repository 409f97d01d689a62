import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is known of a blob: the hash of its id, its padded size, its day, and where its chunks lie outside the database. */
const STATEMENTS = [
  `CREATE TABLE blobs (
     blob_hash bytea PRIMARY KEY CHECK (octet_length(blob_hash) = 32),
     owner_hash bytea NOT NULL CHECK (octet_length(owner_hash) = 32),
     size bigint NOT NULL,
     received integer NOT NULL DEFAULT 0,
     day integer NOT NULL
   )`,
  `CREATE INDEX blobs_day ON blobs (day)`,
  `CREATE TABLE blob_chunks (
     blob_hash bytea NOT NULL REFERENCES blobs ON DELETE CASCADE,
     index integer NOT NULL,
     container bytea NOT NULL CHECK (octet_length(container) = 16),
     position bigint NOT NULL,
     length integer NOT NULL,
     PRIMARY KEY (blob_hash, index)
   )`,
];

export class Blobs1763942403000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE blob_chunks, blobs');
  }
}
