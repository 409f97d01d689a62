/** Which way posts go, for the hub and for a room, and how much of the log devices read. */
import type { Command } from '../command.ts';
import { CliFailure } from '../failure.ts';
import { findRoom } from '../find.ts';
import { plainLine } from '../output.ts';

export const neighbour: Command = {
  words: ['neighbour'],
  places: ['ADDRESS'],
  flags: [],
  help: 'Send the posts of the whole hub through a neighbour hub, given by its address; none sends them straight again. For stewards.',
  needs: 'open',
  async run({ session, out, places: [typed = ''] }) {
    await session.setNeighbour(typed === 'none' ? undefined : typed);
    const { postsThrough } = await session.overview();
    out.say({ postsThrough: postsThrough ?? null }, postsThrough === undefined
      ? 'Posts go straight to the hub from now on.'
      : `Posts go through ${postsThrough} from now on, as soon as the others have heard of it.`);
  },
};

export const mostShards: Command = {
  words: ['most-shards'],
  places: ['NUMBER'],
  flags: [],
  help: 'Let devices read only some shards where the hub has more than 16 but at most this many (32, 64, 128 or 256); 16 lets them read everything. For stewards.',
  needs: 'open',
  async run({ session, out, places: [typed = ''] }) {
    if (!['16', '32', '64', '128', '256'].includes(typed)) throw new CliFailure('usage');
    await session.setMostShards(Number(typed));
    out.say({ mostShards: Number(typed) }, typed === '16'
      ? 'Every device reads every shard.'
      : `With more than 16 shards and at most ${typed}, devices read some of them from the next change of shards on. That tells the relay more.`);
  },
};

export const roomInfo: Command = {
  words: ['room', 'info'],
  places: ['ROOM'],
  flags: [],
  help: 'Show how a room sends, and which way its posts go.',
  needs: 'open',
  async run({ session, out, places: [typed = ''] }) {
    const { id, name, people, quiet } = findRoom(await session.rooms(), typed);
    const { postsThrough, hubName = '', waitingForNeighbour } = await session.overview();
    const way = postsThrough === undefined
      ? 'Posts go straight to the hub. Whoever runs it could see that your address posts here.'
      : `Posts from this room go through ${postsThrough}. ${plainLine(hubName)} does not see your address, and ${postsThrough} does not see what you post.`;
    const pace = quiet ? 'Messages leave together every 30 seconds, so that timing tells less.' : 'Messages leave when they are written.';
    const waiting = waitingForNeighbour ? ['The neighbour hub does not answer just now; what is queued waits for it.'] : [];
    out.say({ id, name, people, quiet, postsThrough: postsThrough ?? null, waitingForNeighbour },
      [`${plainLine(name)} (${people === 1 ? '1 person' : `${people} people`})`, way, pace, ...waiting].join('\n'));
  },
};

export const quietRoom: Command = {
  words: ['room', 'quiet'],
  places: ['ROOM', 'ON-OR-OFF'],
  flags: [],
  help: 'Let the messages of a room leave together every 30 seconds (on), or each at once (off). For those who look after it.',
  needs: 'open',
  async run({ session, out, places: [typed = '', onOrOff = ''] }) {
    if (onOrOff !== 'on' && onOrOff !== 'off') throw new CliFailure('usage');
    const room = findRoom(await session.rooms(), typed);
    const quiet = onOrOff === 'on';
    await session.setQuiet(room.id, quiet);
    out.say({ room: room.id, quiet }, quiet ? `${plainLine(room.name)} sends quietly from now on.` : `${plainLine(room.name)} sends at once from now on.`);
  },
};
