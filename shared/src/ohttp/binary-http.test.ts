/** Binary HTTP held to the examples of RFC 9292 and to another implementation. */
import { BHttpDecoder, BHttpEncoder } from 'bhttp-js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomBytes, sodiumReady, utf8 } from '../sodium.ts';
import { decodeRequest, decodeResponse, encodeRequest, encodeResponse, LARGEST_PADDED, padMessage, PADDED_SIZES } from './binary-http.ts';

beforeAll(sodiumReady);

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const NOTHING = new Uint8Array(0);
const PROTOBUF = 'application/x-protobuf';

/** Section 5.1, figure 8. */
const REQUEST = bytes(
  '0003474554056874747073000a2f68656c6c6f2e747874406c0a757365722d6167656e74346375726c2f372e31362e33206c69626375726c2f372e31362e33204f'
  + '70656e53534c2f302e392e376c207a6c69622f312e322e3304686f73740f7777772e6578616d706c652e636f6d0f6163636570742d6c616e677561676506656e2c'
  + '206d690000');
/** Section 5.2: with a trailer. */
const RESPONSE = bytes('0140c8001d5468697320636f6e74656e7420636f6e7461696e732043524c462e0d0a0d07747261696c65720474657874');

describe('the examples of RFC 9292 section 5', () => {
  it('a request of known length, whole and cut short behind its fields', () => {
    const read = { method: 'GET', path: '/hello.txt', contentType: '', body: NOTHING };
    expect(decodeRequest(REQUEST)).toEqual(read);
    expect(decodeRequest(REQUEST.subarray(0, -2))).toEqual(read);
    expect(decodeRequest(REQUEST.subarray(0, -3))).toBeUndefined();
  });

  it('a request of indeterminate length is not taken', () => {
    expect(decodeRequest(bytes('0203474554056874747073000a2f68656c6c6f2e747874000000'))).toBeUndefined();
  });

  it('a response: its trailer is not taken, without it it is', () => {
    expect(decodeResponse(RESPONSE)).toBeUndefined();
    const plain = RESPONSE.slice(0, -14);
    expect(decodeResponse(plain)).toEqual({ status: 200, contentType: '', body: utf8('This content contains CRLF.\r\n') });
    expect(encodeResponse({ status: 200, contentType: '', body: utf8('This content contains CRLF.\r\n') })).toEqual(Uint8Array.from([...plain, 0]));
  });

  it('the request inside RFC 9458 appendix A', () => {
    expect(decodeRequest(bytes('00034745540568747470730b6578616d706c652e636f6d012f'))).toEqual({ method: 'GET', path: '/', contentType: '', body: NOTHING });
    expect(decodeResponse(bytes('0140c8'))).toEqual({ status: 200, contentType: '', body: NOTHING });
  });
});

describe('beside bhttp-js', () => {
  it.each([0, 1, 63, 64, 16_383, 16_384, 100_000])('each reads what the other wrote, with %i bytes of body', async (length) => {
    const body = randomBytes(length) as Uint8Array<ArrayBuffer>;
    const inner = { method: 'POST', path: '/v1/records', contentType: PROTOBUF, body };
    const theirs = new BHttpDecoder().decodeRequest(encodeRequest('https://hub.example', inner));
    expect([theirs.url, theirs.method, theirs.headers.get('content-type')]).toEqual(['https://hub.example/v1/records', 'POST', PROTOBUF]);
    expect(new Uint8Array(await theirs.arrayBuffer())).toEqual(body);
    const request = new Request('https://hub.example/v1/records', { method: 'POST', body, headers: { 'content-type': PROTOBUF } });
    expect(decodeRequest(await new BHttpEncoder().encodeRequest(request))).toEqual(inner);

    const reply = { status: 409, contentType: PROTOBUF, body };
    const theirReply = new BHttpDecoder().decodeResponse(encodeResponse(reply));
    expect([theirReply.status, theirReply.headers.get('content-type')]).toEqual([409, PROTOBUF]);
    expect(new Uint8Array(await theirReply.arrayBuffer())).toEqual(body);
    const response = new Response(body, { status: 409, headers: { 'content-type': PROTOBUF } });
    expect(decodeResponse(await new BHttpEncoder().encodeResponse(response))).toEqual(reply);
  });
});

describe('padding and limits', () => {
  it('brings every message to one of the sizes, and reads it again', () => {
    for (const length of [0, 5_000, 6_000, 17_000, 66_000, 263_000, 1_049_000, 4 * 1_048_576]) {
      const inner = { method: 'POST', path: '/v1/records', contentType: PROTOBUF, body: randomBytes(length) };
      const padded = padMessage(encodeRequest('https://hub.example', inner)) as Uint8Array;
      expect(PADDED_SIZES).toContain(padded.length);
      const read = decodeRequest(padded);
      expect(read?.path).toBe('/v1/records');
      expect(Buffer.compare(read?.body as Uint8Array, inner.body)).toBe(0);
    }
    expect(padMessage(new Uint8Array(LARGEST_PADDED + 1))).toBeUndefined();
  });

  it('reads nothing that is longer than announced, announces more than it has, or hides something in the padding', () => {
    const inner = { method: 'POST', path: '/v1/records', contentType: PROTOBUF, body: utf8('body') };
    const good = encodeRequest('https://hub.example', inner);
    expect(decodeRequest(good.subarray(0, -2))).toBeUndefined();
    expect(decodeRequest(Uint8Array.from([...good, 0, 0, 1]))).toBeUndefined();
    expect(decodeRequest(encodeRequest('https://hub.example', { ...inner, path: `/${'a'.repeat(600)}` }))).toBeUndefined();
    expect(decodeRequest(encodeResponse({ status: 200, contentType: '', body: NOTHING }))).toBeUndefined();
    expect(decodeResponse(encodeResponse({ status: 103, contentType: '', body: NOTHING }))).toBeUndefined();
  });

  it('throws at nothing', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(1), (noise, framing) => {
      for (const start of [noise, Uint8Array.from([framing, ...noise])]) {
        decodeRequest(start);
        decodeResponse(start);
      }
    }), { numRuns: 3_000 });
  });
});
