/** From words on the command line to a command and what it works on. */
import { parseArgs } from 'node:util';
import type { Command, Flags } from './command.ts';
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
} as const;
const SETTING_TYPES = {
  home: { type: 'string' }, json: { type: 'boolean' }, timeout: { type: 'string' },
  help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' },
} as const;
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

function read(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: { ...FLAG_TYPES, ...SETTING_TYPES }, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's own sentences name the flag and nothing else.
    throw usage(error instanceof Error ? (error.message.split('\n')[0] ?? '') : '');
  }
}

/** Of two that begin alike the longer one: `link show` is no `link`. */
const commandFor = (words: readonly string[]): Command | undefined =>
  COMMANDS.filter((command) => command.words.every((word, i) => words[i] === word)).sort((a, b) => b.words.length - a.words.length)[0];

function check(command: Command, places: readonly string[], flags: Flags & { [name: string]: unknown }): void {
  if (places.length !== command.places.length) {
    throw usage(places.length < command.places.length ? `${command.places[places.length]} is missing.` : `“${places[command.places.length]}” is one word too many.`, command);
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
    const shown = FLAG_TYPES[flag].type === 'boolean' ? `--${flag}` : `--${flag} ${FLAG_VALUES[flag] ?? flag.toUpperCase()}`;
    return command.required?.includes(flag) === true ? shown : `[${shown}]`;
  });
  return ['thicket', ...command.words, ...command.places, ...flags].join(' ').replace(' TEXT', ' TEXT|-');
}
const FLAG_VALUES: { readonly [flag in keyof Flags]?: string } = { since: 'SEQ', thread: 'MESSAGE', as: 'MEMBER', phrase: '"…"', suite: 'xwing|classical', 'hub-name': 'NAME' };
