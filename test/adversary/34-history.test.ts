/**
 * The hub says that it was set back, and was not: by what it tells of its shards, mallory tries to write over what people
 * have, to leave a device useless for good, to lose somebody on the way, and to have messages sent again without end.
 */
import { afterEach, expect, it } from 'vitest';
import type { LogPage, Pass, Relay } from '#core/relay/port.ts';
import { keysChange } from '#core/session/history.ts';
import { MESSAGE_KEY_BYTES } from '#core/session/memory.ts';
import { createRelay } from '#core/relay/http.ts';
import { RelayRefusal } from '#shared/errors.ts';
import type { Seq, ShardIndex } from '#shared/ids.ts';
import { hex, randomBytes } from '#shared/sodium.ts';
import { type Hub, eventsOf, hubOf, namesIn, replanted, roomOf, worksOn } from '../harness/hub-story.ts';
import { lyingRelay } from '../harness/mallory-relay.ts';
import { memoryVaultHome } from '../harness/memory-vault.ts';
import { PASSPHRASE, TestPerson, until } from '../harness/people.ts';

let hub: Hub;
afterEach(() => hub.end());

/** Alice's relay lies to her; bob's does not. */
async function aliceLiedTo(names: readonly string[] = ['alice', 'bob']): Promise<{ people: TestPerson[]; answer: Partial<Relay>; truth: Relay }> {
  const lies = lyingRelay();
  hub = await hubOf(names, { alice: { relayAt: (origin) => answering(createRelay(origin), lies.answer) } });
  return { people: [...hub.people], answer: lies.answer, truth: createRelay(hub.relay.origin) };
}

const answering = (truth: Relay, answer: Partial<Relay>): Relay =>
  new Proxy(truth, {
    get: (target, name: keyof Relay) => {
      const said = answer[name] ?? target[name];
      return typeof said === 'function' ? said.bind(target) : said;
    },
  });

const honest = (answer: Partial<Relay>): void => {
  for (const name of Object.keys(answer)) delete answer[name as keyof Relay];
};
const alarmsOf = async (person: TestPerson): Promise<string[]> => (await person.session.overview()).alarms.map(({ what }) => what);
/** A page that ends the log at `head`. */
const endingAt = (head: number): LogPage => ({ complete: false, head, records: [], expired: [] });

it('attack 34 rollback: mallory serves the same records again as those of another shard; nothing that is there is written over', async () => {
  const { people, answer, truth } = await aliceLiedTo();
  const [alice, bob] = people as [TestPerson, TestPerson];
  const room = await roomOf([alice, bob]);
  for (const text of ['one', 'two', 'three']) await bob.say(room, text);
  expect(await alice.texts(room)).toEqual(['one', 'two', 'three']);
  const happened = async () => (await alice.events(room)).filter((what) => what !== 'hidden-record' && what !== 'replanted');
  const before = await happened();

  await alice.restart();
  const { shards: count } = await truth.hello();
  answer.hello = async () => ({ ...(await truth.hello()), generations: [{ first: count, count, base: 0, heads: [] }] });
  answer.readPage = (pass: Pass, shard: ShardIndex, page, options) => truth.readPage(pass, (shard % count) as ShardIndex, page, options);
  expect(await alice.texts(room)).toEqual(['one', 'two', 'three']);
  expect(await alarmsOf(alice)).toEqual(['rolled-back']);
  await alice.restart();
  expect(await alice.texts(room), 'after a restart').toEqual(['one', 'two', 'three']);
  expect(await happened(), 'what happened to the room').toEqual(before);

  honest(answer);
  await replanted(people, room);
  await worksOn(people, room);
  expect((await alice.texts(room)).slice(0, 3)).toEqual(['one', 'two', 'three']);
}, 60_000);

