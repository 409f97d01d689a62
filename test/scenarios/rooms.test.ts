/** Looking after a room: roles, what it is set to, who says what happened, leaving it and being rid of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoomId } from '#core/session/api.ts';
import { eventsOf, type Hub, hubOf, namesIn, roomOf, worksOn } from '../harness/hub-story.ts';
import { COLLECTIONS } from '#core/vault/port.ts';
import { PASSPHRASE, type TestPerson, until } from '../harness/people.ts';

let hub: Hub;
let alice: TestPerson;
let bob: TestPerson;
let carol: TestPerson;
let dave: TestPerson;
beforeAll(async () => {
  hub = await hubOf(['alice', 'bob', 'carol', 'dave']);
  [alice, bob, carol, dave] = hub.people as [TestPerson, TestPerson, TestPerson, TestPerson];
});
afterAll(() => hub.end());

const catchUp = (...people: TestPerson[]) => Promise.all(people.map((person) => person.session.catchUp()));
const idOf = async (person: TestPerson, name: string) => (await person.seen(name)).id;
const roomAs = async (person: TestPerson, room: RoomId) => {
  await person.session.catchUp();
  const found = (await person.session.rooms()).find(({ id }) => id === room);
  if (found === undefined) throw new Error(`${person.name} has no such room`);
  return found;
};
const rolesIn = async (person: TestPerson, room: RoomId) =>
  Object.fromEntries((await person.session.members(room)).map(({ name, role }) => [name, role]));

/** The collections of an opened vault in which something is kept under this room's id. */
async function namedIn(person: TestPerson, room: RoomId): Promise<string[]> {
  await person.session.close();
  const vault = await person.home.open(PASSPHRASE);
  const found: string[] = [];
  for (const collection of COLLECTIONS) if ((await vault.all(collection)).some(({ scope }) => scope.includes(room))) found.push(collection);
  await vault.close();
  await person.restart();
  return found;
}

describe('roles', () => {
  it('a moderator removes members, no admin, and changes no settings; everybody sees who was made what', async () => {
    const room = await roomOf([alice, bob, carol]);
    await alice.session.setRole(room, await idOf(alice, 'bob'), 'moderator');
    await catchUp(bob, carol);
    for (const person of [alice, bob, carol]) {
      expect(await rolesIn(person, room)).toEqual({ alice: 'admin', bob: 'moderator', carol: 'member' });
      const told = await eventsOf(person, room, 'made-moderator');
      expect(told).toMatchObject([{ by: { name: 'alice' }, people: [{ name: 'bob' }] }]);
    }
    await expect(bob.session.removeMember(room, await idOf(bob, 'alice'))).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(bob.session.renameRoom(room, 'Mine')).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(bob.session.addMember(room, (await alice.seen('dave')).id)).rejects.toMatchObject({ code: 'not-allowed' });
    await bob.remove(room, 'carol');
    expect((await roomAs(carol, room)).active).toBe(false);
    await alice.session.setRole(room, await idOf(alice, 'bob'), 'member');
    await catchUp(bob);
    expect(await rolesIn(bob, room)).toEqual({ alice: 'admin', bob: 'member' });
    await expect(alice.session.setRole(room, await idOf(alice, 'alice'), 'member')).rejects.toMatchObject({ code: 'not-allowed' });
  });

  it('where everybody adds, a member brings somebody in, who comes in and can be removed', async () => {
    const room = await roomOf([alice, bob]);
    await alice.session.setMayAdd(room, 'everybody');
    expect(await roomAs(bob, room)).toMatchObject({ whoAdds: 'everybody', mayAdd: true, admin: false });
    expect(await eventsOf(bob, room, 'everybody-adds')).toMatchObject([{ by: { name: 'alice' } }]);
    // Bob knows carol from the room before; the cards of its people came with it.
    await bob.add(room, 'carol');
    await catchUp(alice, carol);
    expect(await namesIn(carol, room)).toEqual(['alice', 'bob', 'carol']);
    await worksOn([alice, bob, carol], room);
    await alice.session.setMayAdd(room, 'admins');
    await catchUp(bob);
    expect((await roomAs(bob, room)).mayAdd).toBe(false);
  });
});

