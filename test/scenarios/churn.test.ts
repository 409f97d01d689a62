/** A seed of churn on each suite, new each time; churn.long.ts runs twenty. THICKET_SEED=n runs that one. */
import { freshSeed } from '../harness/chance.ts';
import { describeChurn, seedsOr } from './churn.ts';

describeChurn(seedsOr([freshSeed()]));
