import { Inject, Injectable } from '@nestjs/common';
import type { RendezvousId } from '#shared/ids.ts';
import { RETENTION_DAYS } from '#shared/limits.ts';
import { Database, type Sql } from '../database/database.ts';
import { DayKeys } from '../day-keys/day-keys.ts';
import { spend } from '../postage/spend.ts';
import type { PaidToken } from '../postage/tokens.ts';
import { expiryAfter } from '../retention/expiry.ts';
import type { Change, MeetingPlace, RendezvousStore } from './rendezvous.store.ts';

interface Row {
  owner_hash: Buffer;
  claim_hash: Buffer | null;
  claim: Buffer | null;
  answer: Buffer | null;
  refused_claims: number;
  day: number;
}
const FIND = 'SELECT owner_hash, claim_hash, claim, answer, refused_claims, day FROM rendezvous WHERE rendezvous = $1 AND day >= $2';

@Injectable()
export class RendezvousStoreTypeorm implements RendezvousStore {
  private readonly database: Database;

  private readonly keys: DayKeys;

  constructor(@Inject(Database) database: Database, @Inject(DayKeys) keys: DayKeys) {
    this.database = database;
    this.keys = keys;
  }

  async open(request: { id: RendezvousId; ownerHash: Uint8Array; day: number; since: number; paid: readonly PaidToken[] }): Promise<MeetingPlace> {
    const { id, ownerHash, day, since, paid } = request;
    return this.database.transaction(async (sql) => {
      await sql.query('DELETE FROM rendezvous WHERE rendezvous = $1 AND day < $2', [id, since]);
      const made = await sql.query(
        'INSERT INTO rendezvous (rendezvous, owner_hash, day) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1 AS made', [id, ownerHash, day],
      );
      if (made.length === 1) await spend(sql, paid);
      const [row] = await sql.query<Row>(FIND, [id, since]);
      return this.placeOf(id, row as Row);
    });
  }

  async find(id: RendezvousId, since: number): Promise<MeetingPlace | undefined> {
    const [row] = await this.database.query<Row>(FIND, [id, since]);
    return row && this.readable(id, row);
  }

  async decide<Verdict extends { readonly change: Change | undefined }>(
    id: RendezvousId, since: number, rule: (place: MeetingPlace) => Verdict,
  ): Promise<Verdict | undefined> {
    const [kept] = await this.database.query<Row>(FIND, [id, since]);
    if (kept === undefined) return undefined;
    await this.keys.prepare(endOf(kept.day));
    return this.database.transaction(async (sql) => {
      const [row] = await sql.query<Row>(`${FIND} FOR UPDATE`, [id, since]);
      const place = row && (await this.readable(id, row));
      if (row === undefined || place === undefined) return undefined;
      const verdict = rule(place);
      if (verdict.change !== undefined) await this.write(sql, id, row.day, verdict.change);
      return verdict;
    });
  }

  private async write(sql: Sql, id: RendezvousId, day: number, change: Change): Promise<void> {
    const sealed = (side: Side, body: Uint8Array) => this.keys.seal(endOf(day), contextOf(id, side), body);
    if ('claim' in change) {
      await sql.query('UPDATE rendezvous SET claim_hash = $2, claim = $3 WHERE rendezvous = $1', [id, change.claimHash, await sealed('claim', change.claim)]);
    } else if ('answer' in change) {
      await sql.query('UPDATE rendezvous SET answer = $2 WHERE rendezvous = $1', [id, await sealed('answer', change.answer)]);
    } else {
      await sql.query('UPDATE rendezvous SET refused_claims = least(refused_claims, 1000000) + 1 WHERE rendezvous = $1', [id]);
    }
  }

  /** A place whose claim or answer can no longer be opened is as good as gone. */
  private async readable(id: RendezvousId, row: Row): Promise<MeetingPlace | undefined> {
    const place = await this.placeOf(id, row);
    const lost = (row.claim !== null && place.claim === undefined) || (row.answer !== null && place.answer === undefined);
    return lost ? undefined : place;
  }

  private async placeOf(id: RendezvousId, row: Row): Promise<MeetingPlace> {
    const opened = async (side: Side, sealed: Buffer | null) =>
      sealed === null ? undefined : this.keys.open(endOf(row.day), contextOf(id, side), sealed);
    return {
      ownerHash: row.owner_hash,
      claimHash: row.claim_hash ?? undefined,
      claim: await opened('claim', row.claim),
      answer: await opened('answer', row.answer),
      refusedClaims: row.refused_claims,
    };
  }
}

type Side = 'claim' | 'answer';
const contextOf = (id: RendezvousId, side: Side): Uint8Array => Buffer.concat([Buffer.from(side), id]);
const endOf = (day: number): number => expiryAfter(day, RETENTION_DAYS.rendezvous);
