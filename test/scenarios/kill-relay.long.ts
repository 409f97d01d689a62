import { it } from 'vitest';
import { killRelay } from './kill-relay.ts';

it('a relay killed twenty times under load loses and doubles nothing it acknowledged', async () => {
  console.log(await killRelay(20));
});
