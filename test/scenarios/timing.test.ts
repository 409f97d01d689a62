/** What a relay that watches, or lies, could set side by side: a pass here, and something anonymous there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRelay } from '#core/relay/http.ts';
import { loneFetch } from '#core/relay/lone-fetch.ts';
import { type Relay, RelayUnreachable } from '#core/relay/port.ts';
import { RelayRefusal } from '#shared/errors.ts';
import { QUICK_PACE } from '../harness/pace.ts';
import { foundHub, PASSPHRASE, type PersonOptions, TestPerson, until, welcome } from '../harness/people.ts';
import { startTestRelay, type TestRelay } from '../harness/relay.ts';

const PASS_SHOWN = ['hello', 'readPage', 'drawTokens', 'tail'];

/** Calls in their order, with their times; `answer` stands in for one of them. */
class Watched {
  calls: { name: string; at: number }[] = [];
  readonly answer: Partial<Relay> = {};
  readonly relayAt = (origin: string): Relay => new Proxy(createRelay(origin), {
    get: (relay, name: keyof Relay) => {
      const method = relay[name];
      if (typeof method !== 'function') return method;
      return (...args: readonly unknown[]) => {
        this.calls.push({ name, at: performance.now() });
        return ((this.answer[name] ?? method) as (...args: readonly unknown[]) => unknown)(...args);
      };
    },
  });
  count(name: keyof Relay): number {
    return this.calls.filter((call) => call.name === name).length;
  }
  /** Those that do not show who asks. */
  anonymous(): string[] {
    return this.calls.map(({ name }) => name).filter((name) => ![...PASS_SHOWN, 'close', 'postThrough'].includes(name));
  }
}

