/** The stream of an archive: what comes out is what went in, or nothing is. */
import { create } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from 'vitest';
import { concatBytes, randomBytes, sodiumReady, STREAM_HEADER, STREAM_OVERHEAD, streamSealing, utf8 } from '#shared/sodium.ts';
import { KeptSchema } from '../../content/gen/thicket/archive/v1/archive_pb.ts';
import { ArchiveWriter, readEntries, type EntryBody } from './stream.ts';

beforeAll(() => sodiumReady());

const key = new Uint8Array(32).fill(7);
const binding = utf8('of alice');
const PIECE = 64 * 1024 + STREAM_OVERHEAD;

const kept = (value: Uint8Array): EntryBody => ({ case: 'kept', value: create(KeptSchema, { collection: 'notes', scope: 'a', value }) });
async function written(values: readonly Uint8Array[]): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const writer = new ArchiveWriter(async (bytes) => void parts.push(bytes), key, binding);
  for (const value of values) await writer.put(kept(value));
  await writer.end();
  return concatBytes(...parts);
}
async function read(bytes: Uint8Array, options: Partial<Parameters<typeof readEntries>[1]> = {}): Promise<Uint8Array[]> {
  const values: Uint8Array[] = [];
  for await (const entry of readEntries(new Blob([bytes as Uint8Array<ArrayBuffer>]), { key, binding, from: 0, wrongKey: 'wrong-recovery-phrase', ...options })) {
    if (entry.case === 'kept') values.push(entry.value.value);
  }
  return values;
}

describe('an archive', () => {
  it('gives back what was written, whatever its length, and is padded', async () => {
    const values = [0, 1, 65_530, 65_536, 200_000, 3_000_000].map((length) => randomBytes(length));
    const bytes = await written(values);
    expect(await read(bytes)).toEqual(values);
    expect((await written([])).length).toBe((await written([randomBytes(1000)])).length);
  });

  it('does not open where a byte of any piece was changed', async () => {
    const bytes = await written([randomBytes(300_000)]);
    for (const at of [0, STREAM_HEADER, STREAM_HEADER + PIECE + 5, bytes.length - 1]) {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] as number) ^ 1;
      await expect(read(changed), `byte ${at}`).rejects.toMatchObject({ code: at < STREAM_HEADER + PIECE ? 'wrong-recovery-phrase' : 'archive-damaged' });
    }
  });

  it('does not open where it was cut, at a piece or inside one, nor with more behind it', async () => {
    const bytes = await written([randomBytes(300_000)]);
    for (const length of [0, 10, STREAM_HEADER + 3, STREAM_HEADER + PIECE, STREAM_HEADER + 2 * PIECE, bytes.length - 1, bytes.length - PIECE]) {
      await expect(read(bytes.slice(0, length)), `${length} bytes`).rejects.toMatchObject({ name: 'SessionFailure' });
    }
    await expect(read(concatBytes(bytes, randomBytes(PIECE)))).rejects.toMatchObject({ code: 'archive-damaged' });
  });

  it('does not open with its pieces in another order, doubled or left out', async () => {
    const bytes = await written([randomBytes(300_000)]);
    const head = bytes.slice(0, STREAM_HEADER);
    const pieces = Array.from({ length: Math.ceil((bytes.length - STREAM_HEADER) / PIECE) }, (_, i) => bytes.slice(STREAM_HEADER + i * PIECE, STREAM_HEADER + (i + 1) * PIECE));
    const [a, b, c, ...rest] = pieces as [Uint8Array, Uint8Array, Uint8Array, ...Uint8Array[]];
    for (const order of [[a, c, b, ...rest], [a, b, b, c, ...rest], [a, c, ...rest]]) {
      await expect(read(concatBytes(head, ...order))).rejects.toMatchObject({ code: 'archive-damaged' });
    }
  });

  it('is bound to whom it belongs to', async () => {
    await expect(read(await written([]), { binding: utf8('of bob') })).rejects.toMatchObject({ code: 'wrong-recovery-phrase' });
  });

  it('is not read on where an entry says to be longer than any', async () => {
    const sealing = streamSealing(key);
    const plain = new Uint8Array(1024);
    new DataView(plain.buffer).setUint32(0, 0xffff_ffff);
    await expect(read(concatBytes(sealing.header, sealing.push(plain, binding, true)))).rejects.toMatchObject({ code: 'archive-damaged' });
  });

  it('is not believed where it ends without saying so', async () => {
    const sealing = streamSealing(key);
    await expect(read(concatBytes(sealing.header, sealing.push(new Uint8Array(0), binding, true)))).rejects.toMatchObject({ code: 'archive-damaged' });
  });
});
