import { beforeAll, describe, expect, it } from 'vitest';
import type { HubId, Week } from '../ids.ts';
import { TOKEN_BYTES } from '../postage.ts';
import { hex, randomBytes, sodiumReady } from '../sodium.ts';
import {
  type Evaluated, type IssuerKeyPair, blindTokens, drawOf, evaluateTokens, finishTokens, issuerKeyPair, nonceOfToken, tokenInfo, verifyToken, weekOfToken,
} from './tokens.ts';

const week = 2970 as Week;
const next = 2971 as Week;
let hub: HubId;
let issuer: IssuerKeyPair;
beforeAll(async () => {
  await sodiumReady();
  hub = randomBytes(16) as HubId;
  issuer = await issuerKeyPair(randomBytes(32));
});

const evaluate = async (blinded: readonly Uint8Array[], info = tokenInfo('postage', hub, week), key = issuer): Promise<Evaluated> =>
  (await evaluateTokens(key.secretKey, info, blinded)) as Evaluated;

describe('blind tokens', () => {
  it('are drawn by alice, who stored her state in between, and known to the issuer by what it never saw', async () => {
    const { blinded, state } = await blindTokens('postage', hub, week, 20);
    const reply = await evaluate(blinded);
    const tokens = (await finishTokens(new Uint8Array(state), reply, issuer.publicKey)) as readonly Uint8Array[];
    expect(tokens).toHaveLength(20);
    expect(new Set(tokens.map(hex)).size).toBe(20);
    for (const token of tokens) {
      expect(token).toHaveLength(TOKEN_BYTES);
      expect(weekOfToken(token)).toBe(week);
      expect(await verifyToken(issuer.secretKey, 'postage', hub, token)).toBe(true);
      // Nothing the relay saw while it evaluated is in the token, and nothing of the token was in the draw.
      const seen = [...blinded, ...reply.evaluated].map(hex).join(' ');
      expect(seen).not.toContain(hex(nonceOfToken(token)));
      expect(hex(token)).not.toContain(hex(blinded[0] as Uint8Array));
    }
  });

  it('say which draw a state was made for, so that the same request can be sent again', async () => {
    const { blinded, state } = await blindTokens('ticket', hub, week, 3);
    expect(drawOf(state)).toEqual({ kind: 'ticket', hub, week, blinded });
    for (const spoilt of [new Uint8Array(0), state.subarray(1), state.subarray(0, 21), Uint8Array.of(2, ...state.subarray(1))]) {
      expect(drawOf(spoilt)).toBeUndefined();
      expect(await finishTokens(spoilt, await evaluate(blinded), issuer.publicKey)).toBeUndefined();
    }
  });

  it('are refused by the device when another key evaluated, for all of a batch or for one of it', async () => {
    const { blinded, state } = await blindTokens('postage', hub, week, 3);
    const tagging = await issuerKeyPair(randomBytes(32));
    const honest = await evaluate(blinded);
    const tagged = await evaluate(blinded, undefined, tagging);
    expect(await finishTokens(state, tagged, issuer.publicKey)).toBeUndefined();
    expect(await finishTokens(state, honest, tagging.publicKey)).toBeUndefined();
    const mixed = [honest.evaluated[0], honest.evaluated[1], tagged.evaluated[2]] as Uint8Array[];
    expect(await finishTokens(state, { ...honest, evaluated: mixed }, issuer.publicKey)).toBeUndefined();
    expect(await finishTokens(state, honest, issuer.publicKey)).toHaveLength(3);
  });

  it('are refused by the device when evaluated for another week, kind or hub, or in another order', async () => {
    const { blinded, state } = await blindTokens('postage', hub, week, 2);
    const foreign = [tokenInfo('postage', hub, next), tokenInfo('ticket', hub, week), tokenInfo('postage', randomBytes(16) as HubId, week)];
    for (const info of foreign) expect(await finishTokens(state, await evaluate(blinded, info), issuer.publicKey)).toBeUndefined();
    const honest = await evaluate(blinded);
    expect(await finishTokens(state, { ...honest, evaluated: [...honest.evaluated].reverse() }, issuer.publicKey)).toBeUndefined();
    expect(await finishTokens(state, { ...honest, evaluated: honest.evaluated.slice(1) }, issuer.publicKey)).toBeUndefined();
  });

  it('are refused by the device when the reply is malformed anywhere', async () => {
    const { blinded, state } = await blindTokens('postage', hub, week, 1);
    const { evaluated, proof } = await evaluate(blinded);
    const element = evaluated[0] as Uint8Array;
    const badElements = [new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(0), element.subarray(1), new Uint8Array([...element, 0])];
    for (const bad of badElements) expect(await finishTokens(state, { evaluated: [bad], proof }, issuer.publicKey)).toBeUndefined();
    const badProofs = [new Uint8Array(0), new Uint8Array(64), new Uint8Array(64).fill(0xff), proof.subarray(1), new Uint8Array([...proof, 0])];
    for (const bad of badProofs) expect(await finishTokens(state, { evaluated, proof: bad }, issuer.publicKey)).toBeUndefined();
    for (const bad of [new Uint8Array(32), new Uint8Array(0), new Uint8Array(32).fill(0xff)]) expect(await finishTokens(state, { evaluated, proof }, bad)).toBeUndefined();
  });

  it('are no tokens with any other key, kind, hub or week, nor with any byte changed', async () => {
    const { blinded, state } = await blindTokens('postage', hub, week, 1);
    const [token] = (await finishTokens(state, await evaluate(blinded), issuer.publicKey)) as [Uint8Array];
    const verified = (bytes: Uint8Array, kind: 'postage' | 'ticket' = 'postage', where = hub, key = issuer) => verifyToken(key.secretKey, kind, where, bytes);
    expect(await verified(token)).toBe(true);
    expect(await verified(token, 'ticket')).toBe(false);
    expect(await verified(token, 'postage', randomBytes(16) as HubId)).toBe(false);
    expect(await verified(token, 'postage', hub, await issuerKeyPair(randomBytes(32)))).toBe(false);
    for (const at of [3, 4, 35, 36, 99]) {
      const changed = token.slice();
      changed[at] = (changed[at] as number) ^ 1;
      expect(await verified(changed), `byte ${at}`).toBe(false);
    }
    expect(await verified(token.subarray(1))).toBe(false);
    expect(await verified(new Uint8Array([...token, 0]))).toBe(false);
    expect(await verified(new Uint8Array(0))).toBe(false);
  });

  it('are evaluated only from canonical elements, 1 to 100 of them, and never from the identity', async () => {
    const info = tokenInfo('postage', hub, week);
    const { blinded } = await blindTokens('postage', hub, week, 2);
    const element = blinded[0] as Uint8Array;
    const bad = [new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(0), element.subarray(1), new Uint8Array([...element, 0])];
    for (const each of bad) expect(await evaluateTokens(issuer.secretKey, info, [element, each])).toBeUndefined();
    expect(await evaluateTokens(issuer.secretKey, info, [])).toBeUndefined();
    expect(await evaluateTokens(issuer.secretKey, info, Array.from({ length: 101 }, () => element))).toBeUndefined();
    await expect(blindTokens('postage', hub, week, 0)).rejects.toThrow(RangeError);
    await expect(blindTokens('postage', hub, week, 101)).rejects.toThrow(RangeError);
  });
});
