/** From flags, files and standard input to what is announced. */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AnnouncementText, AttachedFile, BoardId, EventText, PollText, ShiftText } from '#core/session/api.ts';
import type { Context, FlagName, Flags } from '../command.ts';
import { localSource } from '../disk.ts';
import { CliFailure } from '../failure.ts';
import { hereZone, isZone, momentIn } from '../times.ts';
import { jsonIn, oneOf } from './strict.ts';
import { eventFrom, PRIORITIES, textFrom } from './text-files.ts';

/** What says what is announced; `--from` says all of it but the files from disk. */
export const TEXT_FLAGS = [
  'title', 'body', 'language', 'priority', 'pin', 'expires', 'acknowledge', 'file', 'event', 'begin', 'end', 'zone', 'place', 'map', 'shift', 'poll', 'choice', 'several', 'from',
] as const satisfies readonly FlagName[];
const MOST_FILE_BYTES = 256 * 1024;
const MOST_BODY_CHARACTERS = 100_000;

/** @returns what is wrong with the flags of a text, for `Command.objection` */
export function textObjection(flags: Flags): string | undefined {
  const given = TEXT_FLAGS.filter((flag) => flags[flag] !== undefined);
  const beside = given.find((flag) => flag !== 'from' && flag !== 'file');
  if (flags.from !== undefined && beside !== undefined) return `--${beside} stands in the file of --from.`;
  if (flags.from === undefined && flags.title === undefined && given.length > 0) return '--title is missing.';
  const ofEvent = (['end', 'zone', 'place', 'map', 'shift'] as const).find((flag) => flags[flag] !== undefined);
  if (flags.event !== undefined && (ofEvent !== undefined || flags.begin !== undefined)) return `--${ofEvent ?? 'begin'} stands in the file of --event.`;
  if (ofEvent !== undefined && flags.begin === undefined) return `--${ofEvent} is of an event: --begin is missing.`;
  if (flags.poll === undefined && (flags.choice !== undefined || flags.several === true)) return '--poll is missing.';
  if (flags.poll !== undefined && (flags.choice?.length ?? 0) < 2) return 'A poll has two choices or more: repeat --choice.';
  return undefined;
}

export const saysSomething = ({ title, from }: Flags): boolean => title !== undefined || from !== undefined;

/** Its files are sent on the way. @throws CliFailure `usage` */
export async function composed(context: Context, board: BoardId): Promise<AnnouncementText> {
  const { flags } = context;
  const text = flags.from === undefined ? await fromFlags(context) : textFrom(await jsonFile(flags.from), 'The announcement');
  const files: AttachedFile[] = [];
  for (const path of flags.file ?? []) files.push(await attached(context, board, path));
  return { ...text, files: [...text.files, ...files] };
}

async function fromFlags(context: Context): Promise<AnnouncementText> {
  const { flags } = context;
  return {
    wordings: [{ language: flags.language ?? ownLanguage(), title: flags.title ?? '', body: flags.body === '-' ? await allOf(context.lines()) : flags.body ?? '' }],
    priority: oneOf(flags.priority ?? 'normal', PRIORITIES, '--priority'),
    pinned: flags.pin === true, files: [], acknowledge: flags.acknowledge === true,
    expiresAt: flags.expires === undefined ? 0 : timeOf('expires', flags.expires),
    event: await eventOf(flags), poll: pollOf(flags),
  };
}

async function allOf(lines: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const line of lines) {
    text += `${line}\n`;
    if (text.length > MOST_BODY_CHARACTERS) throw new CliFailure('usage', 'Standard input is too long for an announcement.');
  }
  return text.trimEnd();
}

async function eventOf(flags: Flags): Promise<EventText | undefined> {
  if (flags.event !== undefined) return eventFrom(await jsonFile(flags.event), 'The event');
  if (flags.begin === undefined) return undefined;
  const zone = flags.zone ?? hereZone();
  if (!isZone(zone)) throw new CliFailure('usage', '--zone is a time zone such as Europe/Madrid.');
  return {
    beginsAt: timeOf('begin', flags.begin, zone), endsAt: flags.end === undefined ? 0 : timeOf('end', flags.end, zone), zone,
    place: flags.place ?? '', map: flags.map ?? '', answers: true, shifts: (flags.shift ?? []).map(shiftOf),
  };
}

/** `Door:2`: two people; without a number as many as come. */
function shiftOf(typed: string): ShiftText {
  const [, name = typed, capacity = '0'] = /^(.*):(\d{1,4})$/.exec(typed) ?? [];
  return { name, capacity: Number(capacity), beginsAt: 0, endsAt: 0 };
}

const pollOf = ({ poll, choice = [], several }: Flags): PollText | undefined =>
  (poll === undefined ? undefined : { question: poll, choices: choice, several: several === true, closesAt: 0 });

/** @throws CliFailure `usage` */
export function timeOf(flag: FlagName, typed: string, zone?: string): number {
  const at = momentIn(typed, Date.now(), zone);
  if (at === undefined) throw new CliFailure('usage', `--${flag} is a time: 2h or 3d from now, 2026-05-01T18:00, or the same with Z or +02:00.`);
  return at;
}

async function jsonFile(path: string): Promise<unknown> {
  const text = await stat(path).then(({ size }) => (size > MOST_FILE_BYTES ? undefined : readFile(path, 'utf8')), () => undefined);
  if (text === undefined) throw new CliFailure('usage', 'That file cannot be read, or is too long for an announcement.');
  return jsonIn(text, 'What stands in it');
}

async function attached({ session, out }: Context, board: BoardId, path: string): Promise<AttachedFile> {
  const source = await localSource(path);
  const name = basename(source.path);
  out.tell(`Sending ${name} ...`);
  return session.attach(board, source, { name, type: '', transfer: `attach ${board} ${source.path}` });
}

const ownLanguage = (): string => Intl.DateTimeFormat().resolvedOptions().locale.split('-')[0] ?? 'en';