it('attack 34 rollback: mallory tells of numbers at the end of all numbers; the device takes no harm that lasts', async () => {
  const { people, answer, truth } = await aliceLiedTo();
  const [alice, bob] = people as [TestPerson, TestPerson];
  const room = await roomOf([alice, bob]);
  await bob.say(room, 'before');
  expect(await alice.texts(room)).toEqual(['before']);
  for (const first of [64, 128]) {
    answer.hello = async () => ({ ...(await truth.hello()), generations: [{ first, count: 1, base: 2 ** 53 - 128, heads: [] }] });
    answer.readPage = async () => endingAt(0);
    await alice.session.catchUp().catch(() => undefined);
  }
  honest(answer);
  await replanted(people, room);
  await worksOn(people, room);
  await alice.restart();
  await worksOn(people, room);
  expect((await alice.texts(room))[0]).toBe('before');
}, 60_000);

it('attack 34 rollback: mallory sets the hub back in word only, to lose one of its people; they are named, and brought along', async () => {
  const { people, answer, truth } = await aliceLiedTo(['alice', 'bob', 'carol']);
  const [alice, bob, carol] = people as [TestPerson, TestPerson, TestPerson];
  const room = await roomOf([alice, bob, carol]);
  await alice.say(room, 'before');
  for (const person of people) await person.session.catchUp();

  answer.readPage = async () => endingAt(1);
  answer.takePackage = async () => {
    delete answer.takePackage;
    throw new RelayRefusal('pool-empty');
  };
  // Until then: where the true log is there again too soon, the room goes on as it was.
  answer.commit = async (request) => {
    delete answer.readPage;
    return truth.commit(request);
  };
  await alice.session.catchUp();
  await replanted([alice], room);
  const [event] = await eventsOf(alice, room, 'replanted');
  const left = event?.without.map(({ name }) => name) ?? [];
  expect(left, 'one of them, by name').toHaveLength(1);
  expect(await alarmsOf(alice)).toEqual(['rolled-back']);

  honest(answer);
  await replanted(people, room);
  await worksOn(people, room);
  for (const person of people) expect((await namesIn(person, room)).sort()).toEqual(['alice', 'bob', 'carol']);
}, 60_000);

const SETBACKS: Readonly<Record<string, (answer: Partial<Relay>, truth: Relay) => void>> = {
  'of a shorter log': (answer) => {
    answer.readPage = async () => endingAt(1);
  },
  'of other shards': (answer, truth) => {
    answer.hello = async () => ({ ...(await truth.hello()), generations: [{ first: 64, count: 1, base: 0, heads: [] }] });
    answer.readPage = async () => endingAt(0);
  },
  'of the same shard with other numbers': (answer, truth) => {
    answer.hello = async () => ({ ...(await truth.hello()), generations: [{ first: 0, count: 1, base: 2 ** 30, heads: [] }] });
    answer.readPage = async () => endingAt(2 ** 30);
  },
  'of shards that were closed early': (answer, truth) => {
    answer.hello = async () => ({ ...(await truth.hello()), generations: [{ first: 0, count: 1, base: 0, heads: [1] }, { first: 1, count: 1, base: 128, heads: [] }] });
    answer.readPage = async (_pass, shard) => endingAt(shard === 0 ? 1 : 128);
  },
};

it('attack 34 rollback: mallory tells one member alone, and nobody is there to replant; with the true log the room goes on as it was', async () => {
  const { people, answer, truth } = await aliceLiedTo();
  const [alice, bob] = people as [TestPerson, TestPerson];
  // Bob's room, so that alice cannot replant it.
  const room = await roomOf([bob, alice]);
  await bob.session.renewKeys(room);
  await worksOn(people, room);
  for (const [what, tell] of Object.entries(SETBACKS)) {
    tell(answer, truth);
    await alice.session.catchUp();
    expect(await alarmsOf(alice), what).toEqual(['rolled-back']);
    await alice.session.dismissAlarm('rolled-back');
    const held = await alice.session.send(room, `while she tells ${what}`);
    await bob.say(room, `unheard, while she tells ${what}`);
    await alice.restart();
    honest(answer);
    await alice.session.catchUp();
    await alice.session.delivered(room, held);
    expect(await alice.texts(room), 'nothing is passed over').toContain(`unheard, while she tells ${what}`);
    await worksOn(people, room);
  }
  expect(await eventsOf(bob, room, 'replanted'), 'nobody had to').toEqual([]);
  expect(await namesIn(alice, room)).toEqual(await namesIn(bob, room));
}, 60_000);

