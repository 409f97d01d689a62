import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What GET /v1/transparency tells everybody today, made once a day and the same from every relay process: counted anew at each
 * asking it would tell whoever asks every minute what happened in that minute. UNLOGGED: a lost report is made again.
 */
export class Transparency1763942426000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE UNLOGGED TABLE transparency (
      single boolean PRIMARY KEY DEFAULT true CHECK (single),
      day integer NOT NULL,
      report json NOT NULL
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE transparency');
  }
}
