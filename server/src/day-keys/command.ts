/** `thicket-relay accept-keys`: the operator's word that the folder of keys is the right one, for one start. Needs no database. */
import { readConfig } from '../config/config.ts';
import { systemCalendar } from '../operations/calendar.ts';
import { EXIT } from '../operations/exit-codes.ts';
import { consoleOperator } from '../operations/operator.ts';
import { acceptFolder } from './folder-mark.ts';
import { unusable } from './small-file.ts';

export const usage = 'accept-keys';
export const sentence = 'lets the next start use THICKET_KEYS as it is, after its keys were lost for good';

/** @throws ConfigError, StartError */
export async function run(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    consoleOperator.warn(`Usage: thicket-relay ${usage}`);
    return EXIT.usage;
  }
  const { keysDirectory } = readConfig(process.env, process.cwd());
  await acceptFolder(keysDirectory, systemCalendar.today()).catch((cause: unknown) => {
    throw unusable(keysDirectory, cause);
  });
  consoleOperator.say(`The next start takes ${keysDirectory} as the folder of keys. What its lost keys sealed stays closed.`);
  return 0;
}
