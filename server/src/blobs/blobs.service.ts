/**
 * Blobs: announced with their size, written a chunk at a time by whoever knows the owner's secret, read by whoever knows
 * the id once they are complete. To everybody else an unknown, unfinished, deleted and expired blob are one and the same.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import type { BlobId, Day, Secret32 } from '#shared/ids.ts';
import { RETENTION_DAYS } from '#shared/limits.ts';
import { chunkSize, chunksOf } from '#shared/padme.ts';
import { SINGLE_COST, chunkCost } from '#shared/postage.ts';
import { DayKeys } from '../day-keys/day-keys.ts';
import { CALENDAR, type Calendar } from '../operations/calendar.ts';
import { PostageService } from '../postage/postage.service.ts';
import { expiryAfter } from '../retention/expiry.ts';
import { BLOBS_STORE, type BlobsStore, type StoredBlob } from './blobs.store.ts';
import { CHUNK_STORAGE, type ChunkStorage } from './chunk-storage.ts';
import { Turns } from './turns.ts';

/** Bytes that all blobs together may have; undefined: as many as the disk takes. */
export const BLOB_SPACE = Symbol('BlobSpace');

interface WriteChunk {
  readonly blob: BlobId;
  readonly owner: Secret32;
  readonly index: number;
  readonly chunk: Uint8Array;
  readonly postage: Uint8Array;
}

@Injectable()
export class BlobsService {
  private readonly store: BlobsStore;
  private readonly storage: ChunkStorage;
  private readonly keys: DayKeys;
  private readonly postage: PostageService;
  private readonly calendar: Calendar;
  private readonly space: number | undefined;
  private readonly turns = new Turns();

  constructor(
    @Inject(BLOBS_STORE) store: BlobsStore, @Inject(CHUNK_STORAGE) storage: ChunkStorage, @Inject(DayKeys) keys: DayKeys, @Inject(PostageService) postage: PostageService,
    @Inject(CALENDAR) calendar: Calendar, @Inject(BLOB_SPACE) space: number | undefined,
  ) {
    this.store = store;
    this.storage = storage;
    this.keys = keys;
    this.postage = postage;
    this.calendar = calendar;
    this.space = space;
  }

  /**
   * The same again is not an error and costs nothing: it is how an upload goes on after a cut.
   * @param request.size a PADMÉ size. @returns chunks that have arrived. @throws RelayRefusal blob-exists, storage-full, and what PostageService.verify throws
   */
  async open({ blob, owner, size, postage }: { blob: BlobId; owner: Secret32; size: number; postage: Uint8Array }): Promise<number> {
    const hash = sha256(blob);
    const known = await this.store.find(hash, this.oldestDay());
    if (known !== undefined) return receivedIfSame(known, owner, size);
    await this.mustFit(size);
    const paid = await this.postage.verify(postage, SINGLE_COST);
    const opened = await this.store.open({ hash, ownerHash: sha256(owner), size, day: this.calendar.today(), since: this.oldestDay(), paid });
    if (opened) return 0;
    const other = await this.store.find(hash, this.oldestDay());
    if (other === undefined) throw new RelayRefusal('blob-exists');
    return receivedIfSame(other, owner, size);
  }

  /**
   * Durable when it resolves. A chunk that is there already, with the same bytes, is not an error and costs nothing.
   * @returns chunks that have arrived. @throws RelayRefusal unknown-blob, wrong-chunk, bad-field, storage-full, and what PostageService.verify throws
   */
  write(request: WriteChunk): Promise<number> {
    const hash = sha256(request.blob);
    // Of copies that come together each would be stored before one is counted, and what a pack has taken it never gives back.
    return this.turns.next(hash.toString('base64'), () => this.writeNext(hash, request));
  }

  private async writeNext(hash: Uint8Array, { owner, index, chunk, postage }: WriteChunk): Promise<number> {
    const known = await this.ownBlob(hash, owner);
    if (index < known.received) return this.repeated(hash, known, index, chunk);
    if (index > known.received || index >= chunksOf(known.size)) throw new RelayRefusal('wrong-chunk');
    if (chunk.length !== chunkSize(known.size, index)) throw new RelayRefusal('bad-field');
    await this.mustFit(chunk.length);
    const paid = await this.postage.verify(postage, chunkCost(index));
    const expires = expiryOf(known.day);
    const place = await this.storage.put(expires, await this.keys.seal(expires, chunkName(hash, index), chunk));
    if (await this.appended({ hash, index, place, paid }, expires)) return index + 1;
    // Somebody was quicker with the same chunk, or the blob was deleted meanwhile.
    await this.storage.erase(expires, [place]);
    return this.repeated(hash, await this.ownBlob(hash, owner), index, chunk);
  }

