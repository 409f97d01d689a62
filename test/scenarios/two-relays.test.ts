/** Eight seconds of killing; two-relays.long.ts goes on for five minutes. */
import { expect, it } from 'vitest';
import { twoRelays } from './two-relays.ts';

it('two relays on one database, either killed again and again: one log for every reader, one winner a slot, nothing lost', async () => {
  const figures = await twoRelays(8_000);
  console.log(figures);
  expect(figures.kills).toBeGreaterThan(0);
  expect(figures.posts).toBeGreaterThan(20);
  expect(figures.commits).toBeGreaterThan(0);
});
