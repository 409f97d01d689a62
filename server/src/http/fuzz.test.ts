/** Mallory sends whatever she likes: every reply is a refusal of the table or a success, and the relay stays up. */
import { type DescMessage, create, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REFUSALS } from '#shared/errors.ts';
import {
  AnswerRendezvousSchema, ClaimRendezvousSchema, DeleteBlobSchema, DrawTokensSchema, FillPoolSchema, FoundHubSchema, OpenBlobSchema, OpenMailboxSchema, OpenRendezvousSchema,
  PostCommitSchema, PostRecordSchema, ReadChunkSchema, ReadRendezvousSchema, RegisterPassSchema, TailRequestSchema, TakePackageSchema,
  WriteChunkSchema,
} from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { TestDatabase } from '../../../test/harness/postgres.ts';
import { type TestRelay, startTestRelay } from '../../../test/harness/relay.ts';
import { WireHub, WireTail } from '../../../test/harness/wire.ts';

const ENDPOINTS: readonly (readonly [path: string, schema: DescMessage])[] = [
  ['/v1/mailboxes', OpenMailboxSchema], ['/v1/records', PostRecordSchema], ['/v1/commits', PostCommitSchema], ['/v1/pools', FillPoolSchema],
  ['/v1/pools/take', TakePackageSchema], ['/v1/rendezvous/open', OpenRendezvousSchema], ['/v1/rendezvous/claim', ClaimRendezvousSchema],
  ['/v1/rendezvous/answer', AnswerRendezvousSchema], ['/v1/rendezvous/read', ReadRendezvousSchema], ['/v1/found', FoundHubSchema],
  ['/v1/blobs', OpenBlobSchema], ['/v1/blobs/write', WriteChunkSchema], ['/v1/blobs/read', ReadChunkSchema], ['/v1/blobs/delete', DeleteBlobSchema],
  ['/v1/postage/draw', DrawTokensSchema], ['/v1/passes', RegisterPassSchema],
];
const SEED = Number(process.env['THICKET_SEED'] ?? Date.now() % 1_000_000_000);

/** A message of the schema whose fields have sizes at and beside the allowed ones. */
function messageOf(schema: DescMessage): fc.Arbitrary<Uint8Array> {
  const size = fc.constantFrom(0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 1024, 16_384);
  const bytes = size.chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
  const fields = schema.fields.map((field) => {
    if (field.fieldKind === 'enum') return [field.localName, fc.integer({ min: 0, max: 7 })] as const;
    if (field.fieldKind === 'list') return [field.localName, fc.array(bytes, { maxLength: 3 })] as const;
    if (field.fieldKind === 'scalar' && field.scalar === 13) return [field.localName, fc.nat(2 ** 32 - 1)] as const;
    return [field.localName, field.fieldKind === 'scalar' && field.scalar === 4 ? fc.bigInt(0n, 2n ** 64n - 1n) : bytes] as const;
  });
  return fc.record(Object.fromEntries(fields)).map((message) => toBinary(schema, create(schema, message as never)));
}

/** Honest bytes, then cut, lengthened, bent or replaced. */
const hostile = (schema: DescMessage): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    messageOf(schema),
    fc.tuple(messageOf(schema), fc.nat()).map(([bytes, at]) => bytes.slice(0, bytes.length === 0 ? 0 : at % bytes.length)),
    fc.tuple(messageOf(schema), fc.uint8Array({ maxLength: 40 })).map(([bytes, more]) => Uint8Array.from([...bytes, ...more])),
    fc.tuple(messageOf(schema), fc.nat(), fc.integer({ min: 1, max: 255 })).map(([bytes, at, mask]) => bytes.map((byte, index) => (index === at % bytes.length ? byte ^ mask : byte))),
    fc.uint8Array({ maxLength: 300 }),
  );

