import type { Database } from '../database/database.ts';
import type { DayKeysStore, FolderMarkStore } from './day-keys.store.ts';
import type { KeyName } from './key-folder.ts';

export class DayKeysStoreTypeorm implements DayKeysStore, FolderMarkStore {
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

  async seed(): Promise<Uint8Array> {
    const [hub] = await this.database.query<{ issuer_seed: Buffer }>('SELECT issuer_seed FROM hub WHERE issuer_seed IS NOT NULL');
    if (hub === undefined) throw new Error('the database was started without an issuer seed');
    return new Uint8Array(hub.issuer_seed);
  }

  async hasMarked(): Promise<boolean> {
    return (await this.database.query('SELECT 1 AS marked FROM hub WHERE keys_marked')).length > 0;
  }

  async setMarked(): Promise<void> {
    await this.database.query('UPDATE hub SET keys_marked = true WHERE NOT keys_marked');
  }
}
