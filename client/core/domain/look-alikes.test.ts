import { describe, expect, it } from 'vitest';
import { asSeen, isSeen } from './look-alikes.ts';

describe('two names', () => {
  it.each([
    ['Rosa', 'ROSA'], ['Rosa', '\uff32\uff4f\uff53\uff41'], ['Rosa', 'Ro\u200bsa'], ['Rosa', 'R\u043esa'], ['Rosa', 'R\u03bfs\u0430'], ['Alice', 'A\u04cfice'], ['Alice', 'AIice'], ['Paul', 'PauI'],
    ['Ivan', 'lvan'], ['Ivan', 'ivan'], ['Bob', 'B0b'], ['Mila', 'Mi1a'], ['Nina', '\u039dina'], ['\u0412\u041e\u0412', 'BOB'], ['Rosa Parks', 'Rosa  Parks'],
    ['\u0639\u0644\u064a', '\u0639\u0644\u06cc'], ['\u0645\u062d\u0645\u062f', '\u0645\u062d\u0640\u0645\u062f'],
  ])('that a person takes for one another are alike: %s, %s', (one, other) => expect(asSeen(one)).toBe(asSeen(other)));

  it.each([
    ['Rosa', 'Rose'], ['Carl', 'Cari'], ['Lisa', 'Elisa'], ['Anna 1', 'Anna 2'], ['Team 10', 'Team lo'], ['\u0412\u0435\u0440\u0430', '\u0412\u0435\u0440\u0443'], ['\u05e8\u05d5\u05d6\u05d4', '\u05e8\u05d5\u05d6'], ['Ana', '\u0410\u043d\u043d\u0430'],
  ])('that nobody mixes up are not: %s, %s', (one, other) => expect(asSeen(one)).not.toBe(asSeen(other)));
});

it('a name is something that is drawn', () => {
  for (const name of ['\u200b', '\u2060\u200d', '\u3164', '\u2800', '\u00ad \u115f']) expect(isSeen(name), JSON.stringify(name)).toBe(false);
  for (const name of ['R', '\u0931\u094d\u200d\u092f', '\u{1f469}\u200d\u{1f33e}']) expect(isSeen(name)).toBe(true);
});
