import { it } from 'vitest';
import { malformedInput } from './malformed-input.ts';

it('attack 35: a million mangled requests and frames', () => malformedInput(1_000_000, 50_000));
