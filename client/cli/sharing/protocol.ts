/**
 * How a command uses the vault of one that is running on the same home: the Session over a socket in the home's
 * directory, one JSON object a line. A file crosses as its path, and whoever holds the vault opens it. The borrower first shows the passphrase; then it asks, and hears of changes.
 *
 *   > {"passphrase": "…"}                       < {"welcome": true} | {"failure": "wrong-passphrase"}
 *   > {"id": 1, "call": "rooms", "with": []}    < {"id": 1, "result": […]} | {"id": 1, "failure": "offline"}
 *                                               < {"event": {"changed": "rooms"}}
 */
import type { Duplex } from 'node:stream';
import { SESSION_CALLS, type SessionCall } from '#core/session/api/calls.ts';

export const SOCKET_FILE = 'thicket.sock';

/** What would take the vault away from its owner, or does not cross as JSON. */
const OWNERS_ONLY = ['found', 'join', 'unlock', 'lock', 'erase', 'close', 'renewKeys', 'setAdmin', 'fetchFile', 'fetchAttached'] as const satisfies readonly SessionCall[];
export type SharedCall = Exclude<SessionCall, (typeof OWNERS_ONLY)[number]>;
/** What a borrower may ask for. */
export const SHARED_CALLS: readonly SharedCall[] = SESSION_CALLS.filter((name): name is SharedCall => !OWNERS_ONLY.some((kept) => kept === name));
export const isSharedCall = (name: unknown): name is SharedCall => SHARED_CALLS.some((call) => call === name);

const LONGEST_LINE = 32 * 1024 * 1024;

/** Calls `heed` with every object that comes in; a line that is none, or too long, ends the connection. */
export function onMessages(socket: Duplex, heed: (message: Readonly<Record<string, unknown>>) => void): void {
  let parts: string[] = [];
  let length = 0;
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const pieces = chunk.split('\n');
    for (const [i, piece] of pieces.entries()) {
      parts.push(piece);
      length += piece.length;
      if (length > LONGEST_LINE) return void socket.destroy();
      if (i === pieces.length - 1) return;
      const message = parse(parts.join(''));
      parts = [];
      length = 0;
      if (message === undefined) return void socket.destroy();
      heed(message);
    }
  });
}

/** Small pictures in messages are of no use to a terminal, and a long room would be more of them than a line may hold. */
const withoutBytes = (_key: string, value: unknown): unknown => (value instanceof Uint8Array ? undefined : value);

export const sendMessage = (socket: Duplex, message: Readonly<Record<string, unknown>>): void => {
  if (socket.writable) socket.write(`${JSON.stringify(message, withoutBytes)}\n`);
};

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