it('attack 34 rollback: mallory acknowledges a message and never shows it; it is sent three times and not for ever, and read once', async () => {
  const { people, answer, truth } = await aliceLiedTo();
  const [alice, bob] = people as [TestPerson, TestPerson];
  const room = await roomOf([alice, bob]);
  await alice.say(room, 'before');
  expect(await alice.texts(room)).toEqual(['before']);
  let posts = 0;
  answer.readPage = async () => endingAt(2 ** 30);
  answer.post = async (request) => {
    const posted = await truth.post(request);
    posts += 1;
    return { ...posted, seq: 1 as Seq };
  };
  await alice.say(room, 'once');
  expect(await bob.texts(room)).toEqual(['before', 'once']);
  await writeMuch(bob, room);
  const state = async () => (await alice.session.timeline(room)).items.flatMap((item) => (item.kind === 'message' ? [item.state] : []));
  await until(async () => {
    await alice.session.catchUp();
    return posts > 3 || (await state()).includes('failed');
  }, 'alice to be asked');
  expect(posts).toBe(3);
  expect(await bob.texts(room), 'however long ago it came').toEqual(['before', 'once']);
}, 60_000);

/** So much happens in the room, and the device is started again, that what was before is not at hand any more. */
async function writeMuch(person: TestPerson, room: string): Promise<void> {
  await person.session.lock();
  const vault = await person.home.open(PASSPHRASE);
  await vault.write([keysChange(room, 1600, Array.from({ length: 600 }, () => hex(randomBytes(MESSAGE_KEY_BYTES))))]);
  await vault.close();
  await person.restart();
}

it('attack 34 rollback: an older copy of alice’s own vault is used again; it finds its own messages in the log, tells her, changes its keys, and nothing is lost', async () => {
  const home = memoryVaultHome();
  hub = await hubOf(['bob', 'alice'], { alice: { home } });
  const [bob, alice] = [...hub.people] as [TestPerson, TestPerson];
  const room = await roomOf([bob, alice]);
  await worksOn([bob, alice], room);
  await alice.session.lock();
  const copy = home.copy();
  await alice.restart();
  for (const text of ['one', 'two']) await alice.say(room, text);
  expect((await bob.texts(room)).slice(-2)).toEqual(['one', 'two']);
  await alice.session.close();

  const again = await TestPerson.arrive('alice', { home: copy });
  await again.session.unlock(PASSPHRASE);
  // Written before it has read anything.
  const written = await again.session.send(room, 'three');
  await again.session.delivered(room, written);
  expect((await again.texts(room)).slice(-3)).toEqual(['one', 'two', 'three']);
  expect((await again.session.overview()).alarms.map(({ what }) => what)).toEqual(['own-copy']);
  await until(async () => (await again.session.catchUp(), await bob.session.catchUp(), (await bob.texts(room)).includes('three')), 'bob to read what came from the copy');
  expect((await bob.texts(room)).filter((text) => ['one', 'two', 'three'].includes(text))).toEqual(['one', 'two', 'three']);
  await worksOn([bob, again], room);
  // The keys it has now are not those of the device it was copied from.
  await alice.restart();
  await bob.say(room, 'for the new keys');
  await alice.session.catchUp();
  expect(await alice.texts(room)).not.toContain('for the new keys');
  await again.session.close();
}, 60_000);
