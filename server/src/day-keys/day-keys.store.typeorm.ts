import type { Database } from '../database/database.ts';
import type { DayKeysStore } from './day-keys.store.ts';
import type { KeyName } from './key-folder.ts';

export class DayKeysStoreTypeorm implements DayKeysStore {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async note({ expires, id }: KeyName): Promise<void> {
    await this.database.query('INSERT INTO day_keys (expires, check_value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [expires, Buffer.from(id, 'hex')]);
  }

  async noted(today: number): Promise<readonly KeyName[]> {
    const rows = await this.database.query<{ expires: number; check_value: Buffer }>('SELECT expires, check_value FROM day_keys WHERE expires > $1', [today]);
    return rows.map(({ expires, check_value }) => ({ expires, id: check_value.toString('hex') }));
  }

  async forget(today: number): Promise<void> {
    await this.database.query('DELETE FROM day_keys WHERE expires <= $1', [today]);
  }
}
