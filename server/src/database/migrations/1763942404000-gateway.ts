import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The secret key that oblivious requests are sealed to. One a hub, shared by its relay processes. */
export class Gateway1763942404000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE hub ADD COLUMN gateway_secret bytea CHECK (octet_length(gateway_secret) = 32)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE hub DROP COLUMN gateway_secret');
  }
}
