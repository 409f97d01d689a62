/** Rosa has a phone and a laptop. They are one person, in every room once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TimelineItem } from '#core/session/api.ts';
import { type Hub, hubOf, roomOf } from '../harness/hub-story.ts';
import { createRelay } from '#core/relay/http.ts';
import { loneFetch } from '#core/relay/lone-fetch.ts';
import { RelayRefusal } from '#shared/errors.ts';
import { broughtIn, linkDevice } from '../harness/linking.ts';
import { lyingRelay } from '../harness/mallory-relay.ts';
import { PASSPHRASE, TestPerson, until, welcome } from '../harness/people.ts';

let hub: Hub;
let alice: TestPerson;
let bob: TestPerson;
let rosa: TestPerson;
let laptop: TestPerson;
beforeAll(async () => {
  hub = await hubOf(['alice', 'bob', 'rosa'], { alice: { live: true }, rosa: { live: true } });
  [alice, bob, rosa] = hub.people as [TestPerson, TestPerson, TestPerson];
});
afterAll(() => hub.end());

const roomIdsOf = async (person: TestPerson, name: string): Promise<string[]> => (await person.session.rooms()).filter((room) => room.name === name).map(({ id }) => id);

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

  it('is told of by its name, and the room of her devices is shown nowhere', async () => {
    const devices = await rosa.session.devices();
    expect(devices).toMatchObject([{ name: "rosa's first", isThis: true, state: 'here' }, { name: 'laptop', isThis: false, state: 'here' }]);
    await laptop.session.renameDevice(devices[1]?.id as string, 'old laptop');
    await until(async () => {
      await rosa.session.catchUp();
      return (await rosa.session.devices()).some(({ name }) => name === 'old laptop');
    }, 'the name to come over');
    expect((await laptop.session.devices())[0]).toMatchObject({ name: 'old laptop', isThis: true });
    for (const person of [rosa, laptop]) expect((await person.session.rooms()).map(({ name }) => name)).toEqual(['Stairwell B']);
  });

  it('comes with her into a room she is added to, in one change', async () => {
    const room = await roomOf([bob, rosa], 'Roof');
    await until(async () => {
      await laptop.session.catchUp();
      return (await laptop.session.rooms()).some(({ id }) => id === room);
    }, 'the laptop to be in');
    expect((await bob.events(room)).filter((what) => what === 'added' || what === 'device-added')).toEqual(['added']);
    await bob.say(room, 'up here');
    expect(await laptop.texts(room)).toEqual(['up here']);
    expect(await rosa.texts(room)).toEqual(['up here']);
  });

  it('knows what she has read, marked, begun and chosen on the other, and what she says is unread on neither', async () => {
    const [room] = (await rosa.session.rooms()).map(({ id }) => id) as [string];
    const seq = await bob.say(room, 'read this');
    await bob.say(room, 'and this');
    await Promise.all([rosa, laptop].map((device) => device.session.catchUp()));
    expect((await laptop.session.rooms()).find(({ id }) => id === room)?.unread).toBeGreaterThan(1);
    const message = (await rosa.timeline(room)).find((item) => item.kind === 'message' && item.seq === seq) as Extract<TimelineItem, { kind: 'message' }>;
    await rosa.session.bookmark(room, { id: message.id, sender: message.sender.id, seq }, true);
    await rosa.session.setChoices(room, { notify: 'mentions' });
    await rosa.session.saveDraft(room, { text: 'half a thou' });
    await rosa.session.saveDraft(room, { text: 'half a thought' });
    await rosa.session.markReadTo(room, seq + 1);
    const { id: bobs } = await rosa.seen('bob');
    await rosa.session.setVerified(room, bobs, (await rosa.session.safetyPhrase(room, bobs)).words);
    await until(async () => {
      await laptop.session.catchUp();
      const seen = (await laptop.session.rooms()).find(({ id }) => id === room);
      return seen?.unread === 0 && seen.draft === 'half a thought' && seen.notify === 'mentions';
    }, 'the laptop to know');
    expect((await laptop.session.bookmarks()).map(({ item }) => item.text)).toEqual(['read this']);
    await until(async () => {
      await laptop.session.catchUp();
      return (await laptop.seen('bob')).verified === 'yes';
    }, 'the laptop to hear whose phrase was compared');
    await laptop.session.setVerified(room, bobs, undefined);
    await until(async () => {
      await rosa.session.catchUp();
      return (await rosa.seen('bob')).verified === 'no';
    }, 'the later word to count');
    await laptop.say(room, 'so I wrote');
    await rosa.session.catchUp();
    expect((await rosa.session.rooms()).find(({ id }) => id === room)?.unread).toBe(0);
  });

  it('gets what the other holds of the past, if she wants, each thing in its place and nothing twice', async () => {
    const [room] = (await rosa.session.rooms()).filter(({ name }) => name === 'Stairwell B').map(({ id }) => id) as [string];
    expect(await laptop.texts(room)).not.toContain('before the laptop');
    const to = (await rosa.session.devices()).find(({ isThis }) => !isThis)?.id as string;
    await rosa.session.sendHistory(to);
    await until(async () => (await laptop.texts(room)).includes('before the laptop'), 'the past to come over');
    await until(async () => (await laptop.texts(room)).length === (await rosa.texts(room)).length, 'all of it');
    expect(await laptop.texts(room)).toEqual(await rosa.texts(room));
    const again = new Promise<void>((resolve) => {
      laptop.session.subscribe((event) => event.changed === 'transfer' && event.transfer === 'history' && event.done === event.total && resolve());
    });
    await rosa.session.sendHistory(to);
    await bob.say(room, 'after the past');
    await again;
    expect(await laptop.texts(room)).toEqual(await rosa.texts(room));
  });

  it('does not keep her out where it cannot be reached, and comes in by the other', async () => {
    const to = lyingRelay();
    const carol = await welcome(alice, 'carol', { relayAt: to.relayAt });
    const [shared] = await roomIdsOf(bob, 'Stairwell B');
    await alice.add(shared as string, 'carol');
    await carol.session.catchUp();
    const relay = createRelay(hub.relay.origin, { anonymousFetch: loneFetch });
    let asked = 0;
    to.answer = {
      takePackage: async (request) => {
        asked += 1;
        if (asked > 1) throw new RelayRefusal('pool-empty');
        return relay.takePackage(request);
      },
    };
    const room = await roomOf([carol, rosa], 'Attic');
    expect(asked).toBe(2);
    await until(async () => {
      await Promise.all([carol, rosa, laptop].map((device) => device.session.catchUp()));
      return (await laptop.session.rooms()).some(({ id }) => id === room);
    }, 'the laptop to come in by the phone');
    expect((await carol.session.members(room)).map(({ name }) => name)).toEqual(['carol', 'rosa']);
    expect(await carol.events(room)).toContain('device-added');
    await carol.session.lock();
  });

  it('comes into a room she makes on either', async () => {
    const room = await laptop.session.createRoom('Laptop only');
    await broughtIn(laptop, rosa);
    await laptop.say(room, 'also on the phone');
    expect(await rosa.texts(room)).toEqual(['also on the phone']);
  });
});

describe('a device that is removed', () => {
  it('while it is away reads nothing new, says so when it is back, and she is still one person everywhere', async () => {
    const [room] = (await rosa.session.rooms()).filter(({ name }) => name === 'Stairwell B').map(({ id }) => id) as [string];
    await laptop.session.lock();
    const [, old] = await rosa.session.devices();
    await rosa.session.removeDevice(old?.id as string);
    await until(async () => (await rosa.session.devices()).length === 1, 'the laptop to be out of every room');
    await bob.session.catchUp();
    await bob.say(room, 'after the laptop');

    await laptop.session.unlock(PASSPHRASE);
    expect(await laptop.texts(room)).not.toContain('after the laptop');
    expect(await laptop.session.overview()).toMatchObject({ removedHere: true });
    expect((await laptop.session.rooms()).filter(({ active }) => active)).toEqual([]);
    expect(await rosa.texts(room)).toContain('after the laptop');
    expect(await bob.events(room)).toContain('device-removed');
    expect((await bob.session.members(room)).map(({ name }) => name)).toEqual(['alice', 'bob', 'carol', 'rosa']);
    await expect(laptop.session.send(room, 'still here?')).rejects.toMatchObject({ code: 'room-inactive' });
  });

  it('is not brought back with her into a room she is added to', async () => {
    const room = await roomOf([bob, rosa], 'Cellar');
    await bob.say(room, 'down here');
    await laptop.session.catchUp();
    expect((await laptop.session.rooms()).map(({ id }) => id)).not.toContain(room);
    expect(await rosa.texts(room)).toEqual(['down here']);
  });
});

describe('linking', () => {
  it('goes on where it was cut off: the old device restarts right after the yes', async () => {
    const tablet = await TestPerson.arrive('alice', { live: true });
    const { link } = await alice.session.linkDevice();
    const { phrase } = await tablet.session.joinAsDevice(link, { deviceName: 'tablet', passphrase: PASSPHRASE });
    const request = await alice.session.linkRequest();
    await alice.session.confirmLink(request?.id as string, phrase.join(' '));
    await alice.session.lock();
    await until(async () => (await tablet.session.overview()).stage === 'open', 'the tablet to be let in');
    await alice.session.unlock(PASSPHRASE);
    await broughtIn(alice, tablet);
    await tablet.session.lock();
  });

  it('ends with a no, and a link that is over is answered no more', async () => {
    const stranger = await TestPerson.arrive('nobody');
    const { link } = await alice.session.linkDevice();
    await stranger.session.joinAsDevice(link, { deviceName: 'tablet', passphrase: PASSPHRASE });
    await alice.session.refuseLink((await alice.session.linkRequest())?.id as string);
    await until(async () => (await stranger.session.overview()).joinProblem === 'refused', 'the no');
    const again = await alice.session.linkDevice();
    await alice.session.cancelLink();
    expect(await alice.session.linkOffer()).toBeUndefined();
    await expect(alice.session.confirmLink(again.id, 'any four words here')).rejects.toMatchObject({ code: 'unknown-request' });
  });
});
