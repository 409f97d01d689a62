/**
 * The oblivious relay (RFC 9458) for neighbour hubs: takes a sealed request, hands it to the gateway of a hub that the
 * operator named, and brings the answer back. It adds nothing about the sender, passes on no header of theirs, and
 * writes nothing down. The request is taken whole before any of it goes on, so that the pace at which a phone sends does
 * not show at the other end.
 */
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { Inject, Injectable } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import { LARGEST_PADDED, PADDED_SIZES } from '#shared/ohttp/binary-http.ts';
import { REQUEST_OVERHEAD, RESPONSE_OVERHEAD } from '#shared/ohttp/encapsulation.ts';
import { ForwardingLimits } from './forwarding-limits.ts';
import { type Arriving, OHTTP_REQUEST, OHTTP_RESPONSE, readBody } from './messages.ts';
import { NEIGHBOURS, type Neighbours } from './neighbours.ts';

/** Milliseconds the other hub may take for its answer. */
const ANSWER_TIMEOUT = 60_000;
const LARGEST_RESPONSE = LARGEST_PADDED + RESPONSE_OVERHEAD;

/** A connection for each request, and no TLS session resumed: nothing joins two of them but the address they come from. */
const LONE = { keepAlive: false };
const plain = new http.Agent(LONE);
const sealed = new https.Agent({ ...LONE, maxCachedSessions: 0 });

@Injectable()
export class ForwarderService {
  private readonly limits: ForwardingLimits;
  private readonly gateways: ReadonlyMap<string, URL>;

  constructor(@Inject(NEIGHBOURS) neighbours: Neighbours, @Inject(ForwardingLimits) limits: ForwardingLimits) {
    this.limits = limits;
    this.gateways = new Map(neighbours.forwardsTo.map((origin) => [new URL(origin).host, new URL(`${origin}/v1/gateway`)]));
  }

  /**
   * @param host of a hub the operator named
   * @throws RelayRefusal `unknown-neighbour` | `bad-field` | `too-many` | `neighbour-unreachable` | `bad-encapsulation`
   */
  async forward(host: string, { length, read }: Arriving): Promise<Buffer> {
    const gateway = this.gateways.get(host);
    if (gateway === undefined) throw new RelayRefusal('unknown-neighbour');
    if (!PADDED_SIZES.some((size) => size + REQUEST_OVERHEAD === length)) throw new RelayRefusal('bad-field');
    // Who announces a request and does not send it uses up nothing of what all neighbours share.
    const request = await read();
    return this.limits.within(length, () => answerTo(gateway, request));
  }
}

async function answerTo(gateway: URL, request: Buffer): Promise<Buffer> {
  try {
    const reply = await ask(gateway, request);
    const isAnswer = reply.statusCode === 200 && reply.headers['content-type'] === OHTTP_RESPONSE;
    if (isAnswer) return await readBody(reply, LARGEST_RESPONSE);
    // Nobody will read it, and it may have no end.
    reply.destroy();
    throw new RelayRefusal(reply.statusCode === 400 ? 'bad-encapsulation' : 'neighbour-unreachable');
  } catch (error) {
    throw error instanceof RelayRefusal && error.code === 'bad-encapsulation' ? error : new RelayRefusal('neighbour-unreachable');
  }
}

function ask(gateway: URL, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const isSealed = gateway.protocol === 'https:';
    const request = (isSealed ? https : http).request(gateway, {
      method: 'POST', agent: isSealed ? sealed : plain, signal: AbortSignal.timeout(ANSWER_TIMEOUT),
      headers: { 'content-type': OHTTP_REQUEST, 'content-length': body.length },
    });
    request.on('response', resolve);
    request.on('error', reject);
    // An upgrade ends a request without an answer and without an error.
    request.on('close', () => reject(new RelayRefusal('neighbour-unreachable')));
    request.end(body);
  });
}
