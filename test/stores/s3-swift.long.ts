/** The S3-compatible storage against OpenStack Swift, which checks what s3rver does not. The suite of what it promises is chunk-storage.test.ts. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustHaveAccess } from '#server/blobs/s3-access.ts';
import { clientFor } from '#server/blobs/s3-client.ts';
import { S3Objects } from '#server/blobs/s3-objects.ts';
import type { S3Settings } from '#server/config/s3.ts';
import type { Day } from '#shared/ids.ts';
import { MiB } from '#shared/limits.ts';
import { startSwift, swiftIsThere } from '../harness/swift.ts';

describe.skipIf(!swiftIsThere())('Swift', () => {
  let settings: S3Settings;
  let stop: () => void = () => undefined;
  beforeAll(async () => {
    ({ settings, stop } = await startSwift());
  });
  afterAll(() => stop());

  const problemWith = (more: Partial<S3Settings>): Promise<string> =>
    mustHaveAccess(clientFor({ ...settings, ...more })).then(() => 'none', (error: unknown) => (error instanceof Error ? error.message : String(error)));

  it('is taken when bucket, keys and region are right, and not before', async () => {
    expect(await problemWith({})).toMatch(/names a bucket that is not there/);
    expect(await clientFor(settings).createBucket()).toBe(true);
    expect(await problemWith({})).toBe('none');
    expect(await problemWith({ secretKey: 'hunter2' })).toMatch(/does not take the access key and secret key.*\(SignatureDoesNotMatch\)/);
    expect(await problemWith({ region: 'elsewhere' })).toMatch(/\(AuthorizationHeaderMalformed\)/);
  });

  it('keeps chunks, gives them back, erases them, and drops the days that have come page by page', async () => {
    const storage = new S3Objects(clientFor(settings), 2);
    const days = [20_000, 20_001, 20_002] as Day[];
    const chunks = days.flatMap((day) => Array.from({ length: 5 }, () => ({ day, bytes: randomBytes(MiB + 48) })));
    const kept = await Promise.all(chunks.map(async (chunk) => ({ ...chunk, place: await storage.put(chunk.day, chunk.bytes) })));
    for (const { day, place, bytes } of kept) expect(Buffer.compare((await storage.get(day, place)) as Uint8Array, bytes)).toBe(0);
    const last = kept.at(-1) as (typeof kept)[number];
    for (let again = 0; again < 2; again += 1) await storage.erase(last.day, [last.place]);
    await storage.tidy(20_001 as Day);
    const left = await Promise.all(kept.map(async ({ day, place }) => (await storage.get(day, place)) !== undefined));
    expect(left).toEqual([...Array<boolean>(10).fill(false), ...Array<boolean>(4).fill(true), false]);
  });
});
