import { expect, it } from 'vitest';
import { directionOf } from './direction.ts';

it('a text runs as its first letter does, whatever stands before it', () => {
  expect(['hello', '… "hello', '3 × שלום', '"مرحبا" he said', 'שלום hello', 'Ñandú'].map(directionOf)).toEqual(['ltr', 'ltr', 'rtl', 'rtl', 'rtl', 'ltr']);
  expect(['', '12:30 …', '🎉'].map(directionOf)).toEqual([undefined, undefined, undefined]);
});
