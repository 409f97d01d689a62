import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../database/database.ts';
import type { IssuerStore } from './issuer.store.ts';

@Injectable()
export class IssuerStoreTypeorm implements IssuerStore {
  private readonly database: Database;

  constructor(@Inject(Database) database: Database) {
    this.database = database;
  }

  async seed(): Promise<Uint8Array> {
    const [row] = await this.database.query<{ issuer_seed: Buffer | null }>('SELECT issuer_seed FROM hub');
    if (!row?.issuer_seed) throw new Error('the database was started without an issuer seed');
    return row.issuer_seed;
  }
}
