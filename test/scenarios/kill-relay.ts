/**
 * The relay is a process of its own on a PostgreSQL of its own, and is killed with -9 again and again while people
 * write. What it acknowledged is in the log, once, and everybody reads it in the same order.
 */
import { expect } from 'vitest';
import { type Acknowledged, expectAgreement } from '../harness/agreement.ts';
import { chanceFrom, freshSeed } from '../harness/chance.ts';
import { foundHub, type TestPerson, until, welcome } from '../harness/people.ts';
import { type SpawnedRelay, spawnRelay } from '../harness/relay.ts';

const PATIENCE_MS = 90_000;

export async function killRelay(times: number): Promise<{ acknowledged: number; seconds: number }> {
  const began = Date.now();
  const relay = await spawnRelay({ embedded: true });
  try {
    const alice = await foundHub(relay.foundingLink as string, 'alice', { live: true });
    const people = [alice, await welcome(alice, 'bob', { live: true }), await welcome(alice, 'carol', { live: true })];
    try {
      const acknowledged = await underFire(relay, people, times);
      return { acknowledged, seconds: Math.round((Date.now() - began) / 1000) };
    } finally {
      for (const person of people) await person.session.close();
    }
  } finally {
    await relay.stop();
  }
}

async function underFire(relay: SpawnedRelay, people: readonly TestPerson[], times: number): Promise<number> {
  const [alice] = people as [TestPerson];
  const room = await alice.session.createRoom('Under fire');
  for (const person of people.slice(1)) await alice.add(room, person.name);
  for (const person of people) await person.session.catchUp();
  const acknowledged: Acknowledged[] = [];
  let firing = true;
  const writing = people.map(async (person) => {
    for (let n = 1; firing; n += 1) {
      const text = `${person.name} ${n}`;
      const id = await person.session.send(room, text);
      await person.session.delivered(room, id);
      acknowledged.push({ id, text });
    }
  });
  writing.forEach((writer) => writer.catch(() => undefined));

  const seed = freshSeed();
  console.log(`killing the relay ${times} times, seed ${seed}`);
  const chance = chanceFrom(seed);
  for (let kill = 0; kill < times; kill += 1) {
    const before = acknowledged.length;
    await until(() => acknowledged.length >= before + 5, `messages to flow before kill ${kill + 1}`, PATIENCE_MS);
    await new Promise((resolve) => setTimeout(resolve, chance.below(300)));
    await relay.kill();
    await new Promise((resolve) => setTimeout(resolve, chance.below(400)));
    await relay.restart();
    for (const person of people) await person.session.nudge();
  }
  firing = false;
  await Promise.all(writing);
  for (const person of people) await person.session.catchUp();
  const read = await expectAgreement(room, alice, people.slice(1), acknowledged);
  expect(read.length, 'and nothing that was not written').toBe(acknowledged.length);
  return acknowledged.length;
}
