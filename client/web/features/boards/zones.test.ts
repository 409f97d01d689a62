import { describe, expect, it } from 'vitest';
import type { Wording } from '#core/session/api.ts';
import { differsHere, fieldsAt, hoursIn, knownZone, leafOf, momentOf, ownZone, sameDay, spanIn, zonePlace } from './zones.ts';
import { languageName, ownLanguageName, wordingFor } from './wordings.ts';

describe('the time of an event', () => {
  it('is what clocks show where it is, on both sides of a change of the clocks', () => {
    expect(new Date(momentOf('2026-03-28', '17:00', 'Europe/Madrid')).toISOString()).toBe('2026-03-28T16:00:00.000Z');
    expect(new Date(momentOf('2026-03-29', '17:00', 'Europe/Madrid')).toISOString()).toBe('2026-03-29T15:00:00.000Z');
  });
  it('goes into a form and comes back', () => {
    for (const zone of ['Europe/Madrid', 'Asia/Kathmandu', 'America/St_Johns']) {
      const at = momentOf('2026-10-24', '23:45', zone);
      expect(fieldsAt(at, zone)).toEqual({ day: '2026-10-24', hour: '23:45' });
    }
  });
  it('that no clock shows is the one after the gap', () => {
    expect(fieldsAt(momentOf('2026-03-29', '02:30', 'Europe/Madrid'), 'Europe/Madrid').hour).toBe('03:30');
  });
  it.each([['', '17:00'], ['2026-03-28', ''], ['28.3.2026', '17:00'], ['2026-99-99', '17:00']])('is none of %j %j', (day, hour) => expect(momentOf(day, hour, 'Europe/Madrid')).toBe(0));
  it('in a zone nobody knows is shown in the reader’s own', () => {
    expect(knownZone('Nowhere/At_All')).toBe(ownZone());
    expect(differsHere(Date.now(), 'Nowhere/At_All')).toBe(false);
    expect(spanIn(1_900_000_000_000, 0, 'Nowhere/At_All', 'en')).toBeTypeOf('string');
    expect(zonePlace('America/New_York')).toBe('New York');
  });
  it.each([2 ** 64, Number.NaN, -1])('%s stops no screen', (at) => {
    for (const [from, to] of [[at, 0], [1_900_000_000_000, at], [at, at + 1]] as const) {
      for (const shown of [spanIn, hoursIn]) expect(shown(from, to, 'Asia/Tokyo', 'en')).toBeTypeOf('string');
    }
    expect(sameDay(at, 1_900_000_000_000, 'Asia/Tokyo')).toBe(false);
    expect(leafOf(at, 'Asia/Tokyo', 'en').day).toBeTypeOf('string');
    expect(differsHere(at, 'Asia/Kathmandu')).toBeTypeOf('boolean');
  });
});

describe('an announcement in several languages', () => {
  const wordings: Wording[] = ['en', 'es', 'ar'].map((language) => ({ language, title: language, body: '' }));
  it('is read in the reader’s own, by country if need be, else in the first', () => {
    expect(wordingFor(wordings, ['es-MX', 'en'])?.language).toBe('es');
    expect(wordingFor(wordings, ['fr', 'ar'])?.language).toBe('ar');
    expect(wordingFor(wordings, ['fr'])?.language).toBe('en');
    expect(wordingFor([], ['fr'])).toBeUndefined();
  });
  it('names a language, whatever the tag', () => {
    expect(languageName('ar', 'en')).toBe('Arabic');
    expect(languageName('not a tag', 'en')).toBe('not a tag');
    // Fits the rules, and is no tag.
    expect(ownLanguageName('en-ab-cd-ef')).toBe('en-ab-cd-ef');
  });
});
