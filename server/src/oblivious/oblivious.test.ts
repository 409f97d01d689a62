/** The gateway and the forwarder over real sockets: hub A, whose members post through hub B. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HubHelloSchema, PostRecordSchema, ReadChunkSchema, ReadRendezvousSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { decodeResponse, encodeRequest, type InnerRequest, type InnerResponse, padMessage, PADDED_SIZES } from '#shared/ohttp/binary-http.ts';
import { encapsulateRequest, REQUEST_OVERHEAD, RESPONSE_OVERHEAD, type SealedRequest } from '#shared/ohttp/encapsulation.ts';
import { decodeKeyConfig, type KeyConfig } from '#shared/ohttp/key-config.ts';
import { MiB } from '#shared/limits.ts';
import { type TestRelay, startTestRelay } from '../../../test/harness/relay.ts';
import { until } from '../../../test/harness/until.ts';
import { random, randomPass, refusalIn, authorization, Wire, type WireReply } from '../../../test/harness/wire.ts';

const SEALED = { 'content-type': 'message/ohttp-req' };
const PROTOBUF = 'application/x-protobuf';
const HELLO: InnerRequest = { method: 'GET', path: '/v1/hub', contentType: '', body: new Uint8Array(0) };
const SMALLEST = PADDED_SIZES[0] + REQUEST_OVERHEAD;

let a: TestRelay;
let b: TestRelay;
let config: KeyConfig;
beforeAll(async () => {
  a = await startTestRelay();
  b = await startTestRelay({ forwardsTo: [a.origin] });
  config = decodeKeyConfig((await new Wire(a.origin).hello()).gateway) as KeyConfig;
}, 60_000);
afterAll(() => Promise.all([a.stop(), b.stop()]));

const toA = (): string => `/v1/oblivious/${new URL(a.origin).host}`;
const sealed = (inner: InnerRequest): SealedRequest =>
  encapsulateRequest(config, padMessage(encodeRequest(a.origin, inner)) as Uint8Array) as SealedRequest;
const at = (relay: TestRelay, path: string, body: Uint8Array, headers: Record<string, string> = {}): Promise<WireReply> =>
  new Wire(relay.origin).raw('POST', path, { body, headers: { ...SEALED, ...headers } });

/** Straight to the gateway, or through hub B. */
async function ask(inner: InnerRequest, way: 'gateway' | 'neighbour' = 'gateway'): Promise<InnerResponse> {
  const { encapsulated, openResponse } = sealed(inner);
  const reply = await (way === 'gateway' ? at(a, '/v1/gateway', encapsulated) : at(b, toA(), encapsulated));
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'message/ohttp-res']);
  expect(PADDED_SIZES.map((size) => size + RESPONSE_OVERHEAD)).toContain(reply.body.length);
  return decodeResponse(openResponse(reply.body) as Uint8Array) as InnerResponse;
}
const post = (path: string, body: Uint8Array): InnerRequest => ({ method: 'POST', path, contentType: PROTOBUF, body });
const codeIn = ({ body }: InnerResponse): string | undefined => refusalIn(body)?.code;