  /** One query for every blob that cannot be read, and nothing else. @throws RelayRefusal unknown-blob */
  async read(blob: BlobId, index: number): Promise<{ readonly chunk: Uint8Array; readonly size: number }> {
    const hash = sha256(blob);
    const found = await this.store.readable({ hash, index, since: this.oldestDay() });
    if (found === undefined) throw new RelayRefusal('unknown-blob');
    const expires = expiryOf(found.day);
    const sealed = await this.storage.get(expires, found.place);
    const chunk = sealed && (await this.keys.open(expires, chunkName(hash, index), sealed));
    if (chunk === undefined) throw new RelayRefusal('unknown-blob');
    return { chunk, size: found.size };
  }

  /** The bytes first: after a crash in between, the same request finishes it. @throws RelayRefusal unknown-blob */
  async delete(blob: BlobId, owner: Secret32): Promise<void> {
    const hash = sha256(blob);
    for (;;) {
      const known = await this.ownBlob(hash, owner);
      const places = await this.store.placesOf(hash);
      await this.storage.erase(expiryOf(known.day), places);
      if (await this.store.remove(hash, places.length)) return;
    }
  }

  /** Everything whose days are over. */
  async forget(today: Day): Promise<void> {
    await this.store.forget((today - RETENTION_DAYS.post) as Day);
    await this.storage.tidy(today);
  }

  /** Somebody else's secret finds no blob, so that nobody learns from it whether there is one. */
  private async ownBlob(hash: Uint8Array, owner: Secret32): Promise<StoredBlob> {
    const known = await this.store.find(hash, this.oldestDay());
    const matches = timingSafeEqual(known?.ownerHash ?? NOBODY, sha256(owner));
    if (known === undefined || !matches) throw new RelayRefusal('unknown-blob');
    return known;
  }

  private async repeated(hash: Uint8Array, known: StoredBlob, index: number, chunk: Uint8Array): Promise<number> {
    const place = await this.store.placeOf(hash, index);
    if (place === undefined) throw new RelayRefusal('wrong-chunk');
    const expires = expiryOf(known.day);
    const sealed = await this.storage.get(expires, place);
    const kept = sealed && (await this.keys.open(expires, chunkName(hash, index), sealed));
    if (kept === undefined || Buffer.compare(kept, chunk) !== 0) throw new RelayRefusal('wrong-chunk');
    return known.received;
  }

  /** What could not be counted must not stay: the sender sends it again. */
  private async appended(chunk: Parameters<BlobsStore['append']>[0], expires: Day): Promise<boolean> {
    try {
      return await this.store.append(chunk);
    } catch (error) {
      // After a lost connection nobody knows whether it was counted, so it stays until its day is over.
      if (!(error instanceof RelayRefusal && error.code === 'storage-unavailable')) await this.storage.erase(expires, [chunk.place]);
      throw error;
    }
  }

  private async mustFit(bytes: number): Promise<void> {
    if (this.space === undefined) return;
    // What the rows count, and what lies there: a pack keeps the room of what was deleted until its day is over.
    const [counted, lying] = await Promise.all([this.store.used(this.oldestDay()), this.storage.used?.() ?? 0]);
    if (Math.max(counted, lying) + bytes > this.space) throw new RelayRefusal('storage-full');
  }

  private oldestDay(): Day {
    return (this.calendar.today() - RETENTION_DAYS.post) as Day;
  }
}

const NOBODY = Buffer.alloc(32);

/** The first day on which a blob of `day` must be gone. */
const expiryOf = (day: Day): Day => expiryAfter(day, RETENTION_DAYS.post) as Day;

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** What a chunk at rest is tied to: hash of the blob's id || index (4 bytes, big endian). */
function chunkName(hash: Uint8Array, index: number): Uint8Array {
  const name = Buffer.alloc(hash.length + 4);
  name.set(hash);
  name.writeUInt32BE(index, hash.length);
  return name;
}

function receivedIfSame(known: StoredBlob, owner: Secret32, size: number): number {
  if (!timingSafeEqual(known.ownerHash, sha256(owner)) || known.size !== size) throw new RelayRefusal('blob-exists');
  return known.received;
}
