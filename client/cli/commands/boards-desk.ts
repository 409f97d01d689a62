/** The coordinators' side of a board: what waits, who reads, what was answered, and bots. */
import { changeAnnouncement, proposalWords } from '../boards/announcing.ts';
import { announcementMeant, botOf, deskMeant, known, readerMeant, readUntil, waitingMeant, writingMeant } from '../boards/meaning.ts';
import { textLines, titleOf, totalsLines } from '../boards/showing.ts';
import { textOf } from '../boards/text-files.ts';
import type { Command, Context } from '../command.ts';
import { SessionFailure, type ReaderRequest } from '#core/session/api.ts';
import { findPerson, nameOf } from '../find.ts';
import { plainLine } from '../output.ts';

export const boardWaiting: Command = {
  words: ['board', 'waiting'],
  places: ['BOARD'],
  flags: [],
  help: 'Show what is signed and waits for another signature, or for its time.',
  needs: 'open',
  async run(context) {
    const { session, out } = context;
    const board = await deskMeant(context);
    const proposals = await session.proposals(board.id);
    for (const { id, what, of, text, note, by, signedBy, missing, publishAt, maySign, late } of proposals) {
      const before = of === undefined ? undefined : await known(session, board.id, of);
      const about = [...(before === undefined ? [] : [titleOf(before)]), ...(text === undefined ? [] : [titleOf(text)]), ...(note === '' ? [] : [plainLine(note)])].join('; ');
      out.say({ id, what, ...(of !== undefined && { of }), note, by: nameOf(by), signedBy: signedBy.map(nameOf), missing, publishAt, maySign, late, ...(text && { title: text.wordings[0]?.title ?? '', text: textOf(text) }) },
        `${id.slice(0, 8)}  ${what}: ${about}  (${plainLine(nameOf(by))})  ${proposalWords({ missing, publishAt, late })}${maySign ? ' You may sign it.' : ''}`);
      const lines = text === undefined ? [] : textLines(text);
      if (lines.length > 0) out.tell(lines.join('\n'));
    }
    if (proposals.length === 0) out.tell('Nothing is waiting.');
  },
};

export const signProposal: Command = {
  words: ['board', 'sign'],
  places: ['BOARD', 'ID'],
  flags: [],
  help: 'Put your signature under what another coordinator proposed. With enough of them it goes out, at its time.',
  needs: 'open',
  async run(context) {
    const { session, out, places: [, typed = ''] } = context;
    const board = await writingMeant(context);
    const { id } = waitingMeant(await session.proposals(board.id), typed);
    await session.sign(board.id, id);
    const missing = (await session.proposals(board.id)).find((one) => one.id === id)?.missing ?? 0;
    out.say({ signed: id, missing }, missing === 0 ? 'Signed. It goes out at its time.' : `Signed; ${missing} more to go.`);
  },
};

export const cancelProposal: Command = {
  words: ['board', 'cancel'],
  places: ['BOARD', 'ID'],
  flags: [],
  help: 'Take back what waits and has your signature, before it has left.',
  needs: 'open',
  async run(context) {
    const { session, out, places: [, typed = ''] } = context;
    const board = await deskMeant(context);
    const { id } = waitingMeant(await session.proposals(board.id), typed);
    await session.cancelProposal(board.id, id);
    out.say({ cancelled: id }, 'Taken back.');
  },
};

export const readerRequests: Command = {
  words: ['board', 'requests'],
  places: ['BOARD'],
  flags: [],
  help: 'Show who asks to read a board where a coordinator decides.',
  needs: 'open',
  async run(context) {
    const { session, out } = context;
    const board = await deskMeant(context);
    const asking = await session.readerRequests(board.id);
    for (const { member, name, fingerprint, at } of asking) out.say({ member, name, fingerprint, at }, `${fingerprint}  ${plainLine(name)}`);
    if (asking.length === 0) out.tell('Nobody is asking.');
  },
};

async function requestMeant(context: Context): Promise<{ board: string; request: ReaderRequest }> {
  const board = await deskMeant(context);
  const asking = (await context.session.readerRequests(board.id)).map((request) => ({ ...request, id: request.member }));
  return { board: board.id, request: findPerson(asking, context.places[1] ?? '') };
}

export const admitReader: Command = {
  words: ['board', 'admit'],
  places: ['BOARD', 'MEMBER'],
  flags: [],
  help: 'Let somebody read a board who asks to.',
  needs: 'open',
  async run(context) {
    const { board, request: { member, name } } = await requestMeant(context);
    await context.session.admitReader(board, member);
    context.out.say({ admitted: true, member, name }, `${plainLine(name)} reads it from now on.`);
  },
};

export const refuseReader: Command = {
  words: ['board', 'refuse'],
  places: ['BOARD', 'MEMBER'],
  flags: [],
  help: 'Do not let somebody read a board who asks to.',
  needs: 'open',
  async run(context) {
    const { board, request: { member, name } } = await requestMeant(context);
    await context.session.refuseReader(board, member);
    context.out.say({ refused: true, member, name }, `${plainLine(name)} does not read it.`);
  },
};