describe('a room for announcements', () => {
  it('is written in by those who look after it, and read by the others', async () => {
    const room = await roomOf([alice, bob, carol]);
    await alice.session.setAnnouncementOnly(room, true);
    await catchUp(bob, carol);
    expect(await roomAs(bob, room)).toMatchObject({ announcementOnly: true, mayWrite: false });
    await expect(bob.session.send(room, 'may I?')).rejects.toMatchObject({ code: 'not-allowed' });
    await alice.say(room, 'meeting at six');
    expect(await carol.texts(room)).toEqual(['meeting at six']);
    await alice.session.setRole(room, await idOf(alice, 'carol'), 'moderator');
    await carol.session.catchUp();
    await carol.say(room, 'bring chairs');
    expect(await bob.texts(room)).toEqual(['meeting at six', 'bring chairs']);
    await alice.session.setAnnouncementOnly(room, false);
    await catchUp(bob);
    await bob.say(room, 'I have chairs');
    expect(await alice.texts(room)).toEqual(['meeting at six', 'bring chairs', 'I have chairs']);
    expect((await bob.events(room)).filter((what) => what === 'announcing' || what === 'conversing')).toEqual(['announcing', 'conversing']);
  });
});

describe('settings', () => {
  it('are told in the timeline, each once, with who did it', async () => {
    const room = await roomOf([alice, bob]);
    await alice.session.renameRoom(room, 'Stairwell C');
    await alice.session.setVanishing(room, 3_600);
    await alice.session.setVanishing(room, 0);
    await alice.session.setQuiet(room, true);
    expect((await bob.events(room)).filter((what) => what !== 'joined')).toEqual(['renamed', 'vanishing', 'staying', 'quieted']);
    expect(await eventsOf(bob, room, 'vanishing')).toMatchObject([{ by: { name: 'alice' }, seconds: 3_600 }]);
    expect(await roomAs(bob, room)).toMatchObject({ name: 'Stairwell C', vanishAfter: 0, quiet: true });
    await expect(alice.session.setVanishing(room, 1)).rejects.toMatchObject({ code: 'bad-span' });
    await expect(alice.session.renameRoom(room, '  ')).rejects.toMatchObject({ code: 'bad-name' });
  });
});

describe('leaving', () => {
  it('makes a room past at once; another admin takes out who left, and everybody is told so', async () => {
    const room = await roomOf([alice, bob, carol]);
    await bob.session.leaveRoom(room);
    expect((await bob.session.rooms()).find(({ id }) => id === room)).toMatchObject({ active: false, leaving: true, mayWrite: false });
    await expect(bob.session.send(room, 'one more thing')).rejects.toMatchObject({ code: 'room-inactive' });
    await until(async () => (await eventsOf(carol, room, 'left')).length > 0 || (await catchUp(alice, bob), false), 'bob to be taken out');
    expect(await namesIn(carol, room)).toEqual(['alice', 'carol']);
    expect(await eventsOf(carol, room, 'left')).toMatchObject([{ by: { name: 'bob' } }]);
    expect(await eventsOf(carol, room, 'removed')).toEqual([]);
    expect(await eventsOf(bob, room, 'left')).toMatchObject([{ by: { isMe: true } }]);
    await worksOn([alice, carol], room);
  });

  it('the last who looks after a room names another first; of two who go at once one stays', async () => {
    const room = await roomOf([alice, bob, carol]);
    await expect(alice.session.leaveRoom(room)).rejects.toMatchObject({ code: 'last-admin' });
    await alice.session.setRole(room, await idOf(alice, 'bob'), 'admin');
    await catchUp(bob);
    await Promise.all([alice.session.leaveRoom(room), bob.session.leaveRoom(room)]);
    await until(async () => (await eventsOf(carol, room, 'left')).length > 0 || (await catchUp(alice, bob), false), 'one of them to be taken out');
    await catchUp(alice, bob, carol);
    const left = (await eventsOf(carol, room, 'left')).map(({ by }) => by.name);
    expect(left).toHaveLength(1);
    const [stayed] = [alice, bob].filter(({ name }) => name !== left[0]);
    await until(async () => (await roomAs(stayed as TestPerson, room)).active, 'the room to be there again for whoever stays');
    await worksOn([stayed as TestPerson, carol], room);
  });

  it('a past room can be taken off the device, and somebody can be added to it anew', async () => {
    const room = await roomOf([alice, dave]);
    await alice.say(room, 'nothing of this is to stay');
    await dave.session.catchUp();
    await expect(dave.session.forgetRoom(room)).rejects.toMatchObject({ code: 'room-active' });
    await alice.remove(room, 'dave');
    await dave.session.catchUp();
    await dave.session.forgetRoom(room);
    expect(await namedIn(dave, room), 'entries that name the room').toEqual([]);
    expect((await dave.session.rooms()).map(({ id }) => id)).not.toContain(room);
    await dave.restart();
    expect((await dave.session.rooms()).map(({ id }) => id)).not.toContain(room);
    // Added once more, it is a room like a new one.
    await alice.add(room, 'dave');
    expect(await dave.texts(room)).toEqual([]);
    await worksOn([alice, dave], room);
  });
});

