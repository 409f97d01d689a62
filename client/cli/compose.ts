/** Puts the command line's parts together: the engine on a SQLite vault, the relay over HTTP, the home's socket. */
import { chmodSync, closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Session } from '#core/session/api.ts';
import { CliFailure } from './failure.ts';
import type { FrontDoor } from './hook/front-door.ts';
import { type Meeting, sharedHome } from './home.ts';
import type { Home } from './run.ts';
import { SOCKET_FILE } from './sharing/protocol.ts';

/** @param directory as given with --home, or undefined for the usual place */
export function homeAt(directory: string | undefined): Home {
  const path = resolve(directory ?? join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'thicket'));
  return sharedHome({ session: ({ live }) => sessionOn(path, live), meeting: meetingIn(path) });
}

const SECRET_BYTES = 32;

/** Loopback HTTP, one process, no framework: a request is refused before its body is read wherever that is possible. */
export const frontDoor: FrontDoor = {
  async open({ host, port }, heed) {
    const server = createHttpServer({ maxHeaderSize: 8_192, requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
      const { method = '', url: path = '' } = request;
      void heed({ method, path, body: (most) => bodyOf(request, most) })
        .catch(() => ({ status: 500, says: { error: 'internal' } }))
        .then(({ status, says }) => {
          response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', connection: 'close' }).end(`${JSON.stringify(says)}\n`);
        });
    });
    await new Promise<void>((done, failed) => {
      server.once('error', () => failed(new CliFailure('usage', `Nothing can listen at ${host}, port ${port}.`)));
      server.listen({ host, port }, done);
    });
    return {
      port: (server.address() as AddressInfo).port,
      close: () => new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
    };
  },
  async secrets() {
    const { base64url, equalBytes, randomBytes, sha256, sodiumReady, utf8 } = await import('#shared/sodium.ts');
    await sodiumReady();
    return {
      make: () => base64url(randomBytes(SECRET_BYTES)),
      isSame: (shown, expected) => equalBytes(sha256(utf8(shown)), sha256(utf8(expected))),
    };
  },
};

async function bodyOf(request: IncomingMessage, most: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  if (Number(request.headers['content-length'] ?? 0) > most) return undefined;
  // Left early, it stays open for the answer.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > most) return undefined;
    parts.push(part);
  }
  return Uint8Array.from(Buffer.concat(parts));
}

/** The engine is loaded only when it is needed: `--help`, and a command that borrows another one's vault, do without. */
async function sessionOn(path: string, live: boolean): Promise<Session> {
  const [{ createMls }, { createRelay }, { loneFetch }, { openSession }, { sqliteVaultHome }] = await Promise.all([
    import('#core/mls/mls.ts'), import('#core/relay/http.ts'), import('#core/relay/lone-fetch.ts'), import('#core/session/open.ts'),
    import('#core/vault/sqlite.ts'),
  ]);
  const relayAt = (origin: string) => createRelay(origin, { anonymousFetch: loneFetch });
  return openSession({ home: sqliteVaultHome(path), relayAt, mls: createMls(), live });
}

/** A path of a socket has at most some hundred bytes; a longer one is reached through a handle on its directory. */
const LONGEST_PATH = 100;

function meetingIn(directory: string): Meeting {
  return {
    async connect() {
      const handle = address(directory);
      try {
        return await new Promise<Socket | undefined>((settle) => {
          const socket = connect(handle.path);
          socket.once('connect', () => settle(socket));
          socket.once('error', () => settle(undefined));
        });
      } finally {
        handle.release();
      }
    },

    async listen(heed) {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      // Only the holder of the vault comes here, so a socket that is there was left behind.
      rmSync(join(directory, SOCKET_FILE), { force: true });
      const handle = address(directory);
      const sockets = new Set<Socket>();
      const server = createServer((socket) => {
        sockets.add(socket.once('close', () => sockets.delete(socket)));
        heed(socket);
      });
      await new Promise<void>((done, failed) => server.once('error', failed).listen(handle.path, done));
      chmodSync(join(directory, SOCKET_FILE), 0o600);
      return async () => {
        for (const socket of sockets) socket.destroy();
        await new Promise((done) => server.close(done));
        rmSync(join(directory, SOCKET_FILE), { force: true });
        handle.release();
      };
    },
  };
}

function address(directory: string): { path: string; release: () => void } {
  const path = join(directory, SOCKET_FILE);
  if (Buffer.byteLength(path) <= LONGEST_PATH || process.platform !== 'linux') return { path, release: () => undefined };
  try {
    const handle = openSync(directory, 'r');
    return { path: `/proc/self/fd/${handle}/${SOCKET_FILE}`, release: () => closeSync(handle) };
  } catch {
    // No such directory yet: nobody listens in it either.
    return { path, release: () => undefined };
  }
}
