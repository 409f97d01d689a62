import { Inject, Injectable } from '@nestjs/common';
import type { PassId, Week } from '#shared/ids.ts';
import { Database } from '../database/database.ts';
import type { DrawsStore } from './draws.store.ts';

/** One statement, so that draws of one pass at the same time are counted one after the other. */
const COUNT = `
  INSERT INTO draws (week, pass, kind, drawn, last_request_hash) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (week, pass, kind) DO UPDATE
    SET drawn = CASE WHEN draws.last_request_hash = $5 THEN draws.drawn ELSE draws.drawn + $4 END, last_request_hash = $5
    WHERE draws.last_request_hash = $5 OR draws.drawn + $4 <= $6
  RETURNING drawn`;

@Injectable()
export class DrawsStoreTypeorm implements DrawsStore {
  private readonly database: Database;

  constructor(@Inject(Database) database: Database) {
    this.database = database;
  }

  async count(draw: {
    week: Week; pass: PassId; kind: number; tokens: number; requestHash: Uint8Array; allowance: number;
  }): Promise<number | undefined> {
    const { week, pass, kind, tokens, requestHash, allowance } = draw;
    // The first row of a week meets no conflict, and so no condition.
    if (tokens > allowance) return undefined;
    const [row] = await this.database.query<{ drawn: number }>(COUNT, [week, pass, kind, tokens, requestHash, allowance]);
    return row?.drawn;
  }
}