describe('how somebody looks in a room', () => {
  const picture = (fill: number) => {
    const bytes = new Uint8Array(64).fill(fill);
    bytes.set(new TextEncoder().encode('RIFF1234WEBP'));
    return bytes;
  };
  const seenBy = async (person: TestPerson, room: RoomId, id: string) =>
    (await person.session.members(room)).find((member) => member.id === id);

  it('is seen there and nowhere else, by those who are there and those who come; one name for two shows the fingerprint', async () => {
    const room = await roomOf([alice, bob]);
    const bobsId = await idOf(alice, 'bob');
    await bob.session.setProfile(room, { name: 'Treasurer', colour: 7, picture: picture(1) });
    await until(async () => (await catchUp(alice), (await seenBy(alice, room, bobsId))?.name === 'Treasurer'), 'alice to see it');
    const seen = await seenBy(alice, room, bobsId);
    expect(seen).toMatchObject({ name: 'Treasurer', colour: 7, ambiguous: false, picture: { room } });
    expect(await alice.session.picture(room, bobsId)).toEqual(picture(1));
    expect((await alice.seen('bob')).name).toBe('bob');
    await bob.say(room, 'the box is counted');
    expect((await alice.timeline(room)).at(-1)).toMatchObject({ sender: { name: 'Treasurer', colour: 7 } });

    await alice.add(room, 'carol');
    await until(async () => (await catchUp(alice, carol), (await seenBy(carol, room, bobsId))?.name === 'Treasurer'), 'carol to be told');
    expect(await carol.session.picture(room, bobsId)).toEqual(picture(1));

    // Somebody who takes another's name is told apart, whichever of the two names it is.
    await carol.session.setProfile(room, { name: 'treasurer' });
    await until(async () => (await catchUp(alice), (await seenBy(alice, room, bobsId))?.ambiguous === true), 'the names to be told apart');
    await carol.session.setProfile(room, { name: 'alice' });
    const carolsId = await idOf(alice, 'carol');
    await until(async () => (await catchUp(bob), (await seenBy(bob, room, carolsId))?.name === 'alice'), 'bob to see it');
    expect((await bob.session.members(room)).filter(({ ambiguous }) => ambiguous).map(({ fingerprint }) => fingerprint)).toHaveLength(2);

    await bob.session.setProfile(room, { name: '', colour: 0, picture: null });
    await until(async () => (await catchUp(alice), (await seenBy(alice, room, bobsId))?.name === 'bob'), 'it to be taken back');
    expect(await alice.session.picture(room, bobsId)).toBeUndefined();
    await expect(bob.session.setProfile(room, { picture: new TextEncoder().encode('<svg onload="x"></svg>') })).rejects.toMatchObject({ code: 'bad-picture' });
  });
});
