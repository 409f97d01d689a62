import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KiB, MiB, RETENTION_DAYS } from '#shared/limits.ts';
import { wireBlob } from '../../../test/harness/blobs.ts';
import type { TestDatabase } from '../../../test/harness/postgres.ts';
import { codeOf } from '../../../test/harness/refusals.ts';
import { type TestRelay, startTestRelay } from '../../../test/harness/relay.ts';
import { type TestCalendar, testCalendar } from '../../../test/harness/test-calendar.ts';
import { WireHub, random } from '../../../test/harness/wire.ts';

let calendar: TestCalendar;
let relay: TestRelay & { readonly database: TestDatabase };
let hub: WireHub;
beforeAll(async () => {
  calendar = testCalendar();
  relay = await startTestRelay({ calendar, blobSpace: 60 * MiB });
  hub = await WireHub.found(relay);
}, 60_000);
afterAll(() => relay.stop());

const blobOf = (size: number) => wireBlob(hub, size);

const filesIn = (folder: string): string[] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
const bytesOnDisk = (): Buffer => Buffer.concat(filesIn(relay.blobFolder).map((file) => readFileSync(file)));

describe('blobs', () => {
  it('are announced, written in order, and read by whoever knows the id once they are complete', async () => {
    const file = blobOf(2 * MiB + 64 * KiB);
    expect((await file.open()).received).toBe(0);
    for (let index = 0; index < 3; index += 1) {
      expect(await codeOf(file.read(0))).toBe('unknown-blob');
      expect((await file.write(index)).received).toBe(index + 1);
      expect((await file.open()).received).toBe(index + 1);
    }
    for (const [index, chunk] of file.chunks.entries()) {
      const read = await file.read(index);
      expect(Buffer.compare(read.chunk, chunk)).toBe(0);
      expect(Number(read.size)).toBe(2 * MiB + 64 * KiB);
    }
    expect(await codeOf(file.read(3))).toBe('unknown-blob');
  });

  it('have PADMÉ sizes, full chunks but the last, and no gaps', async () => {
    for (const size of [0, 16 * KiB - 1, 16 * KiB + 1, MiB + 1, 8192 * MiB]) expect([size, await codeOf(blobOf(16 * KiB).open({ size }))]).toEqual([size, 'bad-field']);
    const file = blobOf(MiB + 32 * KiB);
    await file.open();
    expect(await codeOf(file.write(1))).toBe('wrong-chunk');
    expect(await codeOf(file.write(0, random(MiB - 1)))).toBe('bad-field');
    await file.write(0);
    expect(await codeOf(file.write(1, random(32 * KiB + 1)))).toBe('bad-field');
    expect(await codeOf(file.write(1, random(MiB + 1)))).toBe('bad-field');
    await file.write(1);
    expect(await codeOf(file.write(2, random(1)))).toBe('wrong-chunk');
    expect(await codeOf(file.write(4096, random(1)))).toBe('bad-field');
    expect(await codeOf(file.read(4_294_967_295))).toBe('bad-field');
  });

  it('take the same announcement and the same chunk again, and no other in their place', async () => {
    const file = blobOf(MiB + 32 * KiB);
    await file.open();
    await file.write(0);
    expect((await file.write(0)).received).toBe(1);
    expect(await codeOf(file.write(0, random(MiB)))).toBe('wrong-chunk');
    expect(await codeOf(file.open({ size: MiB }))).toBe('blob-exists');
    expect(await codeOf(file.open({ ownerSecret: random(32) }))).toBe('blob-exists');
    await file.write(1);
    expect((await file.write(1)).received).toBe(2);
  });

  it('count one of several copies of a chunk that come at once, and keep no bytes of the others', async () => {
    const file = blobOf(16 * KiB);
    await file.open();
    await hub.wire.warmUp();
    const marked = Buffer.concat([Buffer.from('find me if you can'), random(16 * KiB - 18)]);
    const before = bytesOnDisk().length;
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => file.write(0, marked)));
    expect(outcomes.map(({ received }) => received)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(Buffer.compare((await file.read(0)).chunk, marked)).toBe(0);
    // Sealed, it is a little longer than it came.
    expect(bytesOnDisk().length - before).toBeLessThan(17 * KiB);
  });

  it('are nobody else’s: a wrong secret finds nothing', async () => {
    const file = await blobOf(16 * KiB).send();
    expect(await codeOf(file.write(0, file.chunks[0], random(32)))).toBe('unknown-blob');
    expect(await codeOf(file.delete(random(32)))).toBe('unknown-blob');
    expect((await file.read(0)).chunk).toEqual(file.chunks[0]);
  });

  it('are deleted by their owner: the rows are gone and the bytes overwritten', async () => {
    const file = await blobOf(MiB + 32 * KiB).send();
    const before = (await relay.database.query('SELECT 1 AS chunk FROM blob_chunks')).length;
    const zeros = bytesOnDisk().filter((byte) => byte === 0).length;
    await file.delete();
    expect(await codeOf(file.read(0))).toBe('unknown-blob');
    expect(await codeOf(file.delete())).toBe('unknown-blob');
    expect(await codeOf(file.write(1))).toBe('unknown-blob');
    expect((await relay.database.query('SELECT 1 AS chunk FROM blob_chunks')).length).toBe(before - 2);
    expect(bytesOnDisk().filter((byte) => byte === 0).length - zeros).toBeGreaterThan(0.99 * (MiB + 32 * KiB));
    expect((await file.open()).received).toBe(0);
  });

  it('lie in packs, whose times tell a day at most, behind hashes', async () => {
    const file = await blobOf(16 * KiB).send();
    const dump = await relay.database.dump();
    expect(dump).not.toContain(Buffer.from(file.blob).toString('hex'));
    expect(dump).not.toContain(Buffer.from(file.owner).toString('hex'));
    // At rest it lies under the day's key, not as it was sent.
    expect(bytesOnDisk().includes(Buffer.from((file.chunks[0] as Uint8Array).subarray(0, 64)))).toBe(false);
    const packs = filesIn(relay.blobFolder);
    const chunks = await relay.database.query('SELECT 1 AS chunk FROM blob_chunks');
    expect(packs.length).toBeLessThan(chunks.length);
    for (const pack of packs) expect(Math.round(statSync(pack).mtimeMs) % 86_400_000).toBe(0);
  });

  it('survive a restart, and an upload goes on where it was', async () => {
    const file = blobOf(2 * MiB);
    await file.open();
    await file.write(0);
    await relay.restart();
    expect((await file.open()).received).toBe(1);
    await file.write(1);
    expect(Buffer.compare((await file.read(0)).chunk, file.chunks[0] as Uint8Array)).toBe(0);
    expect(Buffer.compare((await file.read(1)).chunk, file.chunks[1] as Uint8Array)).toBe(0);
  });

  it('are refused when all together have as many bytes as they may', async () => {
    expect(await codeOf(blobOf(16 * KiB).open({ size: 60 * MiB }))).toBe('storage-full');
    // Announced sizes reserve nothing: whoever announces ten large ones and sends none stands in nobody's way.
    for (let count = 0; count < 10; count += 1) await blobOf(16 * KiB).open({ size: 40 * MiB });
    await blobOf(16 * KiB).send();
  });

  it('count with the room they leave in the packs when they are deleted', async () => {
    const relay = await startTestRelay({ blobSpace: 3 * MiB });
    try {
      const own = await WireHub.found(relay);
      for (let count = 0; count < 2; count += 1) await (await wireBlob(own, MiB).send()).delete();
      expect(await codeOf(wireBlob(own, MiB).send())).toBe('storage-full');
    } finally {
      await relay.stop();
    }
  });

  it('are paid for when they are announced and with every fourth chunk, once', async () => {
    const { purse } = hub;
    const [first, fifth] = [await purse.take(1), await purse.take(1)];
    const file = blobOf(5 * MiB);
    await file.open({ postage: first });
    expect((await file.open()).received).toBe(0);
    expect(await codeOf(blobOf(16 * KiB).open({ postage: first }))).toBe('postage-spent');
    for (let index = 0; index < 4; index += 1) await file.write(index);
    expect(await codeOf(file.write(4, file.chunks[4], file.owner, first))).toBe('postage-spent');
    expect((await file.open()).received).toBe(4);
    await file.write(4, file.chunks[4], file.owner, fifth);
    expect((await file.write(4, file.chunks[4], file.owner, fifth)).received).toBe(5);
    expect(await codeOf(blobOf(16 * KiB).open({ postage: fifth }))).toBe('postage-spent');
  });

  it('are gone after fourteen days: at once for readers, and from the disk at the next look', async () => {
    const file = await blobOf(16 * KiB).send();
    const unfinished = blobOf(2 * MiB);
    await unfinished.open();
    await unfinished.write(0);
    calendar.pass(RETENTION_DAYS.post);
    expect((await file.read(0)).chunk).toEqual(file.chunks[0]);
    calendar.pass(1);
    expect(await codeOf(file.read(0))).toBe('unknown-blob');
    expect(await codeOf(file.delete())).toBe('unknown-blob');
    expect(await codeOf(unfinished.write(1))).toBe('unknown-blob');
    await relay.restart();
    expect(await relay.database.query('SELECT 1 AS row FROM blobs')).toEqual([]);
    expect(await relay.database.query('SELECT 1 AS row FROM blob_chunks')).toEqual([]);
    expect(filesIn(relay.blobFolder).map((path) => statSync(path).size)).toEqual([0]);
    expect((await file.open()).received).toBe(0);
  });
});
