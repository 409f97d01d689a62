/** Rosa is back with another device in some rooms; in others her lost one is still there. */
import { expect, it } from 'vitest';
import { looksLost } from './bringing-back.ts';

const rooms = (leaves: Record<string, string[]>) => new Map(Object.entries(leaves));

it('sees where a lost device was left, and nothing in a second one that is on its way', () => {
  expect(looksLost('roof', rooms({ roof: ['old'], stairwell: ['new'] }))).toBe(true);
  expect(looksLost('stairwell', rooms({ roof: ['phone'], stairwell: ['phone', 'laptop'] })), 'linked').toBe(false);
  expect(looksLost('roof', rooms({ roof: ['phone'], stairwell: ['phone', 'laptop'] })), 'linked, and not here yet').toBe(false);
  expect(looksLost('roof', rooms({ roof: ['old'] })), 'the one room there is').toBe(false);
  expect(looksLost('roof', rooms({ stairwell: ['new'] })), 'not in the room').toBe(false);
});
