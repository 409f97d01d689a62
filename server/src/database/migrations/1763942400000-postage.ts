import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Postage. What was spent is logged: a crash must not make a token fresh. What was drawn is not: a crash gives everybody a
 * fresh allowance, which harms nobody.
 */
const STATEMENTS = [
  `ALTER TABLE hub ADD COLUMN issuer_seed bytea CHECK (octet_length(issuer_seed) = 32)`,
  `CREATE UNLOGGED TABLE draws (
     week integer NOT NULL,
     pass bytea NOT NULL CHECK (octet_length(pass) = 16),
     kind smallint NOT NULL,
     drawn integer NOT NULL,
     last_request_hash bytea NOT NULL CHECK (octet_length(last_request_hash) = 32),
     PRIMARY KEY (week, pass, kind)
   )`,
  `CREATE TABLE spent_tokens (
     week integer NOT NULL,
     nonce bytea NOT NULL CHECK (octet_length(nonce) = 32),
     PRIMARY KEY (week, nonce)
   )`,
  // Apart, because tickets are good for longer.
  `CREATE TABLE spent_tickets (
     week integer NOT NULL,
     nonce bytea NOT NULL CHECK (octet_length(nonce) = 32),
     PRIMARY KEY (week, nonce)
   )`,
  `CREATE UNLOGGED TABLE new_passes (
     week integer PRIMARY KEY,
     made integer NOT NULL
   )`,
];

export class Postage1763942400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE draws, spent_tokens, spent_tickets, new_passes');
    await runner.query('ALTER TABLE hub DROP COLUMN issuer_seed');
  }
}