describe('what happens when', () => {
  let relay: TestRelay;
  let alice: TestPerson;
  const opened: TestPerson[] = [];
  beforeAll(async () => {
    relay = await startTestRelay();
    alice = await foundHub(relay.foundingLink as string);
  });
  afterAll(async () => {
    for (const person of opened) await person.session.close();
    await alice.session.close();
    await relay.stop();
  });
  async function member(name: string, options: PersonOptions = {}): Promise<{ person: TestPerson; way: Watched; room: string }> {
    const way = new Watched();
    const person = await welcome(alice, name, { relayAt: way.relayAt, ...options });
    opened.push(person);
    return { person, way, room: await person.session.createRoom('Kitchen') };
  }

  it('a newcomer\'s pass is made a while after they have fetched their answer, and they are told', async () => {
    const way = new Watched();
    const ivy = await TestPerson.arrive('ivy', { relayAt: way.relayAt, pace: { ...QUICK_PACE, entering: [700, 700] } });
    opened.push(ivy);
    const { id, link } = await alice.session.invite();
    const { phrase } = await ivy.session.join(link, { name: 'ivy', passphrase: PASSPHRASE });
    await alice.session.requests();
    await alice.session.admit(id, phrase.join(' '));
    await until(async () => (await ivy.session.overview()).entering, 'ivy to be told that she is in');
    const answered = way.calls.findLast(({ name }) => name === 'readRendezvous')?.at as number;
    expect(way.count('registerPass')).toBe(0);
    await until(async () => !(await ivy.session.overview()).entering, 'ivy\'s pass to be made');
    const [made] = way.calls.filter(({ name }) => name === 'registerPass');
    expect((made?.at as number) - answered).toBeGreaterThanOrEqual(700);
    const between = way.calls.filter(({ name, at }) => name !== 'postThrough' && at > answered && at < (made?.at as number));
    expect(between, 'nothing is asked meanwhile').toEqual([]);
    expect(await ivy.session.createRoom('Kitchen')).toBeDefined();
  });

  it('a relay that says of everything that it was spent gets one more token, and no draw', async () => {
    const { person, way, room } = await member('bob', { pace: { ...QUICK_PACE, replace: [60_000, 60_000] } });
    const left = (await person.session.overview()).postage?.left as number;
    way.answer.post = async () => { throw new RelayRefusal('postage-spent'); };
    way.calls = [];
    await person.session.send(room, 'one');
    await until(async () => way.count('post') === 2, 'a second try');
    await expect.poll(async () => (await person.session.overview()).postage).toMatchObject({ soon: true, left: left - 2 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([way.count('post'), way.count('drawTokens')]).toEqual([2, 0]);

    // The same of a change of the room, and of what nothing in the vault stands for.
    way.answer.commit = async () => { throw new RelayRefusal('postage-spent'); };
    await expect(person.session.renewKeys(room)).rejects.toMatchObject({ code: 'no-postage' });
    way.answer.openMailbox = async () => { throw new RelayRefusal('postage-spent'); };
    await person.session.createRoom('Cellar');
    expect(way.count('drawTokens')).toBe(0);
    expect((await person.session.overview()).postage?.left).toBeGreaterThanOrEqual(left - 5);
  });

  it('after an unlock nothing anonymous leaves before the log was read', async () => {
    const { person, way, room } = await member('carol');
    way.answer.post = async () => { throw new RelayUnreachable(); };
    await person.session.send(room, 'kept');
    let letIn = (): void => undefined;
    const held = new Promise<void>((resolve) => { letIn = resolve; });
    const { readPage } = createRelay(relay.origin);
    way.answer.readPage = async (...args) => held.then(() => readPage(...args));
    await person.session.close();
    way.calls = [];
    delete way.answer.post;
    await person.restart();
    const made = person.session.createRoom('Attic');
    const asked = person.session.invitations();
    await until(async () => way.count('readPage') > 0, 'the first page to be asked for');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(way.anonymous()).toEqual([]);
    letIn();
    await Promise.all([made, asked]);
    await until(async () => (await person.texts(room)).includes('kept'), 'what was kept to leave');
    expect(way.anonymous()).toEqual(expect.arrayContaining(['post', 'openMailbox']));
  });

  it('a page that the tail overtakes on its way is not taken for a hub that was set back', async () => {
    const { person, way, room } = await member('heidi', { live: true });
    await person.add(room, 'alice');
    await alice.session.catchUp();
    await until(async () => (await person.session.overview()).connection === 'online', 'heidi to follow the log');
    let letIn = (): void => undefined;
    const held = new Promise<void>((resolve) => { letIn = resolve; });
    const { readPage } = createRelay(relay.origin);
    let answered = 0;
    way.answer.readPage = async (...args) => {
      const page = await readPage(...args);
      answered += 1;
      await held;
      return page;
    };
    const read = person.session.catchUp();
    await until(() => answered > 0, 'a page to be on its way');
    await alice.say(room, 'quicker than the page');
    const shown = async () => (await person.session.timeline(room, { limit: 100 })).items.some((item) => item.kind === 'message' && item.text === 'quicker than the page');
    await until(shown, 'the tail to bring what the page lacks');
    letIn();
    await read;
    expect((await person.session.overview()).alarms).toEqual([]);
    await alice.say(room, 'and on');
    expect((await person.texts(room)).slice(-2), 'nothing is read twice or left out').toEqual(['quicker than the page', 'and on']);
  });

  it('what was queued while away leaves a while after the pass has shown itself', async () => {
    const { person, way, room } = await member('dave', { pace: { ...QUICK_PACE, queued: [60_000, 60_000] } });
    way.answer.post = async () => { throw new RelayUnreachable(); };
    await person.session.send(room, 'later');
    await person.session.close();
    way.calls = [];
    delete way.answer.post;
    await person.restart();
    await person.session.catchUp();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(way.count('readPage')).toBeGreaterThan(0);
    expect(way.count('post')).toBe(0);
    await person.session.lock();
  });

  it('a member\'s greeting of the hub never takes the way of their posts', async () => {
    const ways = { known: [] as string[], anonymous: [] as string[] };
    const noting = (list: string[], send: typeof fetch): typeof fetch => (input, init) => {
      list.push(new URL(String(input)).pathname);
      return send(input, init);
    };
    const erin = await welcome(alice, 'erin', {
      relayAt: (origin) => createRelay(origin, { fetch: noting(ways.known, fetch), anonymousFetch: noting(ways.anonymous, loneFetch) }),
    });
    opened.push(erin);
    ways.anonymous.length = 0;
    await erin.restart();
    await erin.session.catchUp();
    await erin.session.createRoom('Kitchen');
    expect(ways.known).toContain('/v1/hub');
    expect(ways.anonymous).not.toContain('/v1/hub');
  });

  it('a hub founded before there was postage raises no alarm, and its founder\'s device names the key', async () => {
    const old = await startTestRelay();
    const way = new Watched();
    const real = await createRelay(old.origin).hello();
    way.answer.hello = async () => ({ ...await createRelay(old.origin).hello(), issuerKey: new Uint8Array(0), allowance: { postage: 0, ticket: 0 } });
    expect(real.issuerKey).toHaveLength(32);
    const founder = await foundHub(old.foundingLink as string, 'frank', { relayAt: way.relayAt });
    expect((await founder.session.overview()).alarms).toEqual([]);
    delete way.answer.hello;
    await founder.restart();
    await founder.session.catchUp();
    expect(await founder.session.overview()).toMatchObject({ alarms: [], postage: { problem: undefined } });
    expect(way.count('drawTokens')).toBeGreaterThan(0);
    const gwen = await welcome(founder, 'gwen');
    expect((await gwen.session.overview()).alarms).toEqual([]);
    await Promise.all([founder.session.close(), gwen.session.close()]);
    await old.stop();
  });
});
