/** The borrower's side: a Session whose calls are carried out by the command that holds the vault. */
import type { Duplex } from 'node:stream';
import { type Session, type SessionEvent, SessionFailure, type SessionFailureCode } from '#core/session/api.ts';
import { SESSION_CALLS } from '#core/session/api/calls.ts';
import { CliFailure } from '../failure.ts';
import { onMessages, sendMessage, SHARED_CALLS, type SharedCall } from './protocol.ts';

/**
 * @param socket connected to a command that lends its session
 * @throws SessionFailure `wrong-passphrase`; CliFailure `host-gone` when the other side ends first
 */
export async function borrowSession(socket: Duplex, passphrase: string): Promise<Session> {
  const connection = new Connection(socket);
  await connection.greet(passphrase);
  return sessionOver(connection);
}

interface Waiter {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

class Connection {
  readonly #socket: Duplex;
  readonly #waiting = new Map<number, Waiter>();
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  #welcome: Waiter | undefined;
  #last = 0;

  constructor(socket: Duplex) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('close', () => this.#gone());
    onMessages(socket, (message) => this.#heed(message));
  }

  greet(passphrase: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#welcome = { resolve, reject };
      sendMessage(this.#socket, { passphrase });
    });
  }

  call(name: string, args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new CliFailure('host-gone'));
      this.#last += 1;
      this.#waiting.set(this.#last, { resolve, reject });
      sendMessage(this.#socket, { id: this.#last, call: name, with: args });
    });
  }

  subscribe(listener: (event: SessionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  end(): void {
    this.#socket.destroy();
  }

  #heed(message: Readonly<Record<string, unknown>>): void {
    if ('event' in message) {
      for (const listener of this.#listeners) listener(message['event'] as SessionEvent);
      return;
    }
    const id = message['id'];
    const waiter = typeof id === 'number' ? this.#waiting.get(id) : this.#welcome;
    if (typeof id === 'number') this.#waiting.delete(id);
    if ('failure' in message) waiter?.reject(failureOf(message['failure']));
    else waiter?.resolve(message['result']);
  }

  /** Whoever waits will hear nothing more; whoever only listens has to look once to find out. */
  #gone(): void {
    const gone = new CliFailure('host-gone');
    this.#welcome?.reject(gone);
    for (const { reject } of this.#waiting.values()) reject(gone);
    this.#waiting.clear();
    for (const listener of this.#listeners) listener({ changed: 'rooms' });
  }
}

/** The other side is this program too; a code it has and this one lacks would be `internal` in the table of words. */
const failureOf = (code: unknown): Error =>
  code === 'host-gone' ? new CliFailure('host-gone') : new SessionFailure(code as SessionFailureCode);

function sessionOver(connection: Connection): Session {
  const shared = Object.fromEntries(SHARED_CALLS.map((name) => [name, (...args: unknown[]) => connection.call(name, args)]));
  const notShared = () => Promise.reject(new SessionFailure('vault-in-use'));
  const leave = async () => connection.end();
  return {
    ...(Object.fromEntries(SESSION_CALLS.map((name) => [name, notShared])) as unknown as Session),
    ...(shared as unknown as Pick<Session, SharedCall>),
    subscribe: (listener) => connection.subscribe(listener),
    unlock: async () => undefined,
    lock: leave, close: leave,
  };
}
