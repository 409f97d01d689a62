import { expect, it } from 'vitest';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { testPostgres } from '../../../test/harness/postgres.ts';
import { DATABASE_TIMES, migrate, openDataSource } from './data-source.ts';

const asked: unknown[] = [];
class Slow9999999999999 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { extra } = runner.connection.options as { extra: { query_timeout: number } };
    asked.push((await runner.query('SHOW statement_timeout'))[0], (await runner.query('SHOW idle_in_transaction_session_timeout'))[0], extra.query_timeout);
  }
  async down(): Promise<void> {
    // Nobody goes back.
  }
}

it('a migration may take as long as it takes; a request may not', async () => {
  const database = await (await testPostgres()).freshDatabase();
  try {
    await migrate(database.url, [Slow9999999999999]);
    expect(asked).toEqual([{ statement_timeout: '0' }, { idle_in_transaction_session_timeout: '0' }, 0]);
    const source = await openDataSource(database.url, 1);
    expect(await source.query('SHOW statement_timeout')).toEqual([{ statement_timeout: `${DATABASE_TIMES.statement / 1000}s` }]);
    await source.destroy();
  } finally {
    await database.drop();
  }
});
