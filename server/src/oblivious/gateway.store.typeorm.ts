import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../database/database.ts';
import type { GatewayStore } from './gateway.store.ts';

@Injectable()
export class GatewayStoreTypeorm implements GatewayStore {
  private readonly database: Database;

  constructor(@Inject(Database) database: Database) {
    this.database = database;
  }

  async secret(fresh: Uint8Array): Promise<Uint8Array> {
    const rows = await this.database.query<{ gateway_secret: Buffer }>(
      'UPDATE hub SET gateway_secret = coalesce(gateway_secret, $1) RETURNING gateway_secret', [fresh]);
    const [row] = rows;
    if (row === undefined) throw new Error('the hub has no row');
    return new Uint8Array(row.gateway_secret);
  }
}
