import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether the folder of day keys carries this database's mark: from then on a folder without it is the wrong one. */
export class KeysMarked1763942427000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE hub ADD COLUMN keys_marked boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE hub DROP COLUMN keys_marked');
  }
}
