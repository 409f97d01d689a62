import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every body is sealed and every time is a day. STORAGE EXTERNAL because sealed bodies do not compress, and trying
 * costs time. The test beside database/ lists every column there may be.
 */
const STATEMENTS = [
  `CREATE TABLE hub (
     single boolean PRIMARY KEY DEFAULT true CHECK (single),
     hub bytea CHECK (octet_length(hub) = 16),
     founding_token_hash bytea CHECK (octet_length(founding_token_hash) = 32)
   )`,
  `CREATE TABLE shards (
     shard smallint PRIMARY KEY,
     head bigint NOT NULL DEFAULT 0
   )`,
  // Slot and key change only under the row lock of the mailbox's shard.
  `CREATE TABLE mailboxes (
     mailbox bytea PRIMARY KEY CHECK (octet_length(mailbox) = 16),
     slot bigint NOT NULL DEFAULT 0,
     verify_key bytea CHECK (octet_length(verify_key) = 32)
   )`,
  `CREATE TABLE records (
     shard smallint NOT NULL,
     seq bigint NOT NULL,
     mailbox bytea NOT NULL,
     kind smallint NOT NULL,
     slot bigint NOT NULL,
     body_hash bytea NOT NULL,
     body bytea NOT NULL,
     day integer NOT NULL,
     PRIMARY KEY (shard, seq),
     UNIQUE (mailbox, body_hash)
   )`,
  `ALTER TABLE records ALTER COLUMN body SET STORAGE EXTERNAL`,
  `CREATE INDEX records_day ON records (day, kind)`,
  `CREATE TABLE passes (
     pass bytea PRIMARY KEY CHECK (octet_length(pass) = 16),
     secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32)
   )`,
  `CREATE TABLE tickets (
     ticket_hash bytea PRIMARY KEY CHECK (octet_length(ticket_hash) = 32),
     day integer NOT NULL
   )`,
  `CREATE TABLE pools (
     pool bytea PRIMARY KEY CHECK (octet_length(pool) = 16),
     owner_hash bytea NOT NULL,
     last_resort bytea,
     day integer NOT NULL
   )`,
  `ALTER TABLE pools ALTER COLUMN last_resort SET STORAGE EXTERNAL`,
  `CREATE TABLE key_packages (
     pool bytea NOT NULL REFERENCES pools ON DELETE CASCADE,
     number bigint GENERATED ALWAYS AS IDENTITY,
     package bytea NOT NULL,
     day integer NOT NULL,
     PRIMARY KEY (pool, number)
   )`,
  `ALTER TABLE key_packages ALTER COLUMN package SET STORAGE EXTERNAL`,
  `CREATE TABLE rendezvous (
     rendezvous bytea PRIMARY KEY CHECK (octet_length(rendezvous) = 16),
     owner_hash bytea NOT NULL,
     claim_hash bytea,
     claim bytea,
     answer bytea,
     refused_claims integer NOT NULL DEFAULT 0,
     day integer NOT NULL
   )`,
  `ALTER TABLE rendezvous ALTER COLUMN claim SET STORAGE EXTERNAL`,
  `ALTER TABLE rendezvous ALTER COLUMN answer SET STORAGE EXTERNAL`,
];

export class FirstTables1763856000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
    // The drop mailbox: nobody's, and therefore without a key.
    await runner.query('INSERT INTO mailboxes (mailbox) VALUES ($1)', [Buffer.alloc(16)]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE hub, shards, mailboxes, records, passes, tickets, key_packages, pools, rendezvous');
  }
}
