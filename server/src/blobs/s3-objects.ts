/**
 * Chunks in an S3-compatible storage: one object each, under the day on which it expires and a random name. The storage keeps the
 * exact time and the size of every object; docs/protocol/blobs.md says what that gives away.
 */
import { randomBytes } from 'node:crypto';
import type { S3mini } from 's3mini';
import { RelayRefusal } from '#shared/errors.ts';
import type { Day } from '#shared/ids.ts';
import type { ChunkPlace, ChunkStorage } from './chunk-storage.ts';
import { asked } from './s3-client.ts';

/** So that nothing else in the bucket is ever taken for ours. */
const FOLDER = 'blobs/';
const DAY_FOLDER = /^blobs\/(\d{1,9})\/$/;
const OBJECT = /^blobs\/\d{1,9}\/[0-9a-f]{32}$/;
/** The most that S3 lists at once. */
const PAGE = 1000;
/** Requests to delete that are under way at once. */
const DELETED_AT_ONCE = 8;

export class S3Objects implements ChunkStorage {
  readonly #client: S3mini;
  readonly #page: number;

  /** @param page objects listed at once; only tests pass another */
  constructor(client: S3mini, page = PAGE) {
    this.#client = client;
    this.#page = page;
  }

  async put(expires: Day, bytes: Uint8Array): Promise<ChunkPlace> {
    const container = randomBytes(16);
    await asked(async () => {
      const response = await this.#client.putObject(keyOf(expires, container), bytes);
      // Until it is read to its end the connection is taken.
      await response.arrayBuffer();
    });
    return { container, position: 0, length: bytes.length };
  }

  async get(expires: Day, { container, length }: ChunkPlace): Promise<Uint8Array | undefined> {
    const found = await asked(() => this.#client.getObjectArrayBuffer(keyOf(expires, container)));
    return found?.byteLength === length ? new Uint8Array(found) : undefined;
  }

  async erase(expires: Day, places: readonly ChunkPlace[]): Promise<void> {
    await this.#delete(places.map(({ container }) => keyOf(expires, container)));
  }

  async tidy(today: Day): Promise<void> {
    for await (const folder of this.#list(FOLDER, { delimiter: '/' })) {
      const days = folder.map((key) => DAY_FOLDER.exec(key)?.[1]).filter((text) => text !== undefined && Number(text) <= today);
      for (const text of days) {
        for await (const keys of this.#list(`${FOLDER}${text}/`)) await this.#delete(keys.filter((key) => OBJECT.test(key)));
      }
    }
  }

  async close(): Promise<void> {
    // Nothing is held between two requests.
  }

  async *#list(prefix: string, more: Record<string, string> = {}): AsyncGenerator<string[]> {
    let token: string | undefined;
    do {
      const page = await asked(() => this.#client.listObjectsPaged('/', prefix, this.#page, token, more));
      if (page?.objects == null) throw new RelayRefusal('storage-unavailable');
      yield page.objects.map(({ Key }) => Key);
      token = page.nextContinuationToken;
    } while (token !== undefined);
  }

  /** One by one: not every server that speaks S3 deletes many with one request. */
  async #delete(keys: readonly string[]): Promise<void> {
    const left = [...keys];
    const deleteSome = async (): Promise<void> => {
      for (let key = left.pop(); key !== undefined; key = left.pop()) {
        const next = key;
        await asked(() => this.#client.deleteObject(next)).catch((error: unknown) => {
          left.length = 0;
          throw error;
        });
      }
    };
    await Promise.all(Array.from({ length: Math.min(DELETED_AT_ONCE, keys.length) }, deleteSome));
  }
}

const keyOf = (expires: Day, container: Uint8Array): string => `${FOLDER}${expires}/${Buffer.from(container).toString('hex')}`;
