import { it } from 'vitest';
import { killClient } from './kill-client.ts';

it('a member killed twenty times while writing and changing the room loses and doubles nothing', async () => {
  console.log(await killClient(20));
});
