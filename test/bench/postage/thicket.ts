/** Postage as relay and device do it. */
import type { HubId, Week } from '#shared/ids.ts';
import { randomBytes } from '#shared/sodium.ts';
import { type BlindedTokens, blindTokens, evaluateTokens, finishTokens, issuerKeyPair, tokenInfo, verifyToken } from '#shared/voprf/tokens.ts';
import { type Issuance, must } from './issuance.ts';

/** @param batch tokens of one draw. @param count checks of one round */
export async function thicketIssuance(seed: Uint8Array, batch: number, count: number): Promise<Issuance> {
  const { secretKey, publicKey } = await issuerKeyPair(seed);
  const hub = randomBytes(16) as HubId;
  const week = 2970 as Week;
  const info = tokenInfo('postage', hub, week);
  let drawn: BlindedTokens = await blindTokens('postage', hub, week, batch);
  const reply = must(await evaluateTokens(secretKey, info, drawn.blinded));
  const asked = drawn;
  const [token] = must(await finishTokens(asked.state, reply, publicKey));
  return {
    verify: {
      operations: count,
      run: async () => {
        for (let i = 0; i < count; i += 1) must(await verifyToken(secretKey, 'postage', hub, must(token)));
      },
    },
    evaluate: { operations: 1, run: async () => void must(await evaluateTokens(secretKey, info, drawn.blinded)) },
    blind: {
      operations: 1,
      run: async () => {
        drawn = await blindTokens('postage', hub, week, batch);
      },
    },
    finish: { operations: 1, run: async () => void must(await finishTokens(asked.state, reply, publicKey)) },
  };
}
