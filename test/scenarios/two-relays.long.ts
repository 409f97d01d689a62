import { expect, it } from 'vitest';
import { twoRelays } from './two-relays.ts';

it('two relays on one database, either killed for five minutes', async () => {
  const figures = await twoRelays(300_000);
  console.log(figures);
  expect(figures.kills).toBeGreaterThan(20);
});