export const findReaders: Command = {
  words: ['board', 'readers'],
  places: ['BOARD', 'NAME'],
  flags: [],
  help: 'Find readers with NAME in their name, among the people this device knows. There is no list of all.',
  needs: 'open',
  async run(context) {
    const { session, out, places: [, typed = ''] } = context;
    const board = await deskMeant(context);
    const readers = await session.findReaders(board.id, typed);
    for (const { id, name, fingerprint } of readers) out.say({ id, name, fingerprint }, `${fingerprint}  ${plainLine(name)}`);
    if (readers.length === 0) out.tell('Nobody this device knows by that name reads it.');
  },
};

export const removeReaders: Command = {
  words: ['board', 'remove'],
  places: ['BOARD', 'MEMBER…'],
  flags: [],
  help: 'Take readers out, together: what is announced from then on they cannot read. Every reader\'s device downloads one record for it.',
  needs: 'open',
  async run(context) {
    const { session, out, places: [, ...typed] } = context;
    const board = await deskMeant(context);
    const people = [];
    for (const one of typed) people.push(await readerMeant(session, board.id, one));
    if (people.some(({ isMe }) => isMe)) throw new SessionFailure('not-allowed');
    await session.removeReaders(board.id, people.map(({ id }) => id));
    for (const person of people) out.say({ removed: true, member: person.id, name: person.name }, `${plainLine(nameOf(person))} reads ${plainLine(board.name)} no longer.`);
  },
};

export const tallyAnswers: Command = {
  words: ['board', 'tally'],
  places: ['BOARD', 'ID'],
  flags: [],
  help: 'Count what was answered to an announcement, on this device.',
  needs: 'open',
  async run(context) {
    const { session, out } = context;
    const board = await deskMeant(context);
    const one = await announcementMeant(context, board.id);
    const totals = await session.tally(board.id, one.id);
    const lines = totalsLines(totals, one);
    out.say({ id: one.id, ...totals }, lines.length === 0 ? 'It asks nothing.' : lines.join('\n'));
  },
};

export const namedAnswers: Command = {
  words: ['board', 'answers'],
  places: ['BOARD', 'ID'],
  flags: [],
  help: 'Show the answers of those who wanted the coordinators to know their name. Choices and shifts are counted from 1.',
  needs: 'open',
  async run(context) {
    const { session, out } = context;
    const board = await deskMeant(context);
    const one = await announcementMeant(context, board.id);
    const answers = await session.namedAnswers(board.id, one.id);
    for (const { name, coming, votes, shifts } of answers) {
      const said = [...(coming === undefined ? [] : [`coming: ${coming}`]), ...votes.map((vote) => `choice ${vote + 1}`), ...shifts.map((shift) => `shift ${shift + 1}`)];
      out.say({ name, ...(coming && { coming }), votes, shifts }, `${plainLine(name)}: ${said.join(', ') || 'read'}`);
    }
    if (answers.length === 0) out.tell('Nobody gave a name.');
  },
};

export const postTotals: Command = {
  words: ['board', 'totals'],
  places: ['BOARD', 'ID'],
  flags: [],
  help: 'Let all readers see the numbers of what was answered. They see numbers and nothing else.',
  needs: 'open',
  async run(context) {
    const { session } = context;
    const board = await writingMeant(context);
    const one = await announcementMeant(context, board.id);
    const numbers = JSON.stringify(await session.tally(board.id, one.id));
    await changeAnnouncement(context, board, one, {
      act: () => session.postTotals(board.id, one.id), shows: ({ totals }) => JSON.stringify(totals) === numbers || JSON.stringify(totals) !== JSON.stringify(one.totals), done: 'The readers see the numbers.',
    });
  },
};

export const boardBots: Command = {
  words: ['board', 'bots'],
  places: ['BOARD'],
  flags: [],
  help: 'Show the bots of a board, as the hub\'s bulletin lists them.',
  needs: 'open',
  async run(context) {
    const { session, out } = context;
    const board = await deskMeant(context);
    const people = new Map((await session.people()).map((person) => [person.id, nameOf(person)]));
    const bots = await session.bots(board.id);
    for (const { name, member } of bots) out.say({ name, member }, `${plainLine(name)}  (${plainLine(people.get(member) ?? member.slice(0, 8))})`);
    if (bots.length === 0) out.tell('There is no bot.');
  },
};

export const boardBot: Command = {
  words: ['board', 'bot'],
  places: ['BOARD', '[NAME]'],
  flags: ['off'],
  help: 'Make this profile a bot of a board, under NAME: it announces as that and does nothing else there. --off takes it back. It counts when the device of the steward who made the board has put it into the bulletin.',
  needs: 'open',
  async run(context) {
    const { session, out, places: [, typed], flags: { off } } = context;
    const board = await deskMeant(context);
    if (typed === undefined && off !== true) {
      const name = await botOf(session, board.id);
      out.say({ id: board.id, bot: name ?? null }, name === undefined ? 'This profile is no bot of this board.' : `This profile is the bot ${plainLine(name)}.`);
      return;
    }
    const name = off === true ? undefined : typed;
    await session.setBot(board.id, name);
    // The keeper's own device does it at once; another one's has to be there first.
    if (board.desk.keepsEntry) await readUntil(context, async () => (await botOf(session, board.id)) === name);
    const listed = (await botOf(session, board.id)) === name;
    out.say({ id: board.id, bot: name ?? null, listed }, `${name === undefined ? 'This profile is to be a bot no longer' : `This profile is to be the bot ${plainLine(name)}`}${listed ? ', and the bulletin says so.' : '; the steward\'s device has to put it into the bulletin.'}`);
  },
};
