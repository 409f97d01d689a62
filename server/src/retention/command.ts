/** `thicket-relay expire`: the operator's word that the clock is right, after it jumped. Needs no database. */
import { DAY_MS } from '#shared/ids.ts';
import { readConfig } from '../config/config.ts';
import { believe, readDays } from '../day-keys/due-days.ts';
import { dueDay } from '../day-keys/clock-jumps.ts';
import { unusable } from '../day-keys/small-file.ts';
import { systemCalendar } from '../operations/calendar.ts';
import { EXIT } from '../operations/exit-codes.ts';
import { consoleOperator } from '../operations/operator.ts';

export const usage = 'expire [--yes]';
export const sentence = 'says whether the clock is doubted and things are kept for it; --yes lets what is over be deleted now';

const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** @throws ConfigError, StartError */
export async function run(args: readonly string[]): Promise<number> {
  if (args.length > 1 || (args[0] !== undefined && args[0] !== '--yes')) {
    consoleOperator.warn(`Usage: thicket-relay ${usage}`);
    return EXIT.usage;
  }
  const { keysDirectory } = readConfig(process.env, process.cwd());
  try {
    consoleOperator.say(await answer(keysDirectory, args[0] === '--yes'));
  } catch (cause) {
    throw unusable(keysDirectory, cause);
  }
  return 0;
}

async function answer(folder: string, mayExpire: boolean): Promise<string> {
  const today = systemCalendar.today();
  const known = await readDays(folder);
  if (known === undefined || dueDay(known, today) === today) return `The clock is believed: it is ${dateOf(today)}.`;
  const doubt = `The clock shows ${dateOf(today)}, and the relay last believed it on ${dateOf(known.believed)}.`;
  if (!mayExpire) return `${doubt} If it is right, --yes deletes for good what was to be kept until today.`;
  await believe(folder, today);
  return `${doubt} It is believed now, and what is over is deleted within a minute; or, where the relay is not running, at its next start.`;
}
