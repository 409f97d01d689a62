/** Mallory, who runs the relay, shows bob another log than the others. The first message from across, by somebody who has read where they part, shows it. */
import { afterEach, expect, it } from 'vitest';
import type { LogRecord } from '#core/relay/port.ts';
import type { RoomId } from '#core/session/api.ts';
import { DROP_MAILBOX } from '#shared/mailboxes.ts';
import { randomBytes } from '#shared/sodium.ts';
import { type Hub, hubOf, roomOf, worksOn } from '../harness/hub-story.ts';
import { type LyingRelay, lyingRelay } from '../harness/mallory-relay.ts';
import { alarmsOf } from '../harness/alarms.ts';
import type { TestPerson } from '../harness/people.ts';

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
  await worksOn(people, room);
}

it('attack 09 fork: what only bob is shown is found out at first contact, on both sides, though it is in none of his rooms', async () => {
  await bobLiedTo();
  const [alice, bob, carol] = people as [TestPerson, TestPerson, TestPerson];
  lies.inject({ mailbox: DROP_MAILBOX, kind: 'drop', slot: 0 as LogRecord['slot'], body: randomBytes(16_384) });
  await bob.session.catchUp();
  expect(await alarmsOf(bob), 'nobody has said anything yet').toEqual([]);
  await bob.say(room, 'hello');
  for (const person of [alice, carol]) {
    await person.session.catchUp();
    expect(await alarmsOf(person)).toEqual(['forked by bob']);
  }
  await alice.say(room, 'hello too');
  await bob.session.catchUp();
  expect(await alarmsOf(bob)).toEqual(['forked by alice']);

  // Each hands the other a line by another way: it says from where on they differ.
  const compared = await alice.session.compareStanding(await bob.session.standing());
  expect(compared.differsAt, 'where they differ').toBeDefined();
  expect((await alice.session.compareStanding(await carol.session.standing())).differsAt).toBeUndefined();

  // Told once; the room is as good as before, and what comes later is compared anew.
  for (const person of people) for (const { id } of (await person.session.overview()).alarms) await person.session.dismissAlarm(id);
  await bob.restart();
  await worksOn(people, room);
  await worksOn(people, room);
}, 120_000);

it('attack 09 fork: with the same log nobody is told anything, whoever restarts, comes late or was away', async () => {
  await bobLiedTo();
  const [alice, bob, carol] = people as [TestPerson, TestPerson, TestPerson];
  await carol.session.close();
  for (let round = 0; round < 3; round += 1) {
    await alice.say(room, `round ${round}`);
    await bob.restart();
    await bob.say(room, `answer ${round}`);
  }
  await carol.restart();
  await worksOn(people, room);
  const other = await alice.session.createRoom('Another one');
  await alice.add(other, 'carol');
  await carol.session.catchUp();
  await worksOn([alice, carol], other);
  for (const person of people) expect(await alarmsOf(person), person.name).toEqual([]);
}, 120_000);
