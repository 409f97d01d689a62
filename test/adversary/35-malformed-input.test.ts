import { it } from 'vitest';
import { malformedInput } from './malformed-input.ts';

it('attack 35: mangled requests and frames get typed refusals, change nothing, and crash nothing', () => malformedInput(3_000, 500));
