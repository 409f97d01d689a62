/** How much of a body is read before the request is refused as too large, by path. */
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { KiB, LIMITS } from '#shared/limits.ts';
import type { Bodies } from '../overload/bodies.ts';
import { PROTOBUF } from './protobuf.ts';

/** Fields around a body: ids, secrets, signature, postage. */
const AROUND = 2 * KiB;

const BY_PATH: Readonly<Record<string, number>> = {
  '/v1/records': LIMITS.recordRequest + LIMITS.postage,
  '/v1/commits': LIMITS.recordRequest + LIMITS.postage,
  '/v1/pools': LIMITS.poolRequest,
  '/v1/blobs/write': LIMITS.blobChunk + AROUND,
  '/v1/rendezvous/answer': LIMITS.answerBody + AROUND,
};

/** Protobuf bodies only; everything else is refused before it is read. To be called before the routes are made. */
export function limitBodies(fastify: FastifyInstance, bodies: Bodies): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser([PROTOBUF], (request: FastifyRequest, payload: IncomingMessage) => bodies.read(request.raw, payload, request.routeOptions.bodyLimit));
  fastify.addHook('onRoute', (route) => {
    route.bodyLimit = BY_PATH[route.url] ?? LIMITS.smallRequest;
  });
}
