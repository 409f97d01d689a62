/** Announcing, and what is said of an announcement later. For coordinators. */
import { changeAnnouncement, reportAnnounced } from '../boards/announcing.ts';
import { composed, saysSomething, TEXT_FLAGS, textObjection, timeOf } from '../boards/composing.ts';
import { announcementMeant, announcingMeant, deskMeant, writingMeant } from '../boards/meaning.ts';
import { textLines, titleOf } from '../boards/showing.ts';
import { textOf } from '../boards/text-files.ts';
import type { Command } from '../command.ts';
import { CliFailure } from '../failure.ts';
import { findAnnouncement, nameOf } from '../find.ts';
import { plainLine } from '../output.ts';

const TEXT_HELP = '--body - takes the body from standard input. --from FILE has all of it as JSON, also in several languages. A TIME is 2h or 3d from now, 2026-05-01T18:00, or the same with Z or +02:00; '
  + 'those of an event are on the clock of --zone. A --shift is NAME or NAME:HOW-MANY.';

export const announce: Command = {
  words: ['board', 'announce'],
  places: ['BOARD'],
  flags: [...TEXT_FLAGS, 'at', 'draft', 'bot'],
  help: `Announce something, and wait until it is in the log; or, with --at TIME or where two sign, until it waits for that. ${TEXT_HELP} --draft ID announces a draft, with --title or --from in other words. `
    + '--at: a coordinator\'s device that is there then sends it; if none is, the first that comes back does, late. A profile that is a bot announces under that name.',
  needs: 'open',
  objection: (flags) => textObjection(flags) ?? (saysSomething(flags) || flags.draft !== undefined ? undefined : '--title is missing.'),
  async run(context) {
    const { session, flags } = context;
    const { board, bot } = await announcingMeant(context);
    if (flags.bot === true && bot === undefined) throw new CliFailure('no-bot');
    const draft = flags.draft === undefined ? undefined : findAnnouncement(await session.boardDrafts(board.id), flags.draft);
    const publishAt = flags.at === undefined ? undefined : timeOf('at', flags.at);
    const text = draft !== undefined && !saysSomething(flags) ? draft.text : await composed(context, board.id);
    const id = await session.announce(board.id, text, { ...(draft && { draft: draft.id }), ...(publishAt !== undefined && { publishAt }), ...(bot !== undefined && { bot: true }) });
    await reportAnnounced(context, board, id);
  },
};

export const correct: Command = {
  words: ['board', 'correct'],
  places: ['BOARD', 'ID'],
  flags: [...TEXT_FLAGS, 'note'],
  required: ['note'],
  help: `Put another text in the place of an announcement, whole. Readers see that it was corrected, the --note, and what stood there. ${TEXT_HELP}`,
  needs: 'open',
  objection: (flags) => textObjection(flags) ?? (saysSomething(flags) ? undefined : '--title is missing.'),
  async run(context) {
    const { session, flags: { note = '' } } = context;
    const board = await writingMeant(context);
    const one = await announcementMeant(context, board.id);
    const text = await composed(context, board.id);
    await changeAnnouncement(context, board, one, {
      act: () => session.correct(board.id, one.id, text, note), shows: ({ corrected }) => JSON.stringify(corrected) !== JSON.stringify(one.corrected), done: 'Corrected. What stood there before can be looked at.',
    });
  },
};

export const withdraw: Command = {
  words: ['board', 'withdraw'],
  places: ['BOARD', 'ID'],
  flags: ['note'],
  help: 'Withdraw an announcement. A line stays that says so, with the --note.',
  needs: 'open',
  async run(context) {
    const { session, flags: { note = '' } } = context;
    const board = await writingMeant(context);
    const one = await announcementMeant(context, board.id);
    await changeAnnouncement(context, board, one, {
      act: () => session.withdrawAnnouncement(board.id, one.id, note), shows: ({ withdrawn }) => withdrawn !== undefined, done: 'Withdrawn. Who has read it has read it.',
    });
  },
};

export const pinAnnouncement: Command = {
  words: ['board', 'pin'],
  places: ['BOARD', 'ID', 'on|off'],
  flags: [],
  help: 'Keep an announcement at the top of its board, or no longer.',
  needs: 'open',
  async run(context) {
    const { session, places: [, , typed] } = context;
    if (typed !== 'on' && typed !== 'off') throw new CliFailure('usage', 'Say on or off.');
    const on = typed === 'on';
    const board = await writingMeant(context);
    const one = await announcementMeant(context, board.id);
    await changeAnnouncement(context, board, one, { act: () => session.pinAnnouncement(board.id, one.id, on), shows: ({ pinned }) => pinned === on, done: on ? 'Pinned.' : 'No longer pinned.' });
  },
};

export const boardDrafts: Command = {
  words: ['board', 'drafts'],
  places: ['BOARD'],
  flags: [],
  help: 'Show what the coordinators of a board have begun to write.',
  needs: 'open',
  async run(context) {
    const { session, out } = context;
    const board = await deskMeant(context);
    const drafts = await session.boardDrafts(board.id);
    for (const { id, text, by, at } of drafts) out.say({ id, by: nameOf(by), at, title: text.wordings[0]?.title ?? '', text: textOf(text) }, [`${id.slice(0, 8)}  ${titleOf(text)}  (${plainLine(nameOf(by))})`, ...textLines(text)].join('\n'));
    if (drafts.length === 0) out.tell('There is no draft.');
  },
};

export const draftAnnouncement: Command = {
  words: ['board', 'draft'],
  places: ['BOARD'],
  flags: [...TEXT_FLAGS, 'draft'],
  help: `Keep a draft that all coordinators of the board see; --draft ID puts it in the place of that one. ${TEXT_HELP}`,
  needs: 'open',
  objection: (flags) => textObjection(flags) ?? (saysSomething(flags) ? undefined : '--title is missing.'),
  async run(context) {
    const { session, out, flags } = context;
    const board = await deskMeant(context);
    const before = flags.draft === undefined ? undefined : findAnnouncement(await session.boardDrafts(board.id), flags.draft);
    const text = await composed(context, board.id);
    const id = await (before === undefined ? session.saveBoardDraft(board.id, text) : session.saveBoardDraft(board.id, text, before.id));
    out.say({ id }, `Kept (${id.slice(0, 8)}). Announce it: thicket board announce BOARD --draft ${id.slice(0, 8)}`);
  },
};

export const discardDraft: Command = {
  words: ['board', 'discard'],
  places: ['BOARD', 'ID'],
  flags: [],
  help: 'Throw a draft away.',
  needs: 'open',
  async run(context) {
    const { session, out, places: [, typed = ''] } = context;
    const board = await deskMeant(context);
    const { id } = findAnnouncement(await session.boardDrafts(board.id), typed);
    await session.saveBoardDraft(board.id, undefined, id);
    out.say({ discarded: id }, 'Thrown away.');
  },
};
