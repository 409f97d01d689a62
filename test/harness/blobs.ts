/** A blob as the relay sees it, by hand: random bytes of a size, paid for from a hub's purse. */
import {
  BlobChunkSchema, BlobDeletedSchema, BlobOpenedSchema, ChunkWrittenSchema, DeleteBlobSchema, OpenBlobSchema, ReadChunkSchema, WriteChunkSchema,
} from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { chunkSize, chunksOf } from '#shared/padme.ts';
import { SINGLE_COST, chunkCost } from '#shared/postage.ts';
import { type WireHub, random } from './wire.ts';

export type WireBlob = ReturnType<typeof wireBlob>;

/** @param size of everything; a PADMÉ size unless the test is about that */
export function wireBlob({ wire, purse }: Pick<WireHub, 'wire' | 'purse'>, size: number) {
  const paid = <T>(cost: number, given: Uint8Array | undefined, send: (postage: Uint8Array) => Promise<T>) =>
    (given === undefined ? purse.pay(cost, send) : send(given));
  const [blob, owner] = [random(32), random(32)];
  const chunks = Array.from({ length: chunksOf(size) }, (_, index) => random(chunkSize(size, index)));
  const self = {
    blob, owner, chunks,
    open: (more: { ownerSecret?: Uint8Array; size?: number; postage?: Uint8Array } = {}) => paid(SINGLE_COST, more.postage, (postage) =>
      wire.call('/v1/blobs', OpenBlobSchema, { blob, ownerSecret: more.ownerSecret ?? owner, size: BigInt(more.size ?? size), postage }, BlobOpenedSchema)),
    write: (index: number, chunk = chunks[index] as Uint8Array, ownerSecret = owner, given?: Uint8Array) => paid(chunkCost(index), given, (postage) =>
      wire.call('/v1/blobs/write', WriteChunkSchema, { blob, ownerSecret, index, chunk, postage }, ChunkWrittenSchema)),
    read: (index: number) => wire.call('/v1/blobs/read', ReadChunkSchema, { blob, index }, BlobChunkSchema),
    delete: (ownerSecret = owner) => wire.call('/v1/blobs/delete', DeleteBlobSchema, { blob, ownerSecret }, BlobDeletedSchema),
    async send() {
      await self.open();
      for (let index = 0; index < chunks.length; index += 1) await self.write(index);
      return self;
    },
  };
  return self;
}
