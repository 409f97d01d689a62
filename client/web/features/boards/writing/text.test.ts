import { expect, it } from 'vitest';
import { emptyEvent, emptyPoll, emptyShift, emptyText, faultIn, isBlank, tidied } from './text.ts';

const NOW = 1_800_000_000_000;
const said = { ...emptyText('en'), wordings: [{ language: 'en', title: 'Rally', body: '' }] };
const event = { ...emptyEvent('Europe/Madrid'), beginsAt: NOW + 1_000 };

it('goes out once it has a title, in every language that was begun', () => {
  expect(faultIn(emptyText('en'), 0, NOW)).toBe('title');
  expect(faultIn(said, 0, NOW)).toBeUndefined();
  expect(faultIn({ ...said, wordings: [...said.wordings, { language: 'es', title: '', body: 'Hola' }] }, 0, NOW)).toBe('title');
  expect(tidied({ ...said, wordings: [...said.wordings, { language: 'es', title: ' ', body: '' }] }).wordings).toHaveLength(1);
});
it('is held back while a time is missing or runs backwards', () => {
  expect(faultIn({ ...said, event: emptyEvent('Europe/Madrid') }, 0, NOW)).toBe('begin');
  expect(faultIn({ ...said, event: { ...event, endsAt: NOW } }, 0, NOW)).toBe('end');
  expect(faultIn({ ...said, event }, 0, NOW)).toBeUndefined();
  expect(faultIn({ ...said, expiresAt: NOW - 1 }, 0, NOW)).toBe('expired');
  expect(faultIn({ ...said, expiresAt: NOW + 5 }, NOW + 9, NOW)).toBe('expired');
  expect(faultIn(said, NOW - 1, NOW)).toBe('past');
});
it.each(['http://maps.example', 'javascript:alert(1)', 'maps.example', 'https://me:secret@maps.example'])('leads to no map at %s', (map) => {
  expect(faultIn({ ...said, event: { ...event, map } }, 0, NOW)).toBe('map');
});
it('a map may be an https address', () => expect(faultIn({ ...said, event: { ...event, map: ' https://maps.example/x ' } }, 0, NOW)).toBeUndefined());
it('leaves out shifts and choices that were left empty', () => {
  const text = { ...said, event: { ...event, shifts: [emptyShift, { ...emptyShift, name: ' door ' }] }, poll: { ...emptyPoll, question: 'When?', choices: ['a', ' ', 'b'] } };
  expect(faultIn(text, 0, NOW)).toBeUndefined();
  expect(tidied(text).event?.shifts).toEqual([{ ...emptyShift, name: 'door' }]);
  expect(tidied(text).poll?.choices).toEqual(['a', 'b']);
  expect(faultIn({ ...said, poll: { ...emptyPoll, question: 'When?' } }, 0, NOW)).toBe('choices');
});
it('knows when nothing was begun', () => {
  expect(isBlank(emptyText('en'))).toBe(true);
  expect(isBlank(said)).toBe(false);
});
