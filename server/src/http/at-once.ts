/**
 * How many requests of a path may be answered at once: each has a whole chunk in memory, several times over while it is
 * sealed and stored. A place is taken when the body has arrived, which `Bodies` counts and paces until then: who announces
 * a body and sends none stands in nobody's way.
 */
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { RelayRefusal } from '#shared/errors.ts';
import { PACE } from '../overload/figures.ts';
import { sendRefusal } from './protobuf.ts';

/** Together at most some 100 MiB, with what sealing and sending copy. */
const CHUNKS_AT_ONCE = 32;

const BY_PATH: Readonly<Record<string, number>> = { '/v1/blobs/write': CHUNKS_AT_ONCE, '/v1/blobs/read': CHUNKS_AT_ONCE };

/** To be called before the routes are made. */
export function limitAtOnce(fastify: FastifyInstance): void {
  const held = new Map(Object.keys(BY_PATH).map((path) => [path, new Map<ServerResponse, number>()]));
  fastify.addHook('preValidation', (request, reply, done) => {
    const path = request.routeOptions.url ?? '';
    const places = held.get(path);
    // Who went away in the middle would never give the place back.
    if (places === undefined || reply.raw.destroyed) return done();
    if (places.size >= (BY_PATH[path] ?? 0) && !dropStalled(places, performance.now())) return void sendRefusal(reply, new RelayRefusal('too-many'));
    places.set(reply.raw, performance.now());
    reply.raw.once('close', () => places.delete(reply.raw));
    done();
  });
}

/** The oldest who has an answer and has not taken all of it for a long time gives way. @param now milliseconds of the monotonic clock */
function dropStalled(places: Map<ServerResponse, number>, now: number): boolean {
  for (const [reply, since] of places) {
    if (!reply.writableEnded || now - since < PACE.graceMs) continue;
    places.delete(reply);
    reply.destroy();
    return true;
  }
  return false;
}
