import { describe, expect, it } from 'vitest';
import { SessionFailure, type Overview, type Session, type SessionEvent } from '#core/session/api.ts';
import { connect } from './connect.ts';
import { FORGOTTEN, type Message, type Wire } from './protocol.ts';
import { serve } from './serve.ts';
import { keepRunning } from './succession.ts';

/** A channel between tabs and engines in one process. */
function air(): () => Wire {
  const ears = new Map<object, (message: Message) => void>();
  return () => {
    const me = {};
    return {
      post: (message) => {
        for (const [who, ear] of ears) if (who !== me) queueMicrotask(() => ears.has(who) && ear(structuredClone(message)));
      },
      listen: (listener) => {
        ears.set(me, listener);
        return () => void ears.delete(me);
      },
    };
  };
}

/** Workers that each run an engine with memory of its own; ending one takes its memory, as a browser does. */
function workers(wire: () => Wire) {
  const all: { memory: string[]; ended: boolean }[] = [];
  const start = () => {
    const worker = { memory: [] as string[], ended: false };
    all.push(worker);
    const listeners = new Set<(event: SessionEvent) => void>();
    const heed = new Map<string, (event: Event) => void>();
    let open = false;
    const change = (now: boolean) => {
      open = now;
      listeners.forEach((listener) => listener({ changed: 'overview' }));
    };
    const session = {
      subscribe: (listener) => (listeners.add(listener), () => void listeners.delete(listener)),
      overview: async () => ({ stage: open ? 'open' : 'locked' }) as Overview,
      unlock: async (passphrase) => (worker.memory.push(passphrase), change(true)),
      lock: async () => change(false),
      erase: async () => Promise.reject(new SessionFailure('internal')),
      delivered: () => new Promise<never>(() => undefined),
    } as Partial<Session> as Session;
    const stop = serve(session, wire(), `engine ${all.length}`, () => heed.get('message')?.(new MessageEvent('message', { data: FORGOTTEN })));
    return {
      addEventListener: (name: string, listener: unknown) => void heed.set(name, listener as (event: Event) => void),
      terminate: () => {
        stop();
        worker.memory.length = 0;
        worker.ended = true;
      },
    };
  };
  return { all, start };
}

describe('locking', () => {
  it('from any tab ends the engine that held the keys; both tabs see the next one locked, and unlock it', async () => {
    const wire = air();
    const { all, start } = workers(wire);
    keepRunning(start, () => undefined);
    const leading = connect(wire());
    const other = connect(wire());
    await leading.session.unlock('quiet river');
    expect((await other.session.overview()).stage).toBe('open');
    expect(all).toEqual([{ memory: ['quiet river'], ended: false }]);

    const changes: string[] = [];
    leading.session.subscribe(({ changed }) => changes.push(changed));
    const lost = expect(leading.session.delivered('r', 'm')).rejects.toMatchObject({ code: 'locked' });
    await other.session.lock();
    await lost;
    expect(all).toEqual([{ memory: [], ended: true }, { memory: [], ended: false }]);
    for (const tab of [leading, other]) {
      expect(tab.engine()).toBe('engine 2');
      expect((await tab.session.overview()).stage).toBe('locked');
    }
    expect(changes.at(-1)).toBe('overview');
    await leading.session.unlock('quiet river');
    expect((await other.session.overview()).stage).toBe('open');
    expect(all).toHaveLength(2);
  });

  it('is over for every tab before the next engine is there: calls fail, later ones wait', async () => {
    const wire = air();
    let locked = false;
    serve({ subscribe: () => () => undefined, lock: async () => void (locked = true), overview: () => new Promise<never>(() => undefined) } as Partial<Session> as Session, wire(), 'engine 1');
    const { session, engine } = connect(wire());
    const asked = expect(session.overview()).rejects.toMatchObject({ code: 'locked' });
    await session.lock();
    await asked;
    expect([locked, engine()]).toEqual([true, undefined]);
    const later = session.overview();
    serve({ subscribe: () => () => undefined, overview: async () => ({ stage: 'locked' }) as Overview } as Partial<Session> as Session, wire(), 'engine 2');
    expect(await later).toMatchObject({ stage: 'locked' });
  });

  it('an engine that could not forget stays, and says so', async () => {
    const wire = air();
    const { all, start } = workers(wire);
    keepRunning(start, () => undefined);
    const { session } = connect(wire());
    await expect(session.erase()).rejects.toMatchObject({ code: 'internal' });
    expect(all).toHaveLength(1);
  });
});
