/** The safety phrase: six words that two people see alike as long as both are shown the same devices. */
import { wordsSaid } from '#core/domain/phrase.ts';
import type { MemberId, RoomId } from '#core/session/api.ts';
import type { Command, Context } from '../command.ts';
import { findPerson, findRoom } from '../find.ts';
import { plainLine } from '../output.ts';

const STANDINGS = { no: 'not compared', yes: 'compared', changed: 'a device has come since it was compared' } as const;

export const safety: Command = {
  words: ['safety'],
  places: ['ROOM', 'MEMBER'],
  flags: [],
  help: 'Show the safety phrase with somebody of a room. Compare its six words by voice or in person; they see the same ones.',
  needs: 'open',
  async run(context) {
    const { room, member, name } = await find(context);
    const { words, verified } = await context.session.safetyPhrase(room, member);
    context.out.say({ room, member, name, phrase: words.join(' '), verified }, `${words.join(' ')}  (${STANDINGS[verified]})`);
    if (verified === 'changed') context.out.tell('Somebody else could be reading along under this name. Compare again before you say more.');
  },
};

export const verify: Command = {
  words: ['verify'],
  places: ['ROOM', 'MEMBER'],
  flags: ['phrase'],
  required: ['phrase'],
  help: 'Mark somebody as compared, if the safety phrase they read to you is the one you see.',
  needs: 'open',
  async run(context) {
    const { room, member, name } = await find(context);
    await context.session.setVerified(room, member, wordsSaid(context.flags.phrase ?? ''));
    context.out.say({ verified: true, member, name }, `You and ${plainLine(name)} see the same words.`);
  },
};

export const unverify: Command = {
  words: ['unverify'],
  places: ['ROOM', 'MEMBER'],
  flags: [],
  help: 'Take that back.',
  needs: 'open',
  async run(context) {
    const { room, member, name } = await find(context);
    await context.session.setVerified(room, member, undefined);
    context.out.say({ verified: false, member, name }, `${plainLine(name)} counts as not compared.`);
  },
};

async function find({ session, places: [typedRoom = '', typedMember = ''] }: Context): Promise<{ room: RoomId; member: MemberId; name: string }> {
  const room = findRoom(await session.rooms(), typedRoom);
  const { id, name } = findPerson(await session.members(room.id), typedMember);
  return { room: room.id, member: id, name };
}
