/** What mallory's input does to one request or one tail, exactly. Mangled bodies and heads by the thousand: test/adversary/35-malformed-input.test.ts. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TailRequestSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { messagesOf } from '../../../test/adversary/mangling.ts';
import type { TestDatabase } from '../../../test/harness/postgres.ts';
import { type TestRelay, startTestRelay } from '../../../test/harness/relay.ts';
import { WireHub, WireTail } from '../../../test/harness/wire.ts';

const SEED = Number(process.env['THICKET_SEED'] ?? Date.now() % 1_000_000_000);

describe('malformed input', () => {
  let relay: TestRelay & { readonly database: TestDatabase };
  let hub: WireHub;
  beforeAll(async () => {
    relay = await startTestRelay();
    hub = await WireHub.found(relay);
  }, 60_000);
  afterAll(() => relay.stop());

  it('100 hostile frames to two tails: each refused, none closes one', async () => {
    console.log(`seed ${SEED}`);
    const strange = fc.sample(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ minLength: 4_097, maxLength: 5_000 }), fc.string()), { numRuns: 75, seed: SEED });
    const frames = [...strange, ...messagesOf(TailRequestSchema, 25, SEED)];
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

  it('names wrong content types, missing bodies, wrong methods and paths', async () => {
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
