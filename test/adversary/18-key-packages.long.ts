import { it } from 'vitest';
import { exhaust } from './18-key-packages.ts';

it('attack 18 key packages exhausted: after 10,000 pops adding still works', async () => {
  await exhaust(10_000);
}, 900_000);