describe('the gateway', () => {
  it('answers as the relay itself does, sealed and padded, also through a neighbour', async () => {
    for (const way of ['gateway', 'neighbour'] as const) {
      const hello = await ask(HELLO, way);
      expect([hello.status, hello.contentType]).toEqual([200, PROTOBUF]);
      expect(fromBinary(HubHelloSchema, hello.body)).toEqual(await new Wire(a.origin).hello());
      const nowhere = toBinary(ReadRendezvousSchema, create(ReadRendezvousSchema, { rendezvous: random(16), secret: random(32) }));
      expect(codeIn(await ask(post('/v1/rendezvous/read', nowhere), way))).toBe('unknown-rendezvous');
      // The largest body there is gets as far as the relay's own judgement.
      const large = create(PostRecordSchema, { mailbox: random(16), kind: 4, slot: 0n, body: random(4 * MiB), signature: random(64) });
      expect(['unknown-mailbox', 'not-founded', 'no-postage']).toContain(codeIn(await ask(post('/v1/records', toBinary(PostRecordSchema, large)), way)));
    }
  });

  it('counts what is under way as the relay does, and forgets it when it is answered', async () => {
    const nothing = post('/v1/blobs/read', toBinary(ReadChunkSchema, create(ReadChunkSchema, { blob: random(32), index: 0 })));
    for (let i = 0; i < 40; i += 1) expect(codeIn(await ask(nothing))).toBe('unknown-blob');
  });

  it('keeps its key over a restart', async () => {
    const before = (await new Wire(a.origin).hello()).gateway;
    await a.restart();
    expect((await new Wire(a.origin).hello()).gateway).toEqual(before);
    expect((await ask(HELLO)).status).toBe(200);
  });

  it('lets nothing through that shows a pass, and no second gateway', async () => {
    const pass = randomPass();
    for (const path of ['/v1/passes', '/v1/found', '/v1/postage/draw', '/v1/gateway', toA(), '/healthz', '/v1/../v1/found', '/v1/hub?x']) {
      expect(codeIn(await ask(post(path, random(8)))), path).toBe('unknown-path');
    }
    for (const path of ['/v1/log/0/0', '/v1/tail', '/healthz', '/', '/v1/records']) expect(codeIn(await ask({ ...HELLO, path })), path).toBe('unknown-path');
    // A pass in a header of the sealed request is not even read; one outside it is none of the gateway's business.
    const { encapsulated, openResponse } = sealed({ ...HELLO, path: '/v1/log/0/0' });
    const reply = await at(a, '/v1/gateway', encapsulated, { authorization: authorization(pass) });
    expect(codeIn(decodeResponse(openResponse(reply.body) as Uint8Array) as InnerResponse)).toBe('unknown-path');
  });

  it('refuses what was not sealed to it, another size, and another kind of body', async () => {
    const whole = sealed(HELLO).encapsulated;
    expect((await at(a, '/v1/gateway', random(SMALLEST))).refusal?.code).toBe('bad-encapsulation');
    expect((await at(a, '/v1/gateway', whole.subarray(1))).refusal?.code).toBe('bad-encapsulation');
    expect((await at(a, '/v1/gateway', new Uint8Array(0))).refusal?.code).toBe('bad-encapsulation');
    const unpadded = encapsulateRequest(config, encodeRequest(a.origin, HELLO)) as SealedRequest;
    expect((await at(a, '/v1/gateway', unpadded.encapsulated)).refusal?.code).toBe('bad-encapsulation');
    expect((await new Wire(a.origin).raw('POST', '/v1/gateway', { body: whole })).refusal?.code).toBe('malformed');
    expect((await at(a, '/v1/gateway', random(5 * MiB))).refusal?.code).toBe('too-large');
    const noise = encapsulateRequest(config, random(PADDED_SIZES[0])) as SealedRequest;
    const reply = await at(a, '/v1/gateway', noise.encapsulated);
    expect(codeIn(decodeResponse(noise.openResponse(reply.body) as Uint8Array) as InnerResponse)).toBe('malformed');
  });

  it('a sealed body is no body for any other path', async () => {
    expect((await at(a, '/v1/records', random(100))).refusal?.code).toBe('malformed');
  });
});

