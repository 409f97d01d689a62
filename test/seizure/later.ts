/** The same machine some minutes later, in which nobody wrote: what only the latest writings told is gone. */
import type { Stage } from './fortnight.ts';
import { guessesFrom } from './guessing.ts';
import { asking, datedIn } from './seizing.ts';
import type { Row } from './table.ts';

/** How long the relay may take until it has gone over the journal and put the rows of passes down anew, in milliseconds. */
const PATIENCE = 240_000;

/** @returns rows for the journal and the order of rows after that */
export async function minutesLater(stage: Stage): Promise<Row[]> {
  const look = async () => ({ dated: await datedIn(stage), guesses: await asking(stage, (query) => guessesFrom(query, stage.truth)) });
  const end = Date.now() + PATIENCE;
  let found = await look();
  while ((found.dated.length > 0 || found.guesses.some(({ made }) => made > 0)) && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    found = await look();
  }
  const made = found.guesses.reduce((sum, guess) => sum + guess.made, 0);
  return [
    { sought: 'time of a post', where: 'journal, minutes later', found: found.dated.length, of: stage.truth.messages.length, means: 'the relay has gone over the journal', promise: 'nothing' },
    { sought: 'guesses by the order of rows', where: 'order of rows, minutes later', found: made, means: 'rows of passes and draws have been put down anew: there is nothing left to guess by', promise: 'nothing' },
  ];
}
