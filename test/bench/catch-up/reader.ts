/** A device that catches up, and afterwards opens the very same bodies once more with nothing around it. */
import { createMls } from '#core/mls/mls.ts';
import type { Judge, Mls, Room } from '#core/mls/port.ts';
import { createRelay } from '#core/relay/http.ts';
import type { Session } from '#core/session/api.ts';
import { openSession } from '#core/session/open.ts';
import type { VaultHome } from '#core/vault/port.ts';

/** The posts of one room in the order they were opened, from the state before the first. */
interface Run {
  readonly before: ReturnType<Mls['encode']>;
  readonly judge: Judge;
  readonly bodies: Uint8Array[];
}

export interface Reader {
  /** @returns the words to compare */
  join(link: string, passphrase: string): Promise<string>;
  isIn(): Promise<boolean>;
  /** Into rooms that were made meanwhile. */
  catchUp(): Promise<void>;
  /** Milliseconds until everything in the log is read, opened and kept; remembers what was opened. */
  catchUpTimed(): Promise<number>;
  /** How many posts catchUpTimed() opened. */
  count(): Promise<number>;
  /** Milliseconds for opening the same bodies from the same states, and nothing else. */
  openAlone(): Promise<number>;
}

export async function readerOn(home: VaultHome): Promise<Reader> {
  const mls = createMls();
  const runs: Run[] = [];
  const runAt = new WeakMap<Room, Run>();
  let isTimed = false;
  const noting: Mls['open'] = async (room, kind, body, judge) => {
    const opened = await mls.open(room, kind, body, judge);
    if (isTimed && opened.kind === 'message') {
      const run = runAt.get(room) ?? newRun(room, judge);
      run.bodies.push(body);
      runAt.set(opened.next, run);
    }
    return opened;
  };
  const newRun = (room: Room, judge: Judge): Run => {
    const run = { before: mls.encode(room), judge, bodies: [] };
    runs.push(run);
    return run;
  };
  const session: Session = await openSession({ home, relayAt: (origin) => createRelay(origin), mls: { ...mls, open: noting }, live: false });
  return {
    join: async (link, passphrase) => (await session.join(link, { name: 'bob', passphrase })).phrase.join(' '),
    isIn: async () => (await session.overview()).stage === 'open',
    catchUp: () => session.catchUp(),
    catchUpTimed: async () => {
      isTimed = true;
      const began = performance.now();
      await session.catchUp();
      isTimed = false;
      return performance.now() - began;
    },
    count: async () => runs.reduce((sum, { bodies }) => sum + bodies.length, 0),
    openAlone: async () => {
      const began = performance.now();
      for (const { before, judge, bodies } of runs) {
        let room = mls.decode(before);
        for (const body of bodies) {
          const opened = await mls.open(room, 'post', body, judge);
          if (opened.kind !== 'message') throw new Error('not opened');
          room = opened.next;
        }
      }
      return performance.now() - began;
    },
  };
}
