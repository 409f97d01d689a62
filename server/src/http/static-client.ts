/** The web client's files, and its first page for every address that is not a file. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RelayRefusal } from '#shared/errors.ts';
import { sendRefusal } from './protobuf.ts';

const FOR_EVER = 'public, max-age=31536000, immutable';
/** Asked for again each time: they name the hashed files. */
const ALWAYS_FRESH = 'no-cache';
/** Vite's names: something-AbCdEf12.js */
const HASHED = /-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

/** @param directory without an index.html there, no client is served. @returns whether one is */
export async function serveClient(fastify: FastifyInstance, directory: string): Promise<boolean> {
  if (!existsSync(join(directory, 'index.html'))) return false;
  await fastify.register(fastifyStatic, {
    root: directory,
    wildcard: true,
    cacheControl: false,
    decorateReply: true,
    index: ['index.html'],
    // The build wrote them. Replies of the relay itself are never compressed: their sizes would tell of what is in them.
    preCompressed: true,
    setHeaders: (reply, file) => {
      const path = file.replace(/\.(?:br|gz)$/, '');
      const fresh = !path.includes('/assets/') || !HASHED.test(path);
      void reply.header('cache-control', fresh ? ALWAYS_FRESH : FOR_EVER);
    },
  });
  return true;
}

/** Below /v1 a refusal; elsewhere the client's first page, when a browser asks for a page. */
export function answerUnknownPath(request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.split('?')[0] ?? '/';
  const isPage = request.method === 'GET' && path !== '/v1' && !path.startsWith('/v1/') && !path.includes('.');
  if (isPage && request.server.hasReplyDecorator('sendFile')) void reply.sendFile('index.html');
  else sendRefusal(reply, new RelayRefusal('unknown-path'));
}
