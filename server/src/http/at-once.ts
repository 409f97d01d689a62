/** How many requests of a path may be in the relay at once: each holds a whole chunk in memory from its first byte to its last. */
import type { FastifyInstance } from 'fastify';
import { RelayRefusal } from '#shared/errors.ts';
import { sendRefusal } from './protobuf.ts';

/** Together at most some 100 MiB, with what sealing and sending copy. */
export const CHUNKS_AT_ONCE = 32;

const BY_PATH: Readonly<Record<string, number>> = { '/v1/blobs/write': CHUNKS_AT_ONCE, '/v1/blobs/read': CHUNKS_AT_ONCE };

/** Before a body is read: one request too many costs a header. To be called before the routes are made. */
export function limitAtOnce(fastify: FastifyInstance): void {
  const now = new Map<string, number>();
  fastify.addHook('onRequest', (request, reply, done) => {
    const path = request.routeOptions.url ?? '';
    const most = BY_PATH[path];
    if (most === undefined) return done();
    const before = now.get(path) ?? 0;
    if (before >= most) return void sendRefusal(reply, new RelayRefusal('too-many'));
    now.set(path, before + 1);
    // Also when the sender goes away in the middle.
    reply.raw.once('close', () => now.set(path, (now.get(path) ?? 1) - 1));
    done();
  });
}
