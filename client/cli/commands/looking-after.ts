/** What those who look after a room set, leaving a room, and how one looks in it. */
import type { MayAdd, Role } from '#core/session/api.ts';
import type { Command } from '../command.ts';
import { CliFailure } from '../failure.ts';
import { findPerson, findRoom, nameOf } from '../find.ts';
import { plainLine } from '../output.ts';
import { spanIn, spanText } from '../spans.ts';

const ROLES: readonly Role[] = ['admin', 'moderator', 'member'];
const WHO: readonly MayAdd[] = ['admins', 'moderators', 'everybody'];

/** @throws CliFailure `usage` */
function oneOf<Word extends string>(words: readonly Word[], typed: string): Word {
  const found = words.find((word) => word === typed);
  if (found === undefined) throw new CliFailure('usage');
  return found;
}

/** Seconds; 0 for off. @throws CliFailure `usage` */
function secondsIn(typed: string): number {
  const seconds = typed === 'off' ? 0 : spanIn(typed);
  if (seconds === undefined) throw new CliFailure('usage');
  return seconds;
}

export const roomRole: Command = {
  words: ['room', 'role'],
  places: ['ROOM', 'MEMBER', 'ROLE'],
  flags: [],
  help: 'Make somebody admin, moderator or member of a room. For its admins.',
  needs: 'open',
  async run({ session, out, places: [typedRoom = '', typedMember = '', typedRole = ''] }) {
    const role = oneOf(ROLES, typedRole);
    const room = findRoom(await session.rooms(), typedRoom);
    const person = findPerson(await session.members(room.id), typedMember);
    await session.setRole(room.id, person.id, role);
    out.say({ room: room.id, member: person.id, role }, `${plainLine(nameOf(person))} is ${role} of ${plainLine(room.name)}.`);
  },
};

export const roomAnnounce: Command = {
  words: ['room', 'announce'],
  places: ['ROOM', 'ON-OR-OFF'],
  flags: [],
  help: 'Let only admins and moderators write in a room (on), or everybody (off). For its admins.',
  needs: 'open',
  async run({ session, out, places: [typed = '', onOrOff = ''] }) {
    const announcementOnly = oneOf(['on', 'off'], onOrOff) === 'on';
    const room = findRoom(await session.rooms(), typed);
    await session.setAnnouncementOnly(room.id, announcementOnly);
    out.say({ room: room.id, announcementOnly }, announcementOnly ? `Only admins and moderators write in ${plainLine(room.name)}.` : `Everybody writes in ${plainLine(room.name)}.`);
  },
};

export const roomMayAdd: Command = {
  words: ['room', 'may-add'],
  places: ['ROOM', 'WHO'],
  flags: [],
  help: 'Say who adds people to a room: admins, moderators (and admins) or everybody. For its admins.',
  needs: 'open',
  async run({ session, out, places: [typed = '', typedWho = ''] }) {
    const who = oneOf(WHO, typedWho);
    const room = findRoom(await session.rooms(), typed);
    await session.setMayAdd(room.id, who);
    out.say({ room: room.id, mayAdd: who }, `People are added to ${plainLine(room.name)} by: ${who}.`);
  },
};

export const roomRename: Command = {
  words: ['room', 'rename'],
  places: ['ROOM', 'NAME'],
  flags: [],
  help: 'Give a room another name. For its admins.',
  needs: 'open',
  async run({ session, out, places: [typed = '', name = ''] }) {
    const room = findRoom(await session.rooms(), typed);
    await session.renameRoom(room.id, name);
    out.say({ room: room.id, name }, `The room is called “${plainLine(name)}” now.`);
  },
};

export const roomVanish: Command = {
  words: ['room', 'vanish'],
  places: ['ROOM', 'TIME'],
  flags: [],
  help: 'Let new messages of a room vanish so long after they were sent: 30m, 8h, 1d, 4w; off lets them stay. For its admins.',
  needs: 'open',
  async run({ session, out, places: [typed = '', time = ''] }) {
    const seconds = secondsIn(time);
    const room = findRoom(await session.rooms(), typed);
    await session.setVanishing(room.id, seconds);
    out.say({ room: room.id, vanishAfter: seconds }, seconds === 0 ? `New messages stay in ${plainLine(room.name)}.` : `New messages vanish from ${plainLine(room.name)} after ${spanText(seconds)}.`);
  },
};

export const roomLeave: Command = {
  words: ['room', 'leave'],
  places: ['ROOM'],
  flags: [],
  help: 'Leave a room. What was read stays; nothing newer is seen.',
  needs: 'open',
  async run({ session, out, places: [typed = ''] }) {
    const room = findRoom(await session.rooms(), typed);
    await session.leaveRoom(room.id);
    out.say({ left: true, room: room.id }, `You left ${plainLine(room.name)}.`);
  },
};

export const roomForget: Command = {
  words: ['room', 'forget'],
  places: ['ROOM'],
  flags: [],
  help: 'Delete a past room, with everything that was said in it, from this device.',
  needs: 'open',
  async run({ session, out, places: [typed = ''] }) {
    const room = findRoom(await session.rooms(), typed);
    await session.forgetRoom(room.id);
    out.say({ forgotten: true, room: room.id }, `${plainLine(room.name)} is gone from this device.`);
  },
};

export const roomNickname: Command = {
  words: ['room', 'nickname'],
  places: ['ROOM', 'NAME'],
  flags: [],
  help: 'Go by another name in one room; an empty one takes it back.',
  needs: 'open',
  async run({ session, out, places: [typed = '', name = ''] }) {
    const room = findRoom(await session.rooms(), typed);
    await session.setProfile(room.id, { ...(await session.look(room.id)), picture: undefined, name });
    out.say({ room: room.id, name }, name === '' ? `You go by your own name in ${plainLine(room.name)}.` : `You are called “${plainLine(name)}” in ${plainLine(room.name)}.`);
  },
};

export const longestKeep: Command = {
  words: ['longest-keep'],
  places: ['TIME'],
  flags: [],
  help: 'In no room of the hub do messages stay longer than this: 8h, 1d, 4w; off leaves it to each room. For stewards.',
  needs: 'open',
  async run({ session, out, places: [time = ''] }) {
    const seconds = secondsIn(time);
    await session.setLongestKeep(seconds);
    out.say({ longestKeep: seconds }, seconds === 0 ? 'Each room says how long messages stay.' : `No message stays longer than ${spanText(seconds)}, as soon as the others have heard of it.`);
  },
};
