import { create } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from 'vitest';
import { MiB } from '#shared/limits.ts';
import { randomBytes, sodiumReady } from '#shared/sodium.ts';
import { FileSchema } from '../../content/gen/thicket/content/v1/content_pb.ts';
import type { Relay } from '../../relay/port.ts';
import type { Device } from '../device.ts';
import { emptyDigest, layoutOf, nextDigest, pieceOf, sealPiece, spanOf, type Layout } from './format.ts';
import { saveTo } from './saving.ts';
import { Transfers } from './transfers.ts';

beforeAll(sodiumReady);

const piecesOf = (bytes: Uint8Array, layout: Layout): Uint8Array[] =>
  Array.from({ length: layout.pieces }, (_, index) => pieceOf(layout, index, bytes.subarray(spanOf(layout, index).from, spanOf(layout, index).to)));

describe('saving', () => {
  it('refuses what a member with the key sealed in the sender’s name, with the relay’s help, and leaves nothing of it', async () => {
    const layout = layoutOf(MiB) as Layout;
    const [honest, forged, key] = [randomBytes(MiB), randomBytes(MiB), randomBytes(32)];
    const digest = piecesOf(honest, layout).reduce(nextDigest, emptyDigest());
    const file = create(FileSchema, { name: 'a', size: BigInt(MiB), blob: randomBytes(32), key, digest });
    let kept: Uint8Array = new Uint8Array(0);
    const sink = {
      size: async () => kept.length, read: async (from: number, length: number) => kept.slice(from, from + length),
      write: async (from: number, bytes: Uint8Array) => void (kept = new Uint8Array([...kept.subarray(0, from), ...bytes])),
    };
    const save = (bytes: Uint8Array) => {
      const chunks = piecesOf(bytes, layout).map((piece, index) => sealPiece(key, layout, index, piece));
      const relay = { readChunk: async (_blob: unknown, index: number) => ({ chunk: chunks[index], size: layout.sealed }) } as unknown as Relay;
      return new Transfers({} as Device).run(undefined, MiB, (transfer) => saveTo(sink, file, { relay, layout, transfer }));
    };
    await expect(save(forged)).rejects.toMatchObject({ code: 'file-damaged' });
    expect(kept).toHaveLength(0);
    await save(honest);
    expect(Buffer.compare(kept, honest)).toBe(0);
  });
});
