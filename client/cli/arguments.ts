/** From words on the command line to a command and what it works on. */
import { parseArgs } from 'node:util';
import type { Command, FlagName, Flags } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { CliFailure } from './failure.ts';

export interface Invocation {
  readonly command: Command;
  readonly places: readonly string[];
  readonly flags: Flags;
}
/** What every command takes. */
export interface Settings {
  readonly home: string | undefined;
  readonly json: boolean;
  /** Seconds; 0 is without limit. */
  readonly timeout: number | undefined;
}
export type Asked =
  | { readonly kind: 'help'; readonly command: Command | undefined }
  | { readonly kind: 'version' }
  | ({ readonly kind: 'command'; readonly settings: Settings } & Invocation);

const FLAG_TYPES = {
  name: { type: 'string' }, 'hub-name': { type: 'string' }, phrase: { type: 'string' }, suite: { type: 'string' },
  since: { type: 'string' }, follow: { type: 'boolean' }, thread: { type: 'string' }, as: { type: 'string' },
  unlisted: { type: 'boolean' }, approval: { type: 'boolean' }, two: { type: 'boolean' }, unread: { type: 'boolean' }, coming: { type: 'boolean' }, read: { type: 'boolean' },
  vote: { type: 'string', multiple: true }, shift: { type: 'string', multiple: true }, title: { type: 'string' }, body: { type: 'string' }, language: { type: 'string' },
  priority: { type: 'string' }, pin: { type: 'boolean' }, expires: { type: 'string' }, at: { type: 'string' }, acknowledge: { type: 'boolean' },
  file: { type: 'string', multiple: true }, event: { type: 'string' }, begin: { type: 'string' }, end: { type: 'string' }, zone: { type: 'string' }, place: { type: 'string' },
  map: { type: 'string' }, poll: { type: 'string' }, choice: { type: 'string', multiple: true }, several: { type: 'boolean' }, bot: { type: 'boolean' }, from: { type: 'string' },
  draft: { type: 'string' }, note: { type: 'string' }, off: { type: 'boolean' }, port: { type: 'string' }, host: { type: 'string' },
} as const satisfies { readonly [flag in FlagName]: { type: 'string' | 'boolean'; multiple?: true } };
const SETTING_TYPES = {
  home: { type: 'string' }, json: { type: 'boolean' }, timeout: { type: 'string' },
  help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' },
} as const;
interface Typed {
  readonly home?: string;
  readonly json?: boolean;
  readonly timeout?: string;
  readonly help?: boolean;
  readonly version?: boolean;
}
const LONGEST_TIMEOUT = 7 * 86_400;

/** True where the answer is to be JSON, also when the rest cannot be understood. */
export const wantsJson = (argv: readonly string[]): boolean => argv.slice(0, (argv.indexOf('--') + 1 || argv.length + 1) - 1).includes('--json');

/** @throws CliFailure `usage`, with a sentence that says what is missing or too much */
export function parseArguments(argv: readonly string[]): Asked {
  const { values, positionals } = read(argv);
  if (values.version === true) return { kind: 'version' };
  const words = positionals[0] === 'help' ? positionals.slice(1) : positionals;
  const command = commandFor(words);
  if (values.help === true || positionals[0] === 'help') return { kind: 'help', command };
  if (words.length === 0) throw usage('Name a command; `thicket --help` shows them.');
  if (command === undefined) throw usage(`There is no command “${words.slice(0, 2).join(' ')}”; \`thicket --help\` shows them.`);
  const places = words.slice(command.words.length);
  check(command, places, values);
  const { home, json = false, timeout } = values;
  return { kind: 'command', command, places, flags: values, settings: { home, json, timeout: seconds(timeout) } };
}

/** What a flag takes can hang on the command, whose words stand before its flags. */
function read(argv: readonly string[]): { values: Flags & Typed; positionals: string[] } {
  const options = { ...FLAG_TYPES, ...SETTING_TYPES };
  try {
    const { positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: false });
    const worded = commandFor(positionals)?.worded ?? [];
    if (worded.length === 0) return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    const here = Object.fromEntries(worded.map((flag) => [flag, { type: 'string' }])) as { [flag in 'coming']?: { type: 'string' } };
    return parseArgs({ args: [...argv], options: { ...options, ...here }, allowPositionals: true, strict: true }) as { values: Flags & Typed; positionals: string[] };
  } catch (error) {
    // Node's own sentences name the flag and nothing else.
    throw usage(error instanceof Error ? (error.message.split('\n')[0] ?? '') : '');
  }
}

/** Of two that begin alike the longer one: `link show` is no `link`. */
const commandFor = (words: readonly string[]): Command | undefined =>
  COMMANDS.filter((command) => command.words.every((word, i) => words[i] === word)).sort((a, b) => b.words.length - a.words.length)[0];

function check(command: Command, places: readonly string[], flags: Flags & Typed): void {
  const least = command.places.filter((place) => !place.startsWith('[')).length;
  const most = command.places.at(-1)?.endsWith('…') === true ? Infinity : command.places.length;
  if (places.length < least || places.length > most) {
    throw usage(places.length < least ? `${command.places[places.length]} is missing.` : `“${places[command.places.length]}” is one word too many.`, command);
  }
  const empty = places.findIndex((place) => place === '');
  if (empty >= 0) throw usage(`${command.places[empty]} is empty.`, command);
  for (const flag of command.required ?? []) if (flags[flag] === undefined) throw usage(`--${flag} is missing.`, command);
  const stray = Object.keys(flags).find((flag) => flag in FLAG_TYPES && !command.flags.some((known) => known === flag));
  if (stray !== undefined) throw usage(`--${stray} does not belong to this command.`, command);
  const objection = command.objection?.(flags);
  if (objection !== undefined) throw usage(objection, command);
}

function seconds(typed: string | undefined): number | undefined {
  if (typed === undefined) return undefined;
  const value = Number(typed);
  if (typed.trim() === '' || !(value >= 0) || value > LONGEST_TIMEOUT) throw usage('--timeout is a number of seconds, at most a week.');
  return value;
}

const usage = (sentence: string, command?: Command): CliFailure =>
  new CliFailure('usage', command === undefined ? sentence : `${sentence} Usage: ${usageOf(command)}`);

/** One line: `thicket read ROOM [--since SEQ] [--follow]`. */
export function usageOf(command: Command): string {
  const flags = command.flags.map((flag) => {
    const type: { type: string; multiple?: boolean } = FLAG_TYPES[flag];
    const isMere = type.type === 'boolean' && command.worded?.includes(flag) !== true;
    const shown = isMere ? `--${flag}` : `--${flag} ${FLAG_VALUES[flag] ?? flag.toUpperCase()}${type.multiple === true ? '…' : ''}`;
    return command.required?.includes(flag) === true ? shown : `[${shown}]`;
  });
  return ['thicket', ...command.words, ...command.places, ...flags].join(' ').replace(' TEXT', ' TEXT|-');
}
const FLAG_VALUES: { readonly [flag in keyof Flags]?: string } = { since: 'SEQ', thread: 'MESSAGE', as: 'MEMBER', phrase: '"…"', suite: 'xwing|classical', 'hub-name': 'NAME',
  coming: 'yes|maybe|no', vote: 'N', priority: 'normal|important|urgent', expires: 'TIME', at: 'TIME', begin: 'TIME', end: 'TIME', file: 'PATH', event: 'FILE', from: 'FILE', language: 'xx',
};
