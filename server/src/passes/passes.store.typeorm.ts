import { Inject, Injectable } from '@nestjs/common';
import type { PassId } from '#shared/ids.ts';
import { Database } from '../database/database.ts';
import type { PassesStore, RegisterOutcome } from './passes.store.ts';

@Injectable()
export class PassesStoreTypeorm implements PassesStore {
  private readonly database: Database;

  constructor(@Inject(Database) database: Database) {
    this.database = database;
  }

  async secretHash(pass: PassId): Promise<Uint8Array | undefined> {
    const [row] = await this.database.query<{ secret_hash: Buffer }>('SELECT secret_hash FROM passes WHERE pass = $1', [pass]);
    return row?.secret_hash;
  }

  async issueTicket(ticketHash: Uint8Array, day: number): Promise<void> {
    await this.database.query('INSERT INTO tickets (ticket_hash, day) VALUES ($1, $2) ON CONFLICT DO NOTHING', [ticketHash, day]);
  }

  async register(request: { ticketHash: Uint8Array; pass: PassId; secretHash: Uint8Array }): Promise<RegisterOutcome> {
    const { ticketHash, pass, secretHash } = request;
    return this.database.transaction(async (sql) => {
      // The ticket's row is the lock: of two who redeem it, the second waits here and then finds it gone.
      const [ticket] = await sql.query('SELECT 1 AS found FROM tickets WHERE ticket_hash = $1 FOR UPDATE', [ticketHash]);
      const [known] = await sql.query<{ secret_hash: Buffer }>('SELECT secret_hash FROM passes WHERE pass = $1', [pass]);
      if (known !== undefined) return known.secret_hash.equals(secretHash) ? 'registered' : ticket ? 'pass-taken' : 'bad-ticket';
      if (ticket === undefined) return 'bad-ticket';
      await sql.query('DELETE FROM tickets WHERE ticket_hash = $1', [ticketHash]);
      await sql.query('INSERT INTO passes (pass, secret_hash) VALUES ($1, $2)', [pass, secretHash]);
      return 'registered';
    });
  }
}
