import { describe, expect, it } from 'vitest';
import { SessionFailure, type Session, type SessionEvent } from '#core/session/api.ts';
import { connect } from './connect.ts';
import { type Message, type Method, type Wire } from './protocol.ts';
import { serve } from './serve.ts';

/** A channel between tabs in one process: everything is cloned, as between real tabs, and nobody hears themselves. */
function air() {
  const ears = new Map<object, (message: Message) => void>();
  const heard: Message[] = [];
  const wire = (): Wire => {
    const me = {};
    return {
      post: (message) => {
        const copy = structuredClone(message);
        heard.push(copy);
        for (const [who, ear] of ears) if (who !== me) queueMicrotask(() => ears.has(who) && ear(structuredClone(copy)));
      },
      listen: (listener) => {
        ears.set(me, listener);
        return () => void ears.delete(me);
      },
    };
  };
  return { wire, heard };
}

/** An engine of which only what a test names works. */
function engine(parts: Partial<Session>) {
  const listeners = new Set<(event: SessionEvent) => void>();
  const session = {
    ...parts,
    subscribe: (listener: (event: SessionEvent) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  } as Session;
  return { session, tell: (event: SessionEvent) => listeners.forEach((listener) => listener(event)) };
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('tabs and their engine', () => {
  it('alice calls the engine and gets its answer', async () => {
    const { wire } = air();
    serve(engine({ send: async (room, text) => `${room}:${text}` }).session, wire(), 'first');
    const { session } = connect(wire());
    expect(await session.send('r1', 'hello')).toBe('r1:hello');
  });

  it('calls made before there is an engine wait for it', async () => {
    const { wire } = air();
    const { session } = connect(wire());
    const rooms = session.rooms();
    serve(engine({ rooms: async () => [] }).session, wire(), 'first');
    expect(await rooms).toEqual([]);
  });

  it('a failure crosses with its code, and any other error with no word of its text', async () => {
    const { wire, heard } = air();
    const parts: Partial<Session> = {
      unlock: async () => Promise.reject(new SessionFailure('wrong-passphrase')),
      people: async () => Promise.reject(new Error('secret detail')),
    };
    serve(engine(parts).session, wire(), 'first');
    const { session } = connect(wire());
    await expect(session.unlock('x')).rejects.toMatchObject({ name: 'SessionFailure', code: 'wrong-passphrase' });
    await expect(session.people()).rejects.toMatchObject({ code: 'internal' });
    expect(JSON.stringify(heard)).not.toContain('secret detail');
  });

  it('events reach every tab', async () => {
    const { wire } = air();
    const one = engine({});
    serve(one.session, wire(), 'first');
    const heard: string[] = [];
    for (const name of ['alice tab 1', 'alice tab 2']) connect(wire()).session.subscribe((event) => heard.push(`${name} ${event.changed}`));
    await soon();
    one.tell({ changed: 'rooms' });
    await soon();
    expect(heard.sort()).toEqual(['alice tab 1 rooms', 'alice tab 2 rooms']);
  });

  it('replies reach only the call they belong to, however many tabs ask at once', async () => {
    const { wire } = air();
    serve(engine({ send: async (_room, text) => { await soon(); return String(text); } }).session, wire(), 'first');
    const tabs = [connect(wire()), connect(wire()), connect(wire())];
    const answers = await Promise.all(tabs.flatMap(({ session }, tab) => [0, 1, 2].map((i) => session.send('r', `${tab}-${i}`))));
    expect(answers).toEqual(['0-0', '0-1', '0-2', '1-0', '1-1', '1-2', '2-0', '2-1', '2-2']);
  });

  it('when the leading tab closes, open calls fail as locked, and the next engine takes over', async () => {
    const { wire } = air();
    const stop = serve(engine({ delivered: () => new Promise<never>(() => undefined) }).session, wire(), 'first');
    const { session } = connect(wire());
    const changes: string[] = [];
    session.subscribe((event) => changes.push(event.changed));
    const lost = session.delivered('r', 'm');
    await soon();
    stop();
    const failed = expect(lost).rejects.toMatchObject({ code: 'locked' });
    serve(engine({ rooms: async () => [] }).session, wire(), 'second');
    await failed;
    expect(changes).toEqual(['overview']);
    expect(await session.rooms()).toEqual([]);
  });

  it('an engine ignores calls meant for the one before it', async () => {
    const { wire } = air();
    const sent: string[] = [];
    serve(engine({ send: async (_room, text) => { sent.push(String(text)); return String(text); } }).session, wire(), 'second');
    wire().post({ type: 'call', engine: 'first', id: '1', method: 'send', args: ['r', 'again'] });
    await soon();
    expect(sent).toEqual([]);
  });

  it('refuses a method that is no use case', async () => {
    const { wire } = air();
    serve(engine({}).session, wire(), 'first');
    const me = wire();
    const failed = new Promise<Message>((resolve) => me.listen((message) => message.type === 'reply' && resolve(message)));
    me.post({ type: 'call', engine: 'first', id: '1', method: 'constructor' as Method, args: [] });
    expect(await failed).toMatchObject({ failure: 'internal' });
  });
});
