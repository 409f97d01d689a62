import { Inject, Injectable } from '@nestjs/common';
import type { HubId, PassId } from '#shared/ids.ts';
import { Database } from '../database/database.ts';
import type { FoundOutcome, Hub, HubStore } from './hub.store.ts';

interface HubRow {
  hub: Buffer | null;
  founding_token_hash: Buffer | null;
}

@Injectable()
export class HubStoreTypeorm implements HubStore {
  private readonly database: Database;

  constructor(@Inject(Database) database: Database) {
    this.database = database;
  }

  async hub(): Promise<Hub> {
    const [row] = await this.database.query<HubRow>('SELECT hub, founding_token_hash FROM hub');
    return { hub: (row?.hub ?? undefined) as HubId | undefined, foundingTokenHash: row?.founding_token_hash ?? undefined };
  }

  async replaceFoundingToken(hash: Uint8Array): Promise<boolean> {
    const rows = await this.database.query('UPDATE hub SET founding_token_hash = $1 WHERE hub IS NULL RETURNING 1 AS done', [hash]);
    return rows.length === 1;
  }

  async found(request: { tokenHash: Uint8Array; hub: HubId; pass: PassId; secretHash: Uint8Array }): Promise<FoundOutcome> {
    const { tokenHash, hub, pass, secretHash } = request;
    return this.database.transaction(async (sql) => {
      const [row] = await sql.query<HubRow>('SELECT hub, founding_token_hash FROM hub FOR UPDATE');
      const sameToken = row?.founding_token_hash?.equals(tokenHash) ?? false;
      if (row?.hub) {
        const again = sameToken && row.hub.equals(hub) &&
          (await sql.query('SELECT 1 AS found FROM passes WHERE pass = $1 AND secret_hash = $2', [pass, secretHash])).length === 1;
        return again ? 'founded' : 'already-founded';
      }
      if (!sameToken) return 'bad-founding-link';
      await sql.query('UPDATE hub SET hub = $1', [hub]);
      await sql.query('INSERT INTO passes (pass, secret_hash) VALUES ($1, $2)', [pass, secretHash]);
      return 'founded';
    });
  }
}
