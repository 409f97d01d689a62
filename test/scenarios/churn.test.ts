/** A few seeds of churn on each suite; churn.long.ts runs twenty. THICKET_SEED=n runs that one. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { freshSeed } from '../harness/chance.ts';
import { startTestRelay } from '../harness/relay.ts';
import { churn, disperse, gather, type Somebody } from './churn.ts';

const given = process.env['THICKET_SEED'];
const seeds = given === undefined ? [1, 2, freshSeed(), freshSeed()] : [Number(given)];

for (const suite of ['xwing', 'classical'] as const) {
  describe(`churn, ${suite}`, () => {
    let stop = async (): Promise<void> => undefined;
    let crowd: readonly Somebody[];

    beforeAll(async () => {
      const relay = await startTestRelay();
      stop = relay.stop;
      crowd = await gather(relay.foundingLink as string);
    });
    afterAll(async () => {
      await disperse(crowd);
      await stop();
    });

    it.for(seeds)('everybody agrees after seed %i', (seed) => churn(crowd, suite, seed));
  });
}
