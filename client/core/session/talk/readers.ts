import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { StoredReceiptsSchema } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { fromHex, hex } from '#shared/sodium.ts';

/** How far people say to have read a room: places by member key, in hexadecimal. */
export type Readers = ReadonlyMap<string, number>;

export const readersBytes = (readers: Readers): Uint8Array =>
  toBinary(StoredReceiptsSchema, create(StoredReceiptsSchema, {
    readers: [...readers].map(([member, seq]) => ({ member: fromHex(member) ?? new Uint8Array(0), readSeq: BigInt(seq) })),
  }));

export const readersFrom = (bytes: Uint8Array): Readers =>
  new Map(fromBinary(StoredReceiptsSchema, bytes).readers.map(({ member, readSeq }) => [hex(member), Number(readSeq)]));
