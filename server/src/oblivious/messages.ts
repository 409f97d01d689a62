/** The two kinds of body that travel here (RFC 9458 section 4), and how they are read: paced and bounded with all other bodies. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RelayRefusal } from '#shared/errors.ts';
import { LARGEST_PADDED } from '#shared/ohttp/binary-http.ts';
import { REQUEST_OVERHEAD } from '#shared/ohttp/encapsulation.ts';
import type { Bodies } from '../overload/bodies.ts';

export const OHTTP_REQUEST = 'message/ohttp-req';
export const OHTTP_RESPONSE = 'message/ohttp-res';

/** A body of its kind that has been read. */
export class SealedRequest {
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

/** A body of its kind that is still to come: whoever takes it looks first at where it is to go. */
class Announced {
  readonly read: (limit: number) => Promise<Buffer>;
  constructor(read: (limit: number) => Promise<Buffer>) {
    this.read = read;
  }
}

/**
 * For this hub's own gateway a body is read like any other; what is to be forwarded is read when it is known where to.
 * To be called before the routes are made.
 */
export function takeSealedRequests(fastify: FastifyInstance, bodies: Bodies): void {
  fastify.addContentTypeParser(OHTTP_REQUEST, (request: FastifyRequest, body: IncomingMessage, done: (error: Error | null, body?: unknown) => void) => {
    const { url } = request.routeOptions;
    if (url === '/v1/gateway') bodies.read(request.raw, body, LARGEST_REQUEST).then((bytes) => done(null, new SealedRequest(bytes)), done);
    else if (url === '/v1/oblivious/:host') done(null, new Announced((limit) => bodies.read(request.raw, body, limit)));
    else done(new RelayRefusal('malformed'));
  });
}

const LARGEST_REQUEST = LARGEST_PADDED + REQUEST_OVERHEAD;

/** A sealed request that has not been read yet. */
export interface Arriving {
  /** Bytes; HTTP sees to it that no more come. */
  readonly length: number;
  /** All of it, at the pace and within the memory of all bodies. @throws RelayRefusal malformed, too-many */
  readonly read: () => Promise<Buffer>;
}

/**
 * What is too large, or does not say how large it is, is refused before any of it is read.
 * @throws RelayRefusal `malformed` | `too-large`
 */
export function arriving(body: unknown, announced: string | undefined): Arriving {
  if (!(body instanceof Announced) || announced === undefined || !/^\d{1,12}$/.test(announced)) throw new RelayRefusal('malformed');
  const length = Number(announced);
  if (length > LARGEST_REQUEST) throw new RelayRefusal('too-large');
  return { length, read: () => body.read(length) };
}

/** @throws RelayRefusal `too-large` as soon as there is more than `limit` bytes */
export async function readBody(body: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    total += chunk.length;
    if (total > limit) throw new RelayRefusal('too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, total);
}
