/** Reading boards, and answering what is announced there. */
import { open } from 'node:fs/promises';
import { SessionFailure, type Announcement, type BoardId, type OwnAnswer } from '#core/session/api.ts';
import { announcementMeant, boardMeant, everything } from '../boards/meaning.ts';
import { announcementBlock, announcementObject } from '../boards/showing.ts';
import { oneOf } from '../boards/strict.ts';
import { textOf } from '../boards/text-files.ts';
import type { Command, Context, Flags } from '../command.ts';
import { CliFailure } from '../failure.ts';
import { plainLine } from '../output.ts';
import { timeText } from '../times.ts';

export const readBoard: Command = {
  words: ['board', 'read'],
  places: ['BOARD'],
  flags: ['unread', 'coming', 'follow'],
  help: 'Show what is announced on a board, the oldest first, and mark it as read. --unread: only what is new; --coming: events that are not over, the next one first; --follow goes on as announcements, corrections and withdrawals come. A coordinator\'s profile that follows, and is no bot, also sends what was announced for later.',
  needs: 'open',
  stays: (_places, { follow }) => follow === true,
  endsCalmly: ({ follow }) => follow === true,
  async run(context) {
    const { id } = await boardMeant(context);
    if (context.flags.follow === true) await follow(context, id);
    else await showNew(context, id, new Map());
  },
};

/** What was shown once comes again only when it changed. */
async function showNew({ session, out, flags: { unread, coming } }: Context, board: BoardId, shown: Map<string, string>): Promise<void> {
  const found = await everything(session, { board, ...(unread === true && { unread }), ...(coming === true && { coming }) });
  for (const one of coming === true ? found : found.sort((a, b) => a.seq - b.seq)) {
    const version = versionOf(one);
    if (shown.get(one.id) === version) continue;
    shown.set(one.id, version);
    out.say(announcementObject(one), announcementBlock(one));
    if (!one.read) await session.markAnnouncementRead(board, one.id);
  }
}

const versionOf = ({ corrected, withdrawn, totals, pinned }: Announcement): string => JSON.stringify([corrected, withdrawn, totals, pinned]);

async function follow(context: Context, board: BoardId): Promise<void> {
  const { session, ending, progress } = context;
  const shown = (progress.shown ??= new Map<string, string>());
  let changed = true;
  let wake: () => void = () => undefined;
  const stop = session.subscribe((event) => {
    if (event.changed !== 'rooms' && event.changed !== 'boards' && !(event.changed === 'announcements' && event.board === board)) return;
    changed = true;
    wake();
  });
  ending.addEventListener('abort', () => (stop(), wake()), { once: true });
  while (!ending.aborted) {
    changed = false;
    await showNew(context, board, shown);
    if (!changed && !ending.aborted) await new Promise<void>((resolve) => (wake = resolve));
  }
}

export const showAnnouncement: Command = {
  words: ['board', 'show'],
  places: ['BOARD', 'ID'],
  flags: [],
  help: 'Show one announcement whole, in every language and with what stood there before corrections. With --json, "text" is what `--from` takes.',
  needs: 'open',
  async run(context) {
    const { session, out } = context;
    const { id: board } = await boardMeant(context);
    const one = await announcementMeant(context, board);
    const versions = one.corrected === undefined ? [] : await session.versionsOf(board, one.id);
    out.say({ ...announcementObject(one), versions: versions.map(({ text, until }) => ({ until, text: textOf(text) })) }, announcementBlock(one));
    for (const { language, title, body } of one.withdrawn === undefined && one.wordings.length > 1 ? one.wordings : []) {
      out.tell([`  ${plainLine(language)}: ${plainLine(title)}`, ...(body === '' ? [] : [`    ${plainLine(body)}`])].join('\n'));
    }
    for (const { text, until } of versions) out.tell(`  Until ${timeText(until)}: ${plainLine(text.wordings[0]?.title ?? '')}`);
    if (!one.read) await session.markAnnouncementRead(board, one.id);
  },
};

/** From 1 on, as people count; `none` takes back what was chosen. */
function chosenIn(flag: 'vote' | 'shift', typed: readonly string[] | undefined, most: number): readonly number[] | undefined {
  if (typed === undefined) return undefined;
  if (typed.length === 1 && typed[0] === 'none') return [];
  return [...new Set(typed)].map((one) => {
    const at = /^\d{1,3}$/.test(one) ? Number(one) : 0;
    if (at < 1 || at > most) throw new CliFailure('usage', most === 0 ? `Nothing here is answered with --${flag}.` : `--${flag} is a number from 1 to ${most}, or none.`);
    return at - 1;
  });
}

function answerIn({ coming, vote, shift, read }: Flags, { event, poll }: Announcement): Partial<Omit<OwnAnswer, 'full'>> {
  const votes = chosenIn('vote', vote, poll?.choices.length ?? 0);
  const shifts = chosenIn('shift', shift, event?.shifts.length ?? 0);
  if (poll?.several === false && (votes?.length ?? 0) > 1) throw new CliFailure('usage', 'Only one choice may be taken here.');
  return {
    ...(read === true && { acknowledged: true }), ...(votes && { votes }), ...(shifts && { shifts }),
    ...(typeof coming === 'string' && { coming: oneOf(coming, ['yes', 'maybe', 'no'], '--coming') }),
  };
}

export const answerAnnouncement: Command = {
  words: ['board', 'answer'],
  places: ['BOARD', 'ID'],
  flags: ['coming', 'vote', 'shift', 'read', 'name'],
  worded: ['coming'],
  help: 'Answer what an announcement asks, sealed to the coordinators: whether you come, choices and shifts by their numbers (none takes them back), --read that you have read it. --name lets the coordinators know who answers; without it nobody does. What is not named stays as you answered it before.',
  needs: 'open',
  objection: ({ coming, vote, shift, read }) => (coming === undefined && vote === undefined && shift === undefined && read === undefined ? 'Say what you answer: --coming, --vote, --shift or --read.' : undefined),
  async run(context) {
    const { session, out, flags } = context;
    const { id: board } = await boardMeant(context);
    const one = await announcementMeant(context, board);
    const answer = answerIn(flags, one);
    await (flags.name === undefined ? session.answer(board, one.id, answer) : session.answer(board, one.id, answer, flags.name));
    out.say({ id: one.id, ...answer }, 'Answered. Only the coordinators can read it.');
  },
};

export const saveBoardFile: Command = {
  words: ['board', 'save-file'],
  places: ['BOARD', 'ID', 'N', 'PATH'],
  flags: [],
  help: 'Save the file with the number N of an announcement to PATH, a new file. Needs the profile for itself: no other command may hold it meanwhile.',
  needs: 'open',
  async run(context) {
    const { session, out, places: [, , number = '', path = ''] } = context;
    const { id: board } = await boardMeant(context);
    const one = await announcementMeant(context, board);
    const file = /^\d{1,3}$/.test(number) ? one.files[Number(number) - 1] : undefined;
    if (file === undefined) throw new SessionFailure('unknown-file');
    const bytes = new Uint8Array(await (await session.fetchAttached(board, file.handle)).arrayBuffer());
    await writeNew(path, bytes);
    out.say({ id: one.id, saved: path, name: file.name, size: file.size }, `Saved ${plainLine(path)}.`);
  },
};

/** Never over something that is there. */
async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', 0o600).catch(() => undefined);
  if (handle === undefined) throw new CliFailure('usage', `${plainLine(path)} is there already, or nothing can be written there.`);
  try {
    await handle.writeFile(bytes);
  } finally {
    await handle.close();
  }
}

