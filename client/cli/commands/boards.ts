/** Boards: which there are, making one, and coming to read it. */
import type { BoardSummary } from '#core/session/api.ts';
import { boardMeant, readUntil } from '../boards/meaning.ts';
import type { Command } from '../command.ts';
import { CliFailure } from '../failure.ts';
import { plainLine } from '../output.ts';

const READING = { no: 'not subscribed', asked: 'asked to read it', yes: 'subscribed', refused: 'refused', removed: 'removed' } as const;

function summaryLine({ id, name, reading, unread, joining, listed, closed, desk }: BoardSummary): string {
  const facts = [
    READING[reading], ...(unread > 0 ? [`${unread} unread`] : []), ...(joining === 'approved' ? ['a coordinator lets readers in'] : []), ...(listed ? [] : ['not listed']), ...(closed ? ['closed'] : []),
    ...(desk === undefined ? [] : [`yours to coordinate: ${desk.readers} read it${desk.asking > 0 ? `, ${desk.asking} ask to` : ''}${desk.waiting > 0 ? `, ${desk.waiting} waiting` : ''}${desk.mayAnnounce ? '' : ', not named in the bulletin yet'}`]),
  ];
  return `${id.slice(0, 8)}  ${plainLine(name === '' ? '(no name yet)' : name)}  (${facts.join(', ')})`;
}

export const boards: Command = {
  words: ['boards'],
  places: [],
  flags: [],
  help: 'Show the boards of the hub: those you read or coordinate, and those it lists.',
  needs: 'open',
  async run({ session, out }) {
    const all = await session.boards();
    for (const board of all) {
      const { id, name, reading, unread, joining, listed, signatures, closed, urgentAnytime, desk } = board;
      out.say({ id, name, reading, unread, joining, listed, signatures, closed, urgentAnytime, ...(desk && { desk }) }, summaryLine(board));
    }
    if (all.length === 0) out.tell('This hub lists no board.');
  },
};

export const createBoard: Command = {
  words: ['board', 'create'],
  places: ['NAME'],
  flags: ['unlisted', 'approval', 'two'],
  help: 'Make a board, and its desk: the room of its coordinators, to which you add people with `thicket room add`. --unlisted: only those with its link know of it; --approval: a coordinator lets every reader in; --two: two coordinators sign what is announced. For stewards.',
  needs: 'open',
  async run({ session, out, places: [name = ''], flags: { unlisted, approval, two } }) {
    const id = await session.createBoard(name, { listed: unlisted !== true, joining: approval === true ? 'approved' : 'open', signatures: two === true ? 2 : 1 });
    const desk = (await session.boards()).find((board) => board.id === id)?.desk?.room;
    out.say({ id, name, desk }, `The board “${plainLine(name)}” is there (${id.slice(0, 8)}); its coordinators meet in the room ${desk?.slice(0, 8) ?? 'of its name'}. Announce: thicket board announce BOARD --title …`);
  },
};

export const closeBoard: Command = {
  words: ['board', 'close'],
  places: ['BOARD'],
  flags: [],
  help: 'Close a board for good: nothing is announced on it any more, and what was stays to be read. For stewards.',
  needs: 'open',
  async run(context) {
    const { session, out } = context;
    const { id, name } = await boardMeant(context);
    await session.closeBoard(id);
    out.say({ closed: true, id, name }, `${plainLine(name)} is closed.`);
  },
};

export const boardLink: Command = {
  words: ['board', 'link'],
  places: ['BOARD'],
  flags: [],
  help: 'Show the link of a board, for people of this hub.',
  needs: 'open',
  async run(context) {
    const { id } = await boardMeant(context);
    const link = await context.session.boardLink(id);
    context.out.say({ id, link }, link);
  },
};

export const openBoard: Command = {
  words: ['board', 'open'],
  places: ['LINK'],
  flags: [],
  help: 'Take up a board by its link. Then: thicket board subscribe BOARD',
  needs: 'open',
  async run({ session, out, places: [link = ''] }) {
    const id = await session.openBoardLink(link);
    const name = (await session.boards()).find((board) => board.id === id)?.name ?? '';
    out.say({ id, name }, `This is the board ${plainLine(name)} (${id.slice(0, 8)}).`);
  },
};

export const subscribeBoard: Command = {
  words: ['board', 'subscribe'],
  places: ['BOARD'],
  flags: ['follow'],
  help: 'Ask to read a board. A coordinator\'s device answers when it is there; with --follow, wait for that. Only the coordinators learn that you read it.',
  needs: 'open',
  stays: (_places, { follow }) => follow === true,
  async run(context) {
    const { session, out, flags } = context;
    const { id, name } = await boardMeant(context);
    const reading = async () => (await session.boards()).find((board) => board.id === id)?.reading ?? 'no';
    await session.subscribeBoard(id);
    if (flags.follow === true) await readUntil(context, async () => (await reading()) !== 'asked');
    const now = await reading();
    out.say({ id, name, reading: now }, now === 'yes' ? `You read ${plainLine(name)}.` : now === 'asked' ? 'Asked. A coordinator\'s device answers when it is there; see `thicket boards`.' : `You do not read ${plainLine(name)}: ${READING[now]}.`);
  },
};

export const leaveBoard: Command = {
  words: ['board', 'leave'],
  places: ['BOARD'],
  flags: [],
  help: 'Read a board no longer. What you have read stays here; the coordinators\' devices forget you.',
  needs: 'open',
  async run(context) {
    const { id, name } = await boardMeant(context);
    await context.session.unsubscribeBoard(id);
    context.out.say({ left: true, id, name }, `You do not read ${plainLine(name)} any more.`);
  },
};

export const urgentBoard: Command = {
  words: ['board', 'urgent'],
  places: ['BOARD', 'on|off'],
  flags: [],
  help: 'Whether urgent announcements of a board may be told in quiet hours.',
  needs: 'open',
  async run(context) {
    const [, typed] = context.places;
    if (typed !== 'on' && typed !== 'off') throw new CliFailure('usage', 'Say on or off.');
    const { id, name } = await boardMeant(context);
    await context.session.setUrgentAnytime(id, typed === 'on');
    context.out.say({ id, urgentAnytime: typed === 'on' }, typed === 'on' ? `What is urgent on ${plainLine(name)} is told at any time.` : `What is urgent on ${plainLine(name)} waits for the end of quiet hours.`);
  },
};
