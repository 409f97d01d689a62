import { expect, it } from 'vitest';
import type { PassId, Week } from '#shared/ids.ts';
import { blindTokens, evaluateTokens, issuerKeyPair, tokenInfo } from '#shared/voprf/tokens.ts';
import { sodiumReady } from '#shared/sodium.ts';
import type { HubId } from '#shared/ids.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LastDraws } from './last-draws.ts';

const pass = new Uint8Array(16) as PassId;
const draw = (request: string, more: { pass?: PassId; kind?: number } = {}) => ({ pass, kind: 1, week: 7 as Week, requestHash: Buffer.from(request), ...more });
const reply = { evaluated: [], proof: new Uint8Array(0) };

it('the same draw again and again is computed once, also while it is computed; another one anew', async () => {
  const last = new LastDraws();
  let computed = 0;
  const compute = async () => {
    computed += 1;
    return reply;
  };
  const answers = await Promise.all(Array.from({ length: 50 }, () => last.of(draw('one'), compute)));
  expect([computed, new Set(answers).size]).toEqual([1, 1]);
  await last.of(draw('one', { kind: 2 }), compute);
  await last.of(draw('one', { pass: new Uint8Array(16).fill(1) as PassId }), compute);
  await last.of(draw('one'), compute);
  expect(computed).toBe(3);
  await last.of(draw('two'), compute);
  await last.of(draw('one'), compute);
  expect(computed).toBe(5);
});

it('what failed is tried again; what is no element stays refused without being looked at again', async () => {
  const last = new LastDraws();
  await expect(last.of(draw('one'), () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await last.of(draw('one'), async () => undefined)).toBeUndefined();
  expect(await last.of(draw('one'), async () => reply)).toBeUndefined();
});

it('a full draw is computed in many turns, between which others have theirs', async () => {
  await sodiumReady();
  const hub = new Uint8Array(16) as HubId;
  const { secretKey } = await issuerKeyPair(new Uint8Array(32));
  const { blinded } = await blindTokens('postage', hub, 7 as Week, 100);
  let [turns, isOver] = [0, false];
  const others = (async () => {
    for (; !isOver; turns += 1) await nextTurn();
  })();
  await evaluateTokens(secretKey, tokenInfo('postage', hub, 7 as Week), blinded, nextTurn);
  isOver = true;
  await others;
  expect(turns).toBeGreaterThanOrEqual(15);
});
