/** Rooms and who is in them. */
import type { Command } from '../command.ts';
import { findPerson, findRoom, nameOf } from '../find.ts';
import { plainLine } from '../output.ts';

export const rooms: Command = {
  words: ['rooms'],
  places: [],
  flags: [],
  help: 'Show your rooms.',
  needs: 'open',
  async run({ session, out }) {
    const all = await session.rooms();
    for (const { id, name, people, unread, admin, active } of all) {
      const facts = [people === 1 ? '1 person' : `${people} people`, ...(unread > 0 ? [`${unread} unread`] : []), ...(active ? [] : ['past'])];
      out.say({ id, name, people, unread, admin, active }, `${id.slice(0, 8)}  ${plainLine(name)}  (${facts.join(', ')})`);
    }
    if (all.length === 0) out.tell('You are in no room yet. Make one: thicket room create NAME');
  },
};

export const members: Command = {
  words: ['members'],
  places: ['ROOM'],
  flags: [],
  help: 'Show who is in a room.',
  needs: 'open',
  async run({ session, out, places: [typed = ''] }) {
    const room = findRoom(await session.rooms(), typed);
    for (const { id, name, fingerprint, admin, role, isMe } of await session.members(room.id)) {
      const facts = [...(isMe ? ['you'] : []), ...(role === 'member' ? [] : [role])];
      out.say({ id, name, fingerprint, admin, role, me: isMe }, `${fingerprint}  ${plainLine(name)}${facts.length > 0 ? `  (${facts.join(', ')})` : ''}`);
    }
  },
};

export const createRoom: Command = {
  words: ['room', 'create'],
  places: ['NAME'],
  flags: ['suite'],
  help: 'Make a room. --suite classical leaves out the post-quantum part, for very large rooms.',
  needs: 'open',
  objection: ({ suite }) => (suite === undefined || suiteOf(suite) !== undefined ? undefined : '--suite is xwing or classical.'),
  async run({ session, out, places: [name = ''], flags: { suite } }) {
    const chosen = suite === undefined ? undefined : suiteOf(suite);
    const id = await session.createRoom(name, chosen === undefined ? {} : { suite: chosen });
    out.say({ id, name }, `The room “${plainLine(name)}” is there (${id.slice(0, 8)}). Add people: thicket room add ROOM MEMBER`);
  },
};

const suiteOf = (typed: string): 'xwing' | 'classical' | undefined => (typed === 'xwing' || typed === 'classical' ? typed : undefined);

export const addMember: Command = {
  words: ['room', 'add'],
  places: ['ROOM', 'MEMBER'],
  flags: [],
  help: 'Add somebody to a room.',
  needs: 'open',
  async run({ session, out, places: [typedRoom = '', typedMember = ''] }) {
    const room = findRoom(await session.rooms(), typedRoom);
    const person = findPerson(await session.people(), typedMember);
    await session.addMember(room.id, person.id);
    out.say({ added: true, room: room.id, member: person.id, name: person.name }, `${plainLine(nameOf(person))} is in ${plainLine(room.name)}.`);
  },
};

export const removeMember: Command = {
  words: ['room', 'remove'],
  places: ['ROOM', 'MEMBER'],
  flags: [],
  help: 'Remove somebody from a room. What comes after, they cannot read.',
  needs: 'open',
  async run({ session, out, places: [typedRoom = '', typedMember = ''] }) {
    const room = findRoom(await session.rooms(), typedRoom);
    const person = findPerson(await session.members(room.id), typedMember);
    await session.removeMember(room.id, person.id);
    out.say({ removed: true, room: room.id, member: person.id, name: person.name },
      `${plainLine(nameOf(person))} is not in ${plainLine(room.name)} any more.`);
  },
};
