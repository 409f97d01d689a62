import { expect, it } from 'vitest';
import type { AnnouncementText } from '#core/session/api.ts';
import { asksAnything, asksOf, placesLeft, sameGiven, toggled, NOTHING_GIVEN } from './answering.ts';

const text: AnnouncementText = {
  wordings: [], priority: 'normal', pinned: false, files: [], expiresAt: 0, acknowledge: false,
  event: { beginsAt: 1_000, endsAt: 2_000, zone: 'Europe/Madrid', place: '', map: '', answers: true, shifts: [{ name: 'door', beginsAt: 0, endsAt: 0, capacity: 2 }] },
  poll: { question: '?', choices: ['a', 'b'], several: false, closesAt: 500 },
};

it('readers are asked until it is over, and until the vote closes', () => {
  expect(asksOf(text, 400)).toEqual({ acknowledge: false, coming: true, shifts: true, poll: true });
  expect(asksOf(text, 1_500)).toEqual({ acknowledge: false, coming: true, shifts: true, poll: false });
  expect(asksAnything(asksOf(text, 2_000))).toBe(false);
  expect(asksAnything(asksOf({ ...text, acknowledge: true }, 9_000))).toBe(true);
});
it('places are counted where there is a number of them, and never below none', () => {
  expect(placesLeft(0, 12)).toBeUndefined();
  expect(placesLeft(4, undefined)).toBeUndefined();
  expect(placesLeft(4, 3)).toBe(1);
  expect(placesLeft(4, 9)).toBe(0);
});
it('what was chosen twice over is the same choice', () => {
  expect(toggled(toggled([], 3, true), 1, true)).toEqual([1, 3]);
  expect(sameGiven({ ...NOTHING_GIVEN, votes: toggled([1, 2], 2, false) }, { ...NOTHING_GIVEN, votes: [1] })).toBe(true);
});
