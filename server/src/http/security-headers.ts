/** What every reply tells the browser: nothing from elsewhere, nothing inline, nothing sent along. */
import type { FastifyInstance } from 'fastify';

/** The one path that pages of other hubs may call: it asks nothing of a browser but sealed bytes, and answers with such. */
const FOR_OTHER_HUBS = '/v1/oblivious/';

/** @param neighbour origin that the web client may speak to besides its own, where the operator named one */
const policy = (neighbour: string | undefined): string => [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src blob:",
  "font-src 'self'",
  `connect-src 'self'${neighbour === undefined ? '' : ` ${neighbour}`}`,
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types thicket 'allow-duplicates'",
].join('; ');

export const securityHeaders = (neighbour: string | undefined): Readonly<Record<string, string>> => ({
  'content-security-policy': policy(neighbour),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'accelerometer=(), camera=(self), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(self), payment=(), usb=()',
  'x-dns-prefetch-control': 'off',
});

/** Without credentials: a browser sends none to `*`. */
const OPEN_TO_OTHER_HUBS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'content-type',
  'access-control-max-age': '86400',
  'cross-origin-resource-policy': 'cross-origin',
};

export function addSecurityHeaders(fastify: FastifyInstance, headers: Readonly<Record<string, string>>): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headers);
    if (request.url.startsWith(FOR_OTHER_HUBS)) void reply.headers(OPEN_TO_OTHER_HUBS);
    done();
  });
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if (request.url.startsWith('/v1/') && !reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    done();
  });
}
