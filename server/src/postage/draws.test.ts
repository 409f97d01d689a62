import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RelayRefusal } from '#shared/errors.ts';
import { DrawTokensSchema, TokenKind, TokensDrawnSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { type Week, weekOf } from '#shared/ids.ts';
import { sodiumReady } from '#shared/sodium.ts';
import { blindTokens, finishTokens } from '#shared/voprf/tokens.ts';
import type { TestDatabase } from '../../../test/harness/postgres.ts';
import { drawTokens } from '../../../test/harness/purse.ts';
import { codeOf } from '../../../test/harness/refusals.ts';
import { type TestRelay, startTestRelay } from '../../../test/harness/relay.ts';
import { testCalendar } from '../../../test/harness/test-calendar.ts';
import { WireHub, type WirePass, randomPass } from '../../../test/harness/wire.ts';

describe('drawing tokens', () => {
  const calendar = testCalendar();
  let relay: TestRelay & { readonly database: TestDatabase };
  let hub: WireHub;
  beforeAll(async () => {
    await sodiumReady();
    relay = await startTestRelay({ calendar, config: { postagePerWeek: 250, ticketsPerWeek: 3 } });
    hub = await WireHub.found(relay);
  }, 60_000);
  afterAll(() => relay.stop());

  const week = (): Week => weekOf(calendar.today());
  const send = (blinded: readonly Uint8Array[], options: { kind?: TokenKind; week?: number; pass?: WirePass } = {}) =>
    hub.wire.call('/v1/postage/draw', DrawTokensSchema, { kind: TokenKind.POSTAGE, week: week(), blinded: [...blinded], ...options }, TokensDrawnSchema, options.pass ?? hub.pass);
  const fresh = async (count = 1) => (await blindTokens('postage', hub.hub, week(), count)).blinded;
  /** Passes with fresh allowances, as tickets would make them. */
  const newPass = async (): Promise<WirePass> => {
    const pass = randomPass();
    await relay.database.query("INSERT INTO passes (pass, secret_hash) VALUES ($1, sha256($2))", [Buffer.from(pass.id), Buffer.from(pass.secret)]);
    return pass;
  };

  it('tells the issuer key and the allowance to everybody, the same key after a restart', async () => {
    const hello = await hub.wire.hello();
    expect(hello.issuerKey).toHaveLength(32);
    expect(hello.allowance).toMatchObject({ postage: 250, tickets: 3 });
    await relay.restart();
    expect((await hub.wire.hello()).issuerKey).toEqual(hello.issuerKey);
  });

  it('gives each pass its allowance of each kind, says what is left, and no more', async () => {
    const pass = await newPass();
    expect((await send(await fresh(100), { pass })).left).toBe(150);
    expect((await send(await fresh(100), { pass })).left).toBe(50);
    expect(await codeOf(send(await fresh(51), { pass }))).toBe('allowance-drawn');
    expect((await send(await fresh(50), { pass })).left).toBe(0);
    expect(await codeOf(send(await fresh(1), { pass }))).toBe('allowance-drawn');
    expect(await drawTokens(hub.wire, hub.hub, pass, 3, { kind: 'ticket', week: week() })).toHaveLength(3);
    expect(await codeOf(drawTokens(hub.wire, hub.hub, pass, 1, { kind: 'ticket', week: week() }))).toBe('allowance-drawn');
    expect(await codeOf(drawTokens(hub.wire, hub.hub, await newPass(), 4, { kind: 'ticket', week: week() }))).toBe('allowance-drawn');
    calendar.pass(7);
    expect((await send(await fresh(100), { pass })).left).toBe(150);
  });

  it('answers exactly the same request again without counting it again', async () => {
    const pass = await newPass();
    const { blinded, state } = await blindTokens('postage', hub.hub, week(), 100);
    const { issuerKey } = await hub.wire.hello();
    for (let time = 0; time < 5; time += 1) {
      const reply = await send(blinded, { pass });
      expect(reply.left).toBe(150);
      expect(await finishTokens(state, reply, issuerKey)).toHaveLength(100);
    }
    await send(await fresh(1), { pass });
    // Only the latest is remembered; an older one is a draw like any other.
    expect((await send(blinded, { pass })).left).toBe(49);
  });

  it('counts draws of one pass that arrive together', async () => {
    const pass = await newPass();
    const draws = await Promise.all(Array.from({ length: 12 }, () => fresh(50)));
    const outcomes = await Promise.allSettled(draws.map((blinded) => send(blinded, { pass })));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect((outcome.reason as RelayRefusal).code).toBe('allowance-drawn');
  });

  it('draws for this week, and across the turn for both, and names the current one', async () => {
    // To the middle of a week.
    while ((calendar.today() + 3) % 7 !== 3) calendar.pass(1);
    const pass = await newPass();
    const one = await fresh();
    for (const wrong of [week() - 1, week() + 1, 0, 4_294_967_295]) {
      const refusal = await send(one, { pass, week: wrong }).catch((error: RelayRefusal) => error);
      expect(refusal).toMatchObject({ code: 'wrong-week', currentWeek: week() });
    }
    calendar.pass(3);
    await send(one, { pass, week: week() + 1 });
    expect(await codeOf(send(one, { pass, week: week() - 1 }))).toBe('wrong-week');
    calendar.pass(1);
    await send(one, { pass, week: week() - 1 });
    expect(await codeOf(send(one, { pass, week: week() + 1 }))).toBe('wrong-week');
  });

  it('needs a pass, a kind, and canonical elements', async () => {
    const one = await fresh();
    expect(await codeOf(send(one, { pass: randomPass() }))).toBe('no-pass');
    expect(await codeOf(send(one, { kind: TokenKind.UNSPECIFIED }))).toBe('bad-field');
    expect(await codeOf(send(one, { kind: 7 as TokenKind }))).toBe('bad-field');
    expect(await codeOf(send([]))).toBe('bad-field');
    expect(await codeOf(send(Array.from({ length: 101 }, () => one[0] as Uint8Array)))).toBe('bad-field');
    for (const bad of [new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(31)]) expect(await codeOf(send([bad]))).toBe('bad-field');
  });
});
