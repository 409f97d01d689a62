/** Rosa has a phone and a laptop. They are one person, in every room once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Hub, hubOf, roomOf } from '../harness/hub-story.ts';
import { broughtIn, linkDevice } from '../harness/linking.ts';
import { until, type TestPerson } from '../harness/people.ts';

let hub: Hub;
let bob: TestPerson;
let rosa: TestPerson;
let laptop: TestPerson;
beforeAll(async () => {
  hub = await hubOf(['alice', 'bob', 'rosa'], { rosa: { live: true } });
  [, bob, rosa] = hub.people as [TestPerson, TestPerson, TestPerson];
});
afterAll(() => hub.end());

describe('a second device', () => {
  it('comes into every room of the first, whatever her role there, and reads and writes as the same person', async () => {
    const room = await roomOf(hub.people);
    await bob.say(room, 'before the laptop');
    laptop = await linkDevice(rosa, 'laptop');
    await bob.session.catchUp();
    await bob.say(room, 'hello both');
    expect(await laptop.texts(room)).toEqual(['hello both']);
    await laptop.say(room, 'from the laptop');
    for (const person of [...hub.people]) {
      expect((await person.texts(room)).at(-1)).toBe('from the laptop');
      expect((await person.session.members(room)).map(({ name }) => name)).toEqual(['alice', 'bob', 'rosa']);
    }
    const [mine] = (await laptop.timeline(room)).filter((item) => item.kind === 'message' && item.text === 'from the laptop');
    expect(mine).toMatchObject({ sender: { isMe: true, name: 'rosa' } });
    expect(await bob.events(room)).toContain('device-added');
    expect((await rosa.session.rooms()).find(({ id }) => id === room)).toMatchObject({ people: 3 });
  });
});
