import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../database/database.ts';
import { spendFresh, spentAmong } from './spend.ts';
import type { SpentStore } from './spent.store.ts';
import type { PaidToken, TokenName } from './tokens.ts';

@Injectable()
export class SpentStoreTypeorm implements SpentStore {
  private readonly database: Database;

  constructor(@Inject(Database) database: Database) {
    this.database = database;
  }

  async anySpent(tokens: readonly TokenName[]): Promise<boolean> {
    return (await spentAmong(this.database, tokens)).size > 0;
  }

  async burn(tokens: readonly PaidToken[]): Promise<void> {
    await spendFresh(this.database, tokens);
  }
}
