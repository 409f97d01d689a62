/** `thicket-relay`, or `node dist/server/src/main.js`: reads the settings, starts the relay, stops it when asked; or carries out a command. */
import { runCommand } from './commands.ts';
import { ConfigError, readConfig, unknownVariables } from './config/config.ts';
import { foundingNotice } from './founding/founding-link.ts';
import { emptyCoreDumps } from './operations/core-dumps.ts';
import { EXIT } from './operations/exit-codes.ts';
import { consoleOperator } from './operations/operator.ts';
import { StartError } from './operations/start-error.ts';
import { startRelay } from './relay.ts';

/** Milliseconds. One Ctrl-C may arrive several times: from the terminal, and passed on by npm and by scripts/start.mjs. */
const SAME_SIGNAL = 1_000;

async function main(): Promise<void> {
  const code = await runCommand(process.argv.slice(2));
  if (code === undefined) await runRelay();
  else process.exitCode = code;
}

async function runRelay(): Promise<void> {
  emptyCoreDumps();
  for (const name of unknownVariables(process.env)) consoleOperator.warn(`${name} is not a setting of the relay and is ignored.`);
  const relay = await startRelay(readConfig(process.env, process.cwd()), consoleOperator);
  // In one piece, so that whoever waits for the first line has the link as well.
  const ready = `Thicket is ready at ${relay.origin}`;
  consoleOperator.say(relay.foundingLink === undefined ? ready : `${ready}\n${foundingNotice(relay.foundingLink)}`);
  let stoppingSince: number | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    if (stoppingSince !== undefined) {
      // A second Ctrl-C does not wait for anybody.
      if (signal === 'SIGINT' && Date.now() - stoppingSince > SAME_SIGNAL) process.exit(EXIT.internal);
      return;
    }
    stoppingSince = Date.now();
    consoleOperator.say('Stopping ...');
    relay.stop().then(
      () => process.exit(0),
      () => process.exit(EXIT.internal),
    );
  };
  // A promise nobody waited for is a mistake of ours, and no reason to leave everybody alone.
  process.on('unhandledRejection', () => consoleOperator.warn('The relay met an error of its own.'));
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError || error instanceof StartError) consoleOperator.warn(error.message);
  else consoleOperator.warn(`Thicket could not start: ${error instanceof Error ? error.message : 'unknown error'}`);
  process.exit(error instanceof ConfigError ? EXIT.config : EXIT.start);
});
