import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../database/database.ts';
import type { TransparencyStore } from './transparency.store.ts';

@Injectable()
export class TransparencyStoreTypeorm implements TransparencyStore {
  private readonly database: Database;

  constructor(@Inject(Database) database: Database) {
    this.database = database;
  }

  async report(day: number): Promise<string | undefined> {
    const [row] = await this.database.query<{ report: string }>('SELECT report::text AS report FROM transparency WHERE day = $1', [day]);
    return row?.report;
  }

  async keep(day: number, report: string): Promise<string> {
    await this.database.query(
      'INSERT INTO transparency (day, report) VALUES ($1, $2) ON CONFLICT (single) DO UPDATE SET day = excluded.day, report = excluded.report WHERE transparency.day <> excluded.day',
      [day, report]);
    return (await this.report(day)) ?? report;
  }
}
