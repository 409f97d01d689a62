/** Saying something about a message: an answer, a reaction, a change. Each leaves with this command, or with a later one. */
import type { MessageItem, MessagePlace, RoomSummary } from '#core/session/api.ts';
import type { Command, Context } from '../command.ts';
import { CliFailure } from '../failure.ts';
import { findMessage, findRoom } from '../find.ts';
import { plainLine } from '../output.ts';

interface Meant {
  readonly room: RoomSummary;
  readonly item: MessageItem;
  readonly place: MessagePlace;
}

/** The room and the message of the first two places; `--thread` says under which message it stands. */
async function meant({ session, places: [typed = '', which = ''], flags }: Context): Promise<Meant> {
  const room = findRoom(await session.rooms(), typed);
  const root = flags.thread === undefined ? undefined : findMessage(await session.timelineSince(room.id, 0), flags.thread).place;
  const item = findMessage(await session.timelineSince(room.id, 0, root), which);
  return { room, item, place: item.place };
}

function onOrOff(typed: string | undefined): boolean {
  if (typed !== 'on' && typed !== 'off') throw new CliFailure('usage', 'Say on or off.');
  return typed === 'on';
}

async function answer(context: Context, text: string, of: 'replyTo' | 'thread'): Promise<void> {
  const { session, out } = context;
  const { room, place } = await meant(context);
  const outgoing = of === 'thread' ? { text, thread: place } : { text, replyTo: place, ...(place.thread && { thread: place.thread }) };
  const id = await session.send(room.id, outgoing);
  const { seq } = await session.delivered(room.id, id);
  out.say({ id, seq }, `Sent (${seq}).`);
}

export const reply: Command = {
  words: ['reply'],
  places: ['ROOM', 'MESSAGE', 'WORDS'],
  flags: ['thread'],
  help: 'Answer a message, and wait until the relay has it.',
  needs: 'open',
  run: (context) => answer(context, context.places[2] ?? '', 'replyTo'),
};

export const thread: Command = {
  words: ['thread'],
  places: ['ROOM', 'MESSAGE', 'WORDS'],
  flags: [],
  help: 'Write in the thread under a message, and wait until the relay has it. Read it with: thicket read ROOM --thread MESSAGE',
  needs: 'open',
  run: (context) => answer(context, context.places[2] ?? '', 'thread'),
};

export const react: Command = {
  words: ['react'],
  places: ['ROOM', 'MESSAGE', 'EMOJI', 'on|off'],
  flags: ['thread'],
  help: 'Put an emoji to a message, or take it back.',
  needs: 'open',
  async run(context) {
    const { session, out, places: [, , emoji = '', typed] } = context;
    const on = onOrOff(typed);
    const { room, item, place } = await meant(context);
    await session.react(room.id, place, emoji, on);
    out.say({ id: item.id, emoji, on }, on ? `${plainLine(emoji)} is on it.` : `${plainLine(emoji)} is off it.`);
  },
};

export const edit: Command = {
  words: ['edit'],
  places: ['ROOM', 'MESSAGE', 'WORDS'],
  flags: ['thread'],
  help: 'Change a message of yours. The text before stays to be seen.',
  needs: 'open',
  async run(context) {
    const { room, item, place } = await meant(context);
    await context.session.edit(room.id, place, { text: context.places[2] ?? '' });
    context.out.say({ edited: item.id }, 'Changed.');
  },
};

export const deleteMessage: Command = {
  words: ['delete'],
  places: ['ROOM', 'MESSAGE'],
  flags: ['thread'],
  help: 'Delete a message for everybody: your own, or, where you look after the room, anybody\'s.',
  needs: 'open',
  async run(context) {
    const { room, item, place } = await meant(context);
    await context.session.deleteMessage(room.id, place);
    context.out.say({ deleted: item.id }, 'Deleted for everybody. Who has read it has read it.');
  },
};

export const pin: Command = {
  words: ['pin'],
  places: ['ROOM', 'MESSAGE', 'on|off'],
  flags: ['thread'],
  help: 'Pin a message for everybody in the room, or take the pin off.',
  needs: 'open',
  async run(context) {
    const on = onOrOff(context.places[2]);
    const { room, item, place } = await meant(context);
    await context.session.pin(room.id, place, on);
    context.out.say({ id: item.id, pinned: on }, on ? 'Pinned.' : 'No longer pinned.');
  },
};
