import { Inject, Injectable } from '@nestjs/common';
import type { RendezvousId } from '#shared/ids.ts';
import { Database, type Sql } from '../database/database.ts';
import type { Change, MeetingPlace, RendezvousStore } from './rendezvous.store.ts';

interface Row {
  owner_hash: Buffer;
  claim_hash: Buffer | null;
  claim: Buffer | null;
  answer: Buffer | null;
  refused_claims: number;
}
const FIND = 'SELECT owner_hash, claim_hash, claim, answer, refused_claims FROM rendezvous WHERE rendezvous = $1 AND day >= $2';

@Injectable()
export class RendezvousStoreTypeorm implements RendezvousStore {
  private readonly database: Database;

  constructor(@Inject(Database) database: Database) {
    this.database = database;
  }

  async open(request: { id: RendezvousId; ownerHash: Uint8Array; day: number; since: number }): Promise<MeetingPlace> {
    const { id, ownerHash, day, since } = request;
    return this.database.transaction(async (sql) => {
      await sql.query('DELETE FROM rendezvous WHERE rendezvous = $1 AND day < $2', [id, since]);
      await sql.query('INSERT INTO rendezvous (rendezvous, owner_hash, day) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [id, ownerHash, day]);
      const [row] = await sql.query<Row>(FIND, [id, since]);
      return placeOf(row as Row);
    });
  }

  async find(id: RendezvousId, since: number): Promise<MeetingPlace | undefined> {
    const [row] = await this.database.query<Row>(FIND, [id, since]);
    return row && placeOf(row);
  }

  async decide<Verdict extends { readonly change: Change | undefined }>(
    id: RendezvousId, since: number, rule: (place: MeetingPlace) => Verdict,
  ): Promise<Verdict | undefined> {
    return this.database.transaction(async (sql) => {
      const [row] = await sql.query<Row>(`${FIND} FOR UPDATE`, [id, since]);
      if (row === undefined) return undefined;
      const verdict = rule(placeOf(row));
      if (verdict.change !== undefined) await write(sql, id, verdict.change);
      return verdict;
    });
  }
}

async function write(sql: Sql, id: RendezvousId, change: Change): Promise<void> {
  if ('claim' in change) await sql.query('UPDATE rendezvous SET claim_hash = $2, claim = $3 WHERE rendezvous = $1', [id, change.claimHash, change.claim]);
  else if ('answer' in change) await sql.query('UPDATE rendezvous SET answer = $2 WHERE rendezvous = $1', [id, change.answer]);
  else await sql.query('UPDATE rendezvous SET refused_claims = least(refused_claims, 1000000) + 1 WHERE rendezvous = $1', [id]);
}

const placeOf = (row: Row): MeetingPlace => ({
  ownerHash: row.owner_hash,
  claimHash: row.claim_hash ?? undefined,
  claim: row.claim ?? undefined,
  answer: row.answer ?? undefined,
  refusedClaims: row.refused_claims,
});
