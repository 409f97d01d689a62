import { Inject, Injectable } from '@nestjs/common';
import type { Day } from '#shared/ids.ts';
import { LIMITS } from '#shared/limits.ts';
import { Database } from '../database/database.ts';
import { spend } from '../postage/spend.ts';
import type { BlobsStore, ReadableChunk, StoredBlob } from './blobs.store.ts';
import type { ChunkPlace } from './chunk-storage.ts';

interface PlaceRow {
  container: Buffer;
  position: string;
  length: number;
}
const PLACE = 'container, position, length';

/** A chunk is there for a reader when its blob is complete: the last chunk has arrived. One query answers yes and every no. */
const READABLE = `
  SELECT blobs.size, blobs.day, ${PLACE} FROM blobs JOIN blob_chunks USING (blob_hash)
  WHERE blob_hash = $1 AND index = $2 AND day >= $3 AND received::bigint * ${LIMITS.blobChunk} >= size`;

@Injectable()
export class BlobsStoreTypeorm implements BlobsStore {
  private readonly database: Database;

  constructor(@Inject(Database) database: Database) {
    this.database = database;
  }

  async find(hash: Uint8Array, since: Day): Promise<StoredBlob | undefined> {
    const [row] = await this.database.query<{ owner_hash: Buffer; size: string; received: number; day: Day }>(
      'SELECT owner_hash, size, received, day FROM blobs WHERE blob_hash = $1 AND day >= $2', [hash, since]);
    return row && { ownerHash: row.owner_hash, size: Number(row.size), received: row.received, day: row.day };
  }

  async open({ hash, ownerHash, size, day, since, paid }: Parameters<BlobsStore['open']>[0]): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      await sql.query('DELETE FROM blobs WHERE blob_hash = $1 AND day < $2', [hash, since]);
      const opened = await sql.query(
        'INSERT INTO blobs (blob_hash, owner_hash, size, day) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING 1 AS opened', [hash, ownerHash, size, day]);
      if (opened.length === 1) await spend(sql, paid);
      return opened.length === 1;
    });
  }

  async readable({ hash, index, since }: { hash: Uint8Array; index: number; since: Day }): Promise<ReadableChunk | undefined> {
    const [row] = await this.database.query<PlaceRow & { size: string; day: Day }>(READABLE, [hash, index, since]);
    return row && { size: Number(row.size), day: row.day, place: placeFrom(row) };
  }

  async placeOf(hash: Uint8Array, index: number): Promise<ChunkPlace | undefined> {
    const [row] = await this.database.query<PlaceRow>(`SELECT ${PLACE} FROM blob_chunks WHERE blob_hash = $1 AND index = $2`, [hash, index]);
    return row && placeFrom(row);
  }

  async append({ hash, index, place, paid }: Parameters<BlobsStore['append']>[0]): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      const counted = await sql.query('UPDATE blobs SET received = received + 1 WHERE blob_hash = $1 AND received = $2 RETURNING 1 AS counted', [hash, index]);
      if (counted.length === 0) return false;
      await sql.query('INSERT INTO blob_chunks (blob_hash, index, container, position, length) VALUES ($1, $2, $3, $4, $5)',
        [hash, index, place.container, place.position, place.length]);
      await spend(sql, paid);
      return true;
    });
  }

  async placesOf(hash: Uint8Array): Promise<ChunkPlace[]> {
    return (await this.database.query<PlaceRow>(`SELECT ${PLACE} FROM blob_chunks WHERE blob_hash = $1`, [hash])).map(placeFrom);
  }

  async remove(hash: Uint8Array, received: number): Promise<boolean> {
    const removed = await this.database.query('DELETE FROM blobs WHERE blob_hash = $1 AND received = $2 RETURNING 1 AS removed', [hash, received]);
    return removed.length === 1;
  }

  async used(since: Day): Promise<number> {
    const [row] = await this.database.query<{ used: string }>(
      `SELECT coalesce(sum(least(received::bigint * ${LIMITS.blobChunk}, size)), 0) AS used FROM blobs WHERE day >= $1`, [since]);
    return Number(row?.used ?? 0);
  }

  async forget(before: Day): Promise<void> {
    await this.database.query('DELETE FROM blobs WHERE day < $1', [before]);
  }
}

const placeFrom = ({ container, position, length }: PlaceRow): ChunkPlace => ({ container, position: Number(position), length });
