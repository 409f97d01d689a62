/** Mallory, who runs the relay, shows bob records in another order than the others get them in. */
import { afterEach, expect, it } from 'vitest';
import type { LogRecord } from '#core/relay/port.ts';
import type { RoomId } from '#core/session/api.ts';
import { fromHex } from '#shared/sodium.ts';
import { sameBytes } from '#core/domain/signing.ts';
import { type Hub, hubOf, roomOf } from '../harness/hub-story.ts';
import { type LyingRelay, lyingRelay } from '../harness/mallory-relay.ts';
import type { TestPerson } from '../harness/people.ts';
import { alarmsOf } from '../harness/alarms.ts';

let hub: Hub;
let lies: LyingRelay;
let people: TestPerson[];
let room: RoomId;
afterEach(() => hub.end());

async function bobLiedTo(): Promise<void> {
  lies = lyingRelay();
  hub = await hubOf(['alice', 'bob', 'carol'], { bob: { relayAt: lies.relayAt } });
  people = [...hub.people];
  room = await roomOf(people);
  for (const person of people) await person.session.catchUp();
}

/** The last two posts of the room change places. */
const swapped = (log: readonly LogRecord[]): LogRecord[] => {
  const mailbox = fromHex(room) as Uint8Array;
  const posts = log.filter(({ kind, mailbox: of }) => kind === 'post' && sameBytes(of, mailbox));
  const [first, second] = posts.slice(-2) as [LogRecord, LogRecord];
  return log.map((record) => (record === first ? { ...second, seq: first.seq } : record === second ? { ...first, seq: second.seq } : record));
};

it('attack 07 reorder: two posts of alice change places; bob is told whose, and everything is there', async () => {
  await bobLiedTo();
  const [alice, bob, carol] = people as [TestPerson, TestPerson, TestPerson];
  await alice.say(room, 'do not come');
  await alice.say(room, 'the door is open');
  lies.forgery = swapped;
  expect(await bob.texts(room)).toEqual(['the door is open', 'do not come']);
  expect(await alarmsOf(bob)).toEqual(['reordered by alice']);
  expect((await bob.session.missing(room)).map(({ count }) => count), 'what seemed to be missing came').toEqual([0]);
  expect(await carol.texts(room)).toEqual(['do not come', 'the door is open']);
  expect(await alarmsOf(carol)).toEqual([]);
}, 120_000);

it('attack 07 reorder: posts of two people change places; bob learns it with the next message he opens', async () => {
  await bobLiedTo();
  const [alice, bob, carol] = people as [TestPerson, TestPerson, TestPerson];
  await alice.say(room, 'who brings the banner?');
  await carol.say(room, 'me');
  lies.forgery = swapped;
  expect(await bob.texts(room)).toEqual(['me', 'who brings the banner?']);
  const then = swapped(lies.log);
  lies.forgery = (log) => [...then, ...log.slice(then.length)];
  await alice.session.catchUp();
  await alice.say(room, 'see you there');
  await bob.session.catchUp();
  expect(await alarmsOf(bob)).toEqual(['forked by alice']);
}, 120_000);
