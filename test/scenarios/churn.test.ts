/** Two seeds of churn on each suite, one of them new each time; churn.long.ts runs twenty. THICKET_SEED=n runs that one. */
import { freshSeed } from '../harness/chance.ts';
import { describeChurn, seedsOr } from './churn.ts';

describeChurn(seedsOr([1, freshSeed()]));
