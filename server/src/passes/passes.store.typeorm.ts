import { Inject, Injectable } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import type { PassId, Week } from '#shared/ids.ts';
import { Database, type Sql } from '../database/database.ts';
import { NONE_YET, type TokenName } from '../postage/tokens.ts';
import type { PassesStore, RegisterOutcome } from './passes.store.ts';

/** As in the wire's TokenKind. */
const TICKET = 2;
/** No request has this hash. */
const NO_REQUEST = Buffer.alloc(32);

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

  async redeem(request: {
    ticket: TokenName; pass: PassId; secretHash: Uint8Array; week: Week; most: number; noTicketsIn: readonly Week[];
  }): Promise<RegisterOutcome> {
    const { ticket, pass, secretHash, week, most, noTicketsIn } = request;
    try {
      return await this.database.transaction(async (sql) => {
        const made = await sql.query('INSERT INTO passes (pass, secret_hash) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1 AS made', [pass, secretHash]);
        if (made.length === 0) return await knownPass(sql, pass, secretHash);
        await spendTicket(sql, ticket);
        await countPass(sql, week, most);
        await drawNoTickets(sql, pass, noTicketsIn);
        return 'registered';
      });
    } catch (error) {
      // Thrown so that the transaction takes back what it had done.
      if (error instanceof RelayRefusal && (error.code === 'bad-ticket' || error.code === 'too-many')) return error.code;
      throw error;
    }
  }
}

async function knownPass(sql: Sql, pass: PassId, secretHash: Uint8Array): Promise<RegisterOutcome> {
  const rows = await sql.query('SELECT 1 AS same FROM passes WHERE pass = $1 AND secret_hash = $2', [pass, secretHash]);
  return rows.length === 1 ? 'registered' : 'pass-taken';
}

async function spendTicket(sql: Sql, { week, nonce }: TokenName): Promise<void> {
  const spent = await sql.query('INSERT INTO spent_tickets (week, nonce) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1 AS spent', [week, nonce]);
  if (spent.length === 0) throw new RelayRefusal('bad-ticket');
}

/** As if it had drawn them all: with tickets of its own at once, one pass could breed as many as the whole hub may have in a week. */
async function drawNoTickets(sql: Sql, pass: PassId, weeks: readonly Week[]): Promise<void> {
  await sql.query('INSERT INTO draws (week, pass, kind, drawn, last_request_hash) SELECT week, $2, $3, $4, $5 FROM unnest($1::int[]) AS week', [weeks, pass, TICKET, NONE_YET, NO_REQUEST]);
}

async function countPass(sql: Sql, week: Week, most: number): Promise<void> {
  const counted = most === 0 ? [] : await sql.query(
    `INSERT INTO new_passes (week, made) VALUES ($1, 1)
     ON CONFLICT (week) DO UPDATE SET made = new_passes.made + 1 WHERE new_passes.made < $2 RETURNING 1 AS counted`, [week, most],
  );
  if (counted.length === 0) throw new RelayRefusal('too-many');
}
