/** What `thicket-relay` does besides running the relay. Each command reads the same settings and answers with an exit code. */
import { EXIT } from './operations/exit-codes.ts';
import { consoleOperator } from './operations/operator.ts';

export interface Command {
  /** As typed, such as `disclose [--json]`. */
  readonly usage: string;
  /** One line for --help. */
  readonly sentence: string;
  /** @returns the exit code. @throws ConfigError, StartError with one line for the operator */
  run(args: readonly string[]): Promise<number>;
}

/** Loaded when asked for: a relay that runs needs none of them. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  disclose: () => import('./disclosure/command.ts'),
  'accept-keys': () => import('./day-keys/command.ts'),
  expire: () => import('./retention/command.ts'),
  shards: () => import('./shards/command.ts'),
};

/** @returns undefined when the relay itself is to run */
export async function runCommand(args: readonly string[]): Promise<number | undefined> {
  const [name, ...rest] = args;
  if (name === undefined) return undefined;
  if (name === '--help' || name === '-h' || name === 'help') {
    consoleOperator.say(await help());
    return 0;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load !== undefined) return (await load()).run(rest);
  consoleOperator.warn(`thicket-relay: there is no command of that name; \`thicket-relay --help\` lists them.`);
  return EXIT.usage;
}

async function help(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const rows = [['', 'runs the relay until it is stopped'], ...commands.map(({ usage, sentence }) => [usage, sentence])] as [string, string][];
  const width = Math.max(...rows.map(([usage]) => usage.length));
  return [
    'thicket-relay: the server of a Thicket hub. Settings come from the environment; see docs/operating/configuration.md.', '',
    ...rows.map(([usage, sentence]) => `  thicket-relay ${usage.padEnd(width)}  ${sentence}`),
  ].join('\n');
}
