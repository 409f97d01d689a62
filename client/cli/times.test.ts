import { expect, test } from 'vitest';
import { momentIn } from './times.ts';

const NOW = Date.UTC(2026, 0, 1);

test.each([
  ['2h', NOW + 7_200_000], ['2026-05-01T18:00Z', Date.UTC(2026, 4, 1, 18)], ['2026-05-01T18:00+02:00', Date.UTC(2026, 4, 1, 16)],
  // On the clock of Madrid, in summer and in winter.
  ['2026-05-01T18:00', Date.UTC(2026, 4, 1, 16)], ['2026-12-01T18:00', Date.UTC(2026, 11, 1, 17)], ['2026-05-01', Date.UTC(2026, 3, 30, 22)],
  // Around the nights when it changes.
  ['2026-03-29T01:59', Date.UTC(2026, 2, 29, 0, 59)], ['2026-03-29T03:00', Date.UTC(2026, 2, 29, 1)], ['2026-10-25T03:00', Date.UTC(2026, 9, 25, 2)],
])('%s is a time', (typed, at) => expect(momentIn(typed, NOW, 'Europe/Madrid')).toBe(at));

test.each(['', 'soon', '2026-02-30T10:00', '2026-05-01T25:00', '18:00', '2026-05-01 18:00', '2h30'])('“%s” is none', (typed) => expect(momentIn(typed, NOW, 'Europe/Madrid')).toBeUndefined());
test('a zone that is none has no times', () => expect(momentIn('2026-05-01T18:00', NOW, 'Nowhere/Town')).toBeUndefined());
