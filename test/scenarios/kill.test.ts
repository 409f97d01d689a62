/** Three kills each; kill-relay.long.ts and kill-client.long.ts kill twenty times. */
import { expect, it } from 'vitest';
import { killClient } from './kill-client.ts';
import { killRelay } from './kill-relay.ts';

it('a relay killed three times under load loses and doubles nothing it acknowledged', async () => {
  expect((await killRelay(3)).acknowledged).toBeGreaterThan(15);
});

it('a member killed three times while writing and changing the room loses and doubles nothing', async () => {
  const { acknowledged, changes, messages, tokens } = await killClient(3);
  expect(acknowledged).toBeGreaterThan(0);
  expect(changes).toBeGreaterThan(0);
  expect(messages, 'what she wrote was watched').toBeGreaterThan(0);
  expect(tokens, 'as was what she paid with').toBeGreaterThanOrEqual(messages);
});
