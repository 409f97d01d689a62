/** What `--help` prints. */
import { usageOf } from './arguments.ts';
import type { Command } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { EXIT_MEANINGS } from './words.ts';

const WIDTH = 88;

export const helpFor = (command: Command | undefined): string =>
  command === undefined ? everything() : [`  ${usageOf(command)}`, '', ...wrap(command.help, 2), '', SETTINGS].join('\n');

const SETTINGS = `  --home DIR     where this profile lives (default: $THICKET_HOME, else ~/.local/share/thicket)
  --json         one JSON object a line on standard output; failures as {"error","message"} on standard error
  --timeout S    give up after S seconds (default 120; 0 for no limit). read --follow and join know no default limit.
  THICKET_PASSPHRASE in the environment opens the profile.
  -- ends the flags: thicket send ROOM -- --text that begins with dashes
`;

function everything(): string {
  const commands = COMMANDS.flatMap((command) => [`  ${usageOf(command)}`, ...wrap(command.help, 6)]);
  const codes = EXIT_MEANINGS.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`);
  return [
    'thicket: talk in the rooms of your hub from the command line.', '', ...commands, '', SETTINGS,
    'A ROOM is its name where that is unique, else the beginning of its id (8 digits or more).',
    'A BOARD is its name where that is unique, else the beginning of its id. An ID is an announcement\'s, or the beginning of it.',
    'A MEMBER is a display name where it is unique in view, else the fingerprint.', '', 'Exit codes:', ...codes, '',
  ].join('\n');
}

function wrap(text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => ' '.repeat(indent) + each);
}
