import { expect, it } from 'vitest';
import * as rules from '#core/domain/boards/texts.ts';
import * as limits from './limits.ts';

it('a form takes what may be announced, and no more', () => {
  const named: Readonly<Record<string, unknown>> = { ...rules };
  const shared = Object.entries(limits).filter(([name]) => name in named);
  expect(shared.length).toBeGreaterThan(5);
  expect(shared.filter(([name, value]) => named[name] !== value)).toEqual([]);
});
