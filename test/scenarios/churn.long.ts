/** Twenty seeds of churn on each suite, ten of them new each time. THICKET_SEED=n runs that one. */
import { freshSeed } from '../harness/chance.ts';
import { describeChurn, seedsOr } from './churn.ts';

const FIXED = Array.from({ length: 10 }, (_, index) => index + 1);

describeChurn(seedsOr([...FIXED, ...FIXED.map(freshSeed)]));
