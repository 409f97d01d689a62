/** Requests and frames as mallory bends them: messages of the schema, then cut, flipped, spliced, and made to lie about their lengths. */
import { type DescMessage, create, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import * as wire from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { Chance } from '../harness/chance.ts';

export const ENDPOINTS: readonly (readonly [path: string, schema: DescMessage])[] = [
  ['/v1/mailboxes', wire.OpenMailboxSchema], ['/v1/records', wire.PostRecordSchema], ['/v1/commits', wire.PostCommitSchema],
  ['/v1/pools', wire.FillPoolSchema], ['/v1/pools/take', wire.TakePackageSchema], ['/v1/rendezvous/open', wire.OpenRendezvousSchema],
  ['/v1/rendezvous/claim', wire.ClaimRendezvousSchema], ['/v1/rendezvous/answer', wire.AnswerRendezvousSchema],
  ['/v1/rendezvous/read', wire.ReadRendezvousSchema], ['/v1/found', wire.FoundHubSchema], ['/v1/postage/draw', wire.DrawTokensSchema],
  ['/v1/passes', wire.RegisterPassSchema], ['/v1/postage/draw', wire.DrawTokensSchema], ['/v1/blobs', wire.OpenBlobSchema],
  ['/v1/blobs/write', wire.WriteChunkSchema], ['/v1/blobs/read', wire.ReadChunkSchema], ['/v1/blobs/delete', wire.DeleteBlobSchema],
  ['/v1/gateway', wire.PostRecordSchema], ['/v1/oblivious/hub.example.net', wire.PostRecordSchema],
];

/** A message of the schema whose fields have sizes at and beside the allowed ones. */
function messageOf(schema: DescMessage): fc.Arbitrary<Uint8Array> {
  const size = fc.constantFrom(0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 99, 100, 101, 1024, 4096, 16_384);
  const bytes = size.chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
  const fields = schema.fields.map((field) => {
    if (field.fieldKind === 'enum') return [field.localName, fc.integer({ min: 0, max: 7 })] as const;
    if (field.fieldKind === 'list') return [field.localName, field.listKind === 'scalar' && field.scalar === 12 ? fc.array(bytes, { maxLength: 3 }) : fc.array(fc.nat(70), { maxLength: 70 })] as const;
    if (field.fieldKind !== 'scalar') return [field.localName, fc.constant(undefined)] as const;
    if (field.scalar === 4) return [field.localName, fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(0n, 2n ** 64n - 1n))] as const;
    if (field.scalar === 13) return [field.localName, fc.oneof(fc.nat(3), fc.integer({ min: 0, max: 4_294_967_295 }))] as const;
    return [field.localName, bytes] as const;
  });
  return fc.record(Object.fromEntries(fields)).map((message) => toBinary(schema, create(schema, message as never)));
}

/** So many messages of each endpoint, from a seed. */
export const messagesOf = (schema: DescMessage, count: number, seed: number): Uint8Array[] => fc.sample(messageOf(schema), { numRuns: count, seed });

const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))]);

type Bend = (bytes: Uint8Array, other: Uint8Array, chance: Chance) => Uint8Array;
const at = (bytes: Uint8Array, chance: Chance): number => chance.below(Math.max(1, bytes.length));

const BENDS: readonly Bend[] = [
  (bytes) => bytes,
  // bits flipped, one or a few
  (bytes, _other, chance) => {
    const bent = Uint8Array.from(bytes);
    for (let flips = 1 + chance.below(4); flips > 0 && bent.length > 0; flips -= 1) {
      const index = at(bent, chance);
      bent[index] = (bent[index] as number) ^ (1 << chance.below(8));
    }
    return bent;
  },
  // cut off
  (bytes, _other, chance) => bytes.slice(0, at(bytes, chance)),
  // the front of one, the back of another
  (bytes, other, chance) => Uint8Array.from([...bytes.slice(0, at(bytes, chance)), ...other.slice(at(other, chance), at(other, chance) + 500)]),
  // a length or number made huge
  (bytes, _other, chance) => {
    const index = at(bytes, chance);
    return Uint8Array.from([...bytes.slice(0, index), ...Array.from({ length: 1 + chance.below(11) }, () => 255), chance.below(128), ...bytes.slice(index, index + 300)]);
  },
  // a length that lies
  (bytes, _other, chance) => Uint8Array.from([(1 + chance.below(15)) * 8 + 2, ...varint(chance.pick([bytes.length + 1, 0x7fffffff, 0xffffffff, 65_536])), ...bytes.slice(0, 300)]),
  // fields nobody knows, of every wire type
  (bytes, _other, chance) => Uint8Array.from([...varint((16 + chance.below(2 ** 20)) * 8 + chance.below(8)), ...varint(chance.below(200)), ...bytes]),
  // the message twice, or behind itself
  (bytes) => Uint8Array.from([...bytes.slice(0, 2_000), ...bytes.slice(0, 2_000)]),
  // noise
  (_bytes, _other, chance) => Uint8Array.from({ length: chance.below(200) }, () => chance.below(256)),
];

export const bent = (bytes: Uint8Array, other: Uint8Array, chance: Chance): Uint8Array => chance.pick(BENDS)(bytes, other, chance);

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND', 'BREW', ''];
const PATHS = [
  '/v1/hub', '/v1/log/0/0', '/v1/log/0/999999', '/v1/log/-1/0', '/v1/log/0/1e3', '/v1/log/4294967296/0', '/v1', '/v1/', '/v1/%zz', '/v1/records/../hub', '//v1/hub',
  '/v1/tail', '/healthz', '/v1/transparency', '/v1/oblivious/', '/v1/oblivious/%2e%2e', '/../../etc/passwd', '/v1/log/0/0?x=1', 'http://elsewhere.example/v1/hub', '*', 'no-slash', '/\u00e4',
];
const HEADERS = [
  'Authorization: Pass AAAA', `Authorization: Pass ${'A'.repeat(64)}`, 'Authorization: Bearer x', 'Transfer-Encoding: chunked', 'Content-Length: -1', 'Content-Length: 1e9',
  'Content-Length: 99999999999999999999', 'Content-Length: 3, 4', 'Expect: 100-continue', 'Expect: a-miracle', 'Connection: Upgrade\r\nUpgrade: h2c', 'Connection: Upgrade\r\nUpgrade: websocket',
  'Content-Type: application/json', 'Content-Type: application/x-protobuf; charset=\u0000', 'Content-Type:', 'Range: bytes=0-1,5-2', 'If-None-Match: *', 'Cookie: a=b', ': nothing', 'No colon',
  `X-Long: ${'x'.repeat(9_000)}`, 'Host: a\r\nHost: b', 'Content-Encoding: gzip', 'Accept-Encoding: br;q=x',
];

/** A request that is bent above its body; it may be none at all, so nothing may follow it on its connection. */
export function bentHead(chance: Chance): Buffer {
  const lines = [`${chance.pick(METHODS)} ${chance.pick(PATHS)} HTTP/${chance.pick(['1.1', '1.1', '1.1', '1.0', '2.0', '9'])}`, 'Host: hub', 'Connection: close'];
  for (let count = chance.below(3); count > 0; count -= 1) lines.push(chance.pick(HEADERS));
  const bytes = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  if (chance.below(4) > 0) return bytes;
  bytes[at(bytes, chance)] = chance.below(256);
  // Without an end it would only wait for its time to be over.
  return Buffer.concat([bytes, Buffer.from('\r\n\r\n')]);
}
