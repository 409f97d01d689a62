import { expect, it } from 'vitest';
import { guessKind } from './guess-name.ts';

it('tells phone, tablet and computer apart by their hands and sizes', () => {
  expect(guessKind({ touch: true, width: 390, height: 844 })).toBe('devices.guessPhone');
  expect(guessKind({ touch: true, width: 844, height: 390 })).toBe('devices.guessPhone');
  expect(guessKind({ touch: true, width: 820, height: 1180 })).toBe('devices.guessTablet');
  expect(guessKind({ touch: false, width: 1280, height: 800 })).toBe('devices.guessComputer');
});
