/** A home with a vault that one command holds and others may borrow. */
import type { Duplex } from 'node:stream';
import { type Session, SessionFailure } from '#core/session/api.ts';
import { codeOf } from './failure.ts';
import type { Home } from './run.ts';
import { borrowSession } from './sharing/borrow.ts';
import { lendTo } from './sharing/lend.ts';

/** The local socket of a home: at most one command, the one that holds the vault, listens there. */
export interface Meeting {
  /** @returns undefined when nobody listens */
  connect(): Promise<Duplex | undefined>;
  /** @returns what ends it and removes the socket */
  listen(heed: (socket: Duplex) => void): Promise<() => Promise<void>>;
}

export interface HomeParts {
  /** A new session on this home's vault, still locked. `live`: it follows the log once unlocked. */
  readonly session: (options: { live: boolean }) => Promise<Session>;
  readonly meeting: Meeting;
  /** How long to wait for a command that holds the vault and does not share it, in milliseconds. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 20_000;
const RETRY_MS = 100;

export function sharedHome({ session: newSession, meeting, patienceMs = PATIENCE_MS }: HomeParts): Home {
  return {
    fresh: () => newSession({ live: true }),

    async unlocked(passphrase, { stays, ending }) {
      const deadline = Date.now() + patienceMs;
      for (;;) {
        const opened = (await borrowed(meeting, passphrase)) ?? (await owned(newSession, passphrase, stays));
        if (opened !== undefined) return opened;
        if (ending.aborted) throw ending.reason;
        if (Date.now() >= deadline) throw new SessionFailure('vault-in-use');
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    },

    share: (session, passphrase) => meeting.listen((socket) => lendTo(socket, session, passphrase)),
  };
}

type Opened = Awaited<ReturnType<Home['unlocked']>>;

async function borrowed(meeting: Meeting, passphrase: string): Promise<Opened | undefined> {
  const socket = await meeting.connect();
  if (socket === undefined) return undefined;
  try {
    return { session: await borrowSession(socket, passphrase), borrowed: true };
  } catch (thrown) {
    if (codeOf(thrown) !== 'host-gone') throw thrown;
    return undefined;
  }
}

/** @returns undefined when another command holds the vault */
async function owned(newSession: HomeParts['session'], passphrase: string, live: boolean): Promise<Opened | undefined> {
  const session = await newSession({ live });
  try {
    await session.unlock(passphrase);
    return { session, borrowed: false };
  } catch (thrown) {
    if (codeOf(thrown) !== 'vault-in-use') throw thrown;
    return undefined;
  }
}
