/** The short form; 10,000 in the long one. A pool holds some twenty, so the rest is the same again and again. */
import { it } from 'vitest';
import { exhaust } from './18-key-packages.ts';

it('attack 18 key packages exhausted: after all were taken, and a hundred times more, adding still works', async () => {
  await exhaust(140);
}, 60_000);
