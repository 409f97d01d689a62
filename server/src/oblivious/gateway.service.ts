/**
 * The gateway (RFC 9458): opens what devices sealed to this hub's key, lets it through the same routes as any anonymous
 * request, and seals the reply. Who sent it is not known here: it comes from a neighbour hub that forwards for us.
 *
 * A request may be played again by whoever forwarded it (section 6.5). It does then what the same anonymous request does
 * a second time: a body that is in its mailbox is a duplicate, a token that is spent is spent.
 */
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { RelayRefusal } from '#shared/errors.ts';
import { hpkeKeyPair, hpkeKeyPairFrom } from '#shared/hpke.ts';
import { decodeRequest, encodeResponse, padMessage, PADDED_SIZES, type InnerRequest, type InnerResponse } from '#shared/ohttp/binary-http.ts';
import { decapsulateRequest, REQUEST_OVERHEAD, type GatewayKey } from '#shared/ohttp/encapsulation.ts';
import { encodeKeyConfig, gatewayConfig, GATEWAY_SUITE } from '#shared/ohttp/key-config.ts';
import { sodiumReady } from '#shared/sodium.ts';
import { encodeRefusal, PROTOBUF } from '../http/protobuf.ts';
import { GATEWAY_STORE, type GatewayStore } from './gateway.store.ts';

/** Anonymous requests only. What shows or tells a pass has no business here, and neither has another gateway. */
const POSTS: ReadonlySet<string> = new Set([
  '/v1/records', '/v1/commits', '/v1/mailboxes', '/v1/pools', '/v1/pools/take',
  '/v1/rendezvous/open', '/v1/rendezvous/claim', '/v1/rendezvous/answer', '/v1/rendezvous/read',
  '/v1/blobs', '/v1/blobs/write', '/v1/blobs/read', '/v1/blobs/delete',
]);
const HELLO = '/v1/hub';

interface Keys {
  readonly key: GatewayKey;
  readonly config: Uint8Array;
}

@Injectable()
export class GatewayService {
  private readonly store: GatewayStore;
  private readonly adapter: HttpAdapterHost;
  private keys: Promise<Keys> | undefined;

  constructor(@Inject(GATEWAY_STORE) store: GatewayStore, @Inject(HttpAdapterHost) adapter: HttpAdapterHost) {
    this.store = store;
    this.adapter = adapter;
  }

  /** The key configuration (RFC 9458 section 3), as the founder's device writes it into the bulletin. */
  async config(): Promise<Uint8Array> {
    return (await this.ownKeys()).config;
  }

  /** @throws RelayRefusal `bad-encapsulation`; every other refusal is inside the sealed reply */
  async answer(encapsulated: Uint8Array): Promise<Buffer> {
    if (!PADDED_SIZES.some((size) => size + REQUEST_OVERHEAD === encapsulated.length)) throw new RelayRefusal('bad-encapsulation');
    const opened = decapsulateRequest((await this.ownKeys()).key, encapsulated);
    if (opened === undefined) throw new RelayRefusal('bad-encapsulation');
    const request = decodeRequest(opened.request);
    const reply = request === undefined ? refused(new RelayRefusal('malformed')) : await this.carryOut(request);
    const padded = padMessage(encodeResponse(reply)) ?? padMessage(encodeResponse(refused(new RelayRefusal('internal'))));
    if (padded === undefined) throw new RelayRefusal('internal');
    return Buffer.from(opened.sealResponse(padded));
  }

  /** Through the relay's own routes, with their limits and checks, and no header but what kind of body it is. */
  private async carryOut({ method, path, contentType, body }: InnerRequest): Promise<InnerResponse> {
    const isHello = method === 'GET' && path === HELLO;
    if (!isHello && !(method === 'POST' && POSTS.has(path))) return refused(new RelayRefusal('unknown-path'));
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    const reply = await fastify.inject(
      isHello ? { method: 'GET', url: path } : { method: 'POST', url: path, headers: { 'content-type': contentType }, payload: Buffer.from(body) });
    return { status: reply.statusCode, contentType: String(reply.headers['content-type'] ?? ''), body: new Uint8Array(reply.rawPayload) };
  }

  private ownKeys(): Promise<Keys> {
    this.keys ??= this.loadKeys().catch((error: unknown) => {
      this.keys = undefined;
      throw error;
    });
    return this.keys;
  }

  private async loadKeys(): Promise<Keys> {
    await sodiumReady();
    const secretKey = await this.store.secret(hpkeKeyPair(GATEWAY_SUITE).secretKey);
    const config = gatewayConfig(hpkeKeyPairFrom(GATEWAY_SUITE, secretKey).publicKey);
    return { key: { keyId: config.keyId, suite: config.suite, secretKey }, config: encodeKeyConfig(config) };
  }
}

const refused = (refusal: RelayRefusal): InnerResponse => ({ status: refusal.status, contentType: PROTOBUF, body: encodeRefusal(refusal) });