describe('the forwarder', () => {
  it('is no open proxy: only to hubs its operator named, only to their gateway, only sealed requests', async () => {
    const { encapsulated } = sealed(HELLO);
    const port = new URL(a.origin).port;
    for (const host of [`localhost:${port}`, `127.0.0.2:${port}`, new URL(b.origin).host, 'example.org', '169.254.169.254', `127.0.0.1:${port}@example.org`]) {
      expect((await at(b, `/v1/oblivious/${encodeURIComponent(host)}`, encapsulated)).refusal?.code, host).toBe('unknown-neighbour');
    }
    expect((await at(b, `${toA()}/v1/hub`, encapsulated)).refusal?.code).toBe('malformed');
    expect((await at(a, toA(), encapsulated)).refusal?.code).toBe('unknown-neighbour');
    expect((await at(b, toA(), encapsulated.subarray(1))).refusal?.code).toBe('bad-field');
    expect((await at(b, toA(), random(5 * MiB))).refusal?.code).toBe('too-large');
    expect((await new Wire(b.origin).raw('POST', toA(), { body: encapsulated })).refusal?.code).toBe('malformed');
    expect((await at(b, toA(), random(SMALLEST))).refusal?.code).toBe('bad-encapsulation');
  });

  it('may be called from the pages of another hub, without credentials, there and nowhere else', async () => {
    const asked = { origin: a.origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' };
    const preflight = await new Wire(b.origin).raw('OPTIONS', toA(), { headers: asked });
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries([...preflight.headers].filter(([name]) => name.startsWith('access-control')))).toEqual({
      'access-control-allow-origin': '*', 'access-control-allow-methods': 'POST', 'access-control-allow-headers': 'content-type', 'access-control-max-age': '86400',
    });
    for (const body of [sealed(HELLO).encapsulated, random(SMALLEST)]) {
      const { headers } = await at(b, toA(), body, { origin: a.origin });
      expect([headers.get('access-control-allow-origin'), headers.get('cross-origin-resource-policy')]).toEqual(['*', 'cross-origin']);
    }
    for (const path of ['/v1/hub', '/v1/records', '/v1/gateway']) {
      const { headers } = await new Wire(b.origin).raw('OPTIONS', path, { headers: asked });
      expect([headers.get('access-control-allow-origin'), headers.get('cross-origin-resource-policy')], path).toEqual([null, 'same-origin']);
    }
  });

  it('passes on nothing of the sender but the sealed bytes, over a connection for each, and nothing of the answer but its bytes', async () => {
    const seen: { headers: IncomingHttpHeaders; port: number | undefined; url: string | undefined }[] = [];
    const stranger = createServer((request, reply) => {
      seen.push({ headers: request.headers, port: request.socket.remotePort, url: request.url });
      reply.writeHead(200, { 'content-type': 'message/ohttp-res', 'set-cookie': 'who=you', 'x-tag': 'you', etag: '"you"' }).end('answer');
    });
    const c = await forwarderTo(stranger);
    try {
      for (let i = 0; i < 2; i += 1) {
        const reply = await at(c.relay, c.path, random(SMALLEST), {
          'user-agent': 'A phone', 'accept-language': 'eo', 'x-forwarded-for': '10.1.2.3', cookie: 'a=b', forwarded: 'for=10.1.2.3', referer: 'https://a.example/',
        });
        expect(Buffer.from(reply.body).toString()).toBe('answer');
        for (const name of ['set-cookie', 'x-tag', 'etag']) expect(reply.headers.get(name)).toBeNull();
      }
      expect(seen.map(({ url }) => url)).toEqual(['/v1/gateway', '/v1/gateway']);
      expect(Object.keys(seen[0]?.headers ?? {}).sort()).toEqual(['connection', 'content-length', 'content-type', 'host']);
      expect(seen[0]?.port).not.toBe(seen[1]?.port);
    } finally {
      await c.stop();
    }
  });

  it('carries for others while many announce requests and send nothing of them', async () => {
    const { hostname, port } = new URL(b.origin);
    const silent = Array.from({ length: 80 }, () => ({ socket: connect(Number(port), hostname), said: '' }));
    try {
      for (const line of silent) {
        line.socket.on('data', (chunk: Buffer) => (line.said += chunk.toString('latin1')));
        // What is answered first was read in one piece with the header behind it.
        line.socket.write(`GET /v1/hub HTTP/1.1\r\nHost: b\r\n\r\nPOST ${toA()} HTTP/1.1\r\nHost: b\r\nContent-Type: message/ohttp-req\r\nContent-Length: ${SMALLEST}\r\n\r\n`);
      }
      await until(() => silent.every(({ said }) => said.includes('200 OK')), 'all headers to be read');
      expect((await ask(HELLO, 'neighbour')).status).toBe(200);
    } finally {
      for (const { socket } of silent) socket.destroy();
    }
  }, 60_000);

  it('follows no redirect, and says so when the other hub is away or talks nonsense', async () => {
    let answer: 'redirect' | 'html' | 'cut' = 'redirect';
    const stranger = createServer((_request, reply) => {
      if (answer === 'redirect') reply.writeHead(307, { location: `${b.origin}/v1/hub` }).end();
      if (answer === 'html') reply.writeHead(200, { 'content-type': 'text/html' }).end('<p>hello');
      if (answer === 'cut') reply.writeHead(200, { 'content-type': 'message/ohttp-res', 'content-length': '100' }).write('half', () => reply.destroy());
    });
    const c = await forwarderTo(stranger);
    for (answer of ['redirect', 'html', 'cut'] as const) expect((await at(c.relay, c.path, random(SMALLEST))).refusal?.code, answer).toBe('neighbour-unreachable');
    await c.stop('server');
    expect((await at(c.relay, c.path, random(SMALLEST))).refusal?.code).toBe('neighbour-unreachable');
    expect(c.relay.lines.filter((line) => /127\.0\.0\.1:\d+\/v1|neighbour/i.test(line))).toEqual([]);
    await c.stop();
  });
});

describe('the settings', () => {
  it('the web client may speak to its own hub, and to the one neighbour its operator named', async () => {
    const policyOf = async (relay: TestRelay) => (await new Wire(relay.origin).raw('GET', '/v1/hub')).headers.get('content-security-policy');
    expect(await policyOf(a)).toContain("connect-src 'self';");
    const paired = await startTestRelay({ neighbour: 'https://hub-b.example' });
    expect(await policyOf(paired)).toContain("connect-src 'self' https://hub-b.example;");
    expect((await new Wire(paired.origin).hello()).neighbour).toBe('https://hub-b.example');
    await paired.stop();
  });
});

async function forwarderTo(stranger: Server): Promise<{ relay: TestRelay; path: string; stop(what?: 'server'): Promise<void> }> {
  await new Promise<void>((listening) => stranger.listen(0, '127.0.0.1', listening));
  const host = `127.0.0.1:${(stranger.address() as AddressInfo).port}`;
  const relay = await startTestRelay({ forwardsTo: [`http://${host}`] });
  const close = () => new Promise<void>((closed) => (stranger.listening ? stranger.close(() => closed()) : closed()));
  return { relay, path: `/v1/oblivious/${host}`, stop: async (what) => { await close(); if (what === undefined) await relay.stop(); } };
}