describe('malformed input', () => {
  let relay: TestRelay & { readonly database: TestDatabase };
  let hub: WireHub;
  beforeAll(async () => {
    relay = await startTestRelay();
    hub = await WireHub.found(relay);
  }, 60_000);
  afterAll(() => relay.stop());

  it('1,500 hostile bodies: typed refusals only, and the log is as it was', async () => {
    console.log(`seed ${SEED}`);
    const mailbox = await hub.openMailbox();
    await mailbox.post();
    const attempt = fc.constantFrom(...ENDPOINTS).chain(([path, schema]) => fc.tuple(fc.constant(path), hostile(schema)));
    const attempts = fc.sample(attempt, { numRuns: 1_500, seed: SEED });
    for (let start = 0; start < attempts.length; start += 50) {
      await Promise.all(attempts.slice(start, start + 50).map(async ([path, body]) => {
        const reply = await hub.wire.raw('POST', path, { body, pass: hub.pass });
        const label = `seed ${SEED} ${path} ${Buffer.from(body).toString('hex').slice(0, 200)}`;
        if (reply.status !== 200) {
          expect(reply.refusal, label).toBeDefined();
          expect(reply.refusal?.code, label).not.toBe('internal');
          expect(reply.status, label).toBe(REFUSALS[reply.refusal?.code as keyof typeof REFUSALS][0]);
        }
      }));
    }
    const records = (await hub.wire.readAll(0, hub.pass)).filter(({ kind }) => kind !== 3);
    expect(records).toHaveLength(1);
    expect(relay.lines.filter((line) => line.includes('error of its own'))).toEqual([]);
  }, 120_000);

  it('500 hostile frames to ten tails: each refused, none closes one', async () => {
    const frames = fc.sample(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ minLength: 4_097, maxLength: 5_000 }), fc.string(), messageOf(TailRequestSchema)), { numRuns: 500, seed: SEED });
    for (let start = 0; start < frames.length; start += 50) {
      const tail = hub.wire.tail(hub.pass);
      await tail.opened();
      for (const frame of frames.slice(start, start + 50)) tail.send(frame);
      tail.ping();
      await tail.until(() => tail.events.at(-1)?.case === 'pong' && tail.events.length >= 52, 20_000);
      expect(tail.closed).toBeUndefined();
      const answers = new Set(tail.events.map((event) => (event.case === 'refusal' ? event.value.code : event.case)));
      expect([...answers].filter((answer) => !['opened', 'malformed', 'too-large', 'pong'].includes(answer as string))).toEqual([]);
      tail.close();
    }
  }, 60_000);

  it('names wrong content types, methods and paths, and cut-off requests', async () => {
    const { wire } = hub;
    const body = new Uint8Array(3);
    const json = await wire.raw('POST', '/v1/records', { body, headers: { 'content-type': 'application/json' } });
    expect(json.refusal?.code).toBe('malformed');
    expect((await wire.raw('POST', '/v1/records', { headers: { 'content-type': 'application/x-protobuf' } })).refusal?.code).toBe('bad-field');
    expect((await wire.raw('POST', '/v1/records')).refusal?.code).toBe('malformed');
    for (const [method, path] of [['GET', '/v1/records'], ['DELETE', '/v1/log/0/0'], ['GET', '/v1'], ['GET', '/v1/'], ['GET', '/v1/blobs/read'], ['GET', '/v1/tail'], ['GET', '/V1/hub'], ['GET', '/v1/%zz']] as const) {
      expect((await wire.raw(method, path)).refusal?.code, `${method} ${path}`).toBe('unknown-path');
    }
  });

  it('fails one tail only when that tail breaks the WebSocket protocol itself', async () => {
    const good = hub.wire.tail(hub.pass);
    await good.opened();
    const bad = new WireTail(relay.origin);
    await new Promise((resolve) => bad.socket.once('open', resolve));
    // A frame with reserved bits, written below the WebSocket.
    (bad.socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(Buffer.from([0xf2, 0x81, 0, 0, 0, 0, 0]));
    await bad.until(() => bad.closed !== undefined);
    good.ping();
    await good.until(() => good.events.some((event) => event.case === 'pong'));
    good.close();
  });
});
