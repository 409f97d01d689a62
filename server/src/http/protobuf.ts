/** Messages at the border: bytes in, bytes out, and nothing half understood. */
import { type DescMessage, type MessageInitShape, type MessageShape, create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { FastifyReply } from 'fastify';
import { RelayRefusal, REFUSALS, type RefusalCode } from '#shared/errors.ts';
import { RefusalSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';

export const PROTOBUF = 'application/x-protobuf';

/** Unknown fields are a later version's business and are dropped. @throws RelayRefusal `malformed` */
export function decode<Desc extends DescMessage>(schema: Desc, body: unknown): MessageShape<Desc> {
  if (!(body instanceof Uint8Array)) throw new RelayRefusal('malformed');
  try {
    return fromBinary(schema, body, { readUnknownFields: false });
  } catch {
    throw new RelayRefusal('malformed');
  }
}

export const encode = <Desc extends DescMessage>(schema: Desc, message: MessageInitShape<Desc>): Buffer => {
  const bytes = toBinary(schema, create(schema, message));
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

export const refusalMessage = (refusal: RelayRefusal): MessageInitShape<typeof RefusalSchema> => ({
  code: refusal.code,
  sentence: REFUSALS[refusal.code][1],
  currentSlot: BigInt(refusal.currentSlot ?? 0),
  seq: BigInt(refusal.existing?.seq ?? 0),
  shard: refusal.existing?.shard ?? 0,
  currentWeek: refusal.currentWeek ?? 0,
});

export const encodeRefusal = (refusal: RelayRefusal): Buffer => encode(RefusalSchema, refusalMessage(refusal));

const refusals = new WeakMap<FastifyReply, RefusalCode>();

/** @returns undefined for a reply that is none, or not yet */
export const refusedWith = (reply: FastifyReply): RefusalCode | undefined => refusals.get(reply);

export function sendRefusal(reply: FastifyReply, refusal: RelayRefusal): void {
  refusals.set(reply, refusal.code);
  void reply.code(refusal.status).header('content-type', PROTOBUF).header('cache-control', 'no-store').send(encodeRefusal(refusal));
}

/** The value of a parser of shared/ids.ts, which gives undefined for what does not fit. @throws RelayRefusal */
export function must<Value>(value: Value | undefined, code: RefusalCode = 'bad-field'): Value {
  if (value === undefined) throw new RelayRefusal(code);
  return value;
}

/** @throws RelayRefusal `bad-field` unless its length is one of `sizes` */
export function ofSize(body: Uint8Array, sizes: readonly number[]): Uint8Array {
  if (!sizes.includes(body.length)) throw new RelayRefusal('bad-field');
  return body;
}

/** @throws RelayRefusal `bad-field` unless it has from `lowest` to `highest` bytes */
export function ofLength(body: Uint8Array, lowest: number, highest: number): Uint8Array {
  if (body.length < lowest || body.length > highest) throw new RelayRefusal('bad-field');
  return body;
}
