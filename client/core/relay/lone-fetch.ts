/**
 * A fetch for Node in which every call has a connection of its own, for calls that must not be linked to others. Node's
 * built-in fetch sends one call after another over the same connection, whatever they carry; browsers keep calls with
 * and without credentials apart by themselves.
 */
import http, { type Agent, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';

/** `proxyEnv` is how Node itself tells its own agents of a proxy (NODE_USE_ENV_PROXY); its types do not know it yet. */
const proxy = (agent: Agent): object => ({ proxyEnv: (agent as unknown as { options: { proxyEnv?: unknown } }).options.proxyEnv });

const LONE = { keepAlive: false };
const plain = new http.Agent({ ...proxy(http.globalAgent), ...LONE });
// A resumed TLS session would tell the server which connections come from one device.
const sealed = new https.Agent({ ...proxy(https.globalAgent), ...LONE, maxCachedSessions: 0 });

/** Takes what the relay adapter asks for (an address, method, headers, bytes, a signal). Follows no redirect, keeps nothing. */
export const loneFetch: typeof fetch = async (input, init = {}) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const options: RequestOptions = {
    method: init.method ?? 'GET',
    headers: Object.fromEntries(new Headers(init.headers)),
    ...(init.signal && { signal: init.signal }),
  };
  const reply = await ask(url, options, init.body as Uint8Array | null | undefined);
  try {
    const headers = Object.entries(reply.headersDistinct).flatMap(([name, values = []]) => values.map((value): [string, string] => [name, value]));
    return new Response(Readable.toWeb(reply) as ReadableStream<Uint8Array<ArrayBuffer>>, { status: reply.statusCode ?? 0, headers });
  } catch (cause) {
    // A status that no reply can have.
    reply.destroy();
    throw new TypeError('not a reply', { cause });
  }
};

function ask(url: URL, options: RequestOptions, body: Uint8Array | null | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? https.request(url, { ...options, agent: sealed }) : http.request(url, { ...options, agent: plain });
    request.on('response', resolve);
    request.on('error', reject);
    // A relay that switches protocols ends the request without a reply and without an error.
    request.on('close', () => reject(new TypeError('no reply')));
    request.end(body ?? undefined);
  });
}
