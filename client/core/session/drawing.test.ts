/** What a device draws over weeks, with a relay that evaluates whatever it is asked to. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toBinary } from '@bufbuild/protobuf';
import { QUICK_PACE } from '../../../test/harness/pace.ts';
import { memoryVaultHome } from '../../../test/harness/memory-vault.ts';
import { RelayRefusal } from '#shared/errors.ts';
import { DAY_MS, firstDayOf, type Week } from '#shared/ids.ts';
import { randomBytes, sodiumReady } from '#shared/sodium.ts';
import { evaluateTokens, issuerKeyPair, type IssuerKeyPair, tokenInfo } from '#shared/voprf/tokens.ts';
import { ProfileSchema } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import type { HubHello, Relay } from '../relay/port.ts';
import { createMls } from '../mls/mls.ts';
import { Device } from './device.ts';
import { Drawing } from './drawing.ts';
import type { Pace } from './pace.ts';
import type { Vault } from '../vault/port.ts';
import { foundingProfile } from './founding.ts';
import { payFor, stockOf, weekNow } from './postage-stock.ts';

const WEEK = 2_950 as Week;
const PASSPHRASE = 'four words and a bridge';

describe('drawing', () => {
  let issuer: IssuerKeyPair;
  let hello: HubHello;
  let now: number;
  let drawn: { kind: string; week: number; count: number }[];
  let relayWeek: Week | undefined;
  let device: Device;
  let drawing: Drawing;
  let pace: Pace;
  let vault: Vault;

  beforeAll(async () => {
    await sodiumReady();
    issuer = await issuerKeyPair(randomBytes(32));
  });
  beforeEach(async () => {
    now = firstDayOf(WEEK) * DAY_MS + 2 * DAY_MS;
    drawn = [];
    relayWeek = undefined;
    hello = { version: 1, hub: undefined, shards: 1, pageSize: 128, generations: [{ first: 0, count: 1, base: 0, heads: [] }], issuerKey: issuer.publicKey, allowance: { postage: 150, ticket: 9 }, gateway: new Uint8Array(0), neighbour: undefined };
    const link = `https://hub.example/#found=${Buffer.alloc(32, 7).toString('base64url')}`;
    const profile = foundingProfile(link, { name: 'alice', passphrase: PASSPHRASE }, hello, now);
    vault = await memoryVaultHome().create(PASSPHRASE);
    await vault.write([{ put: { collection: 'profile', scope: '', order: 0 }, value: toBinary(ProfileSchema, profile) }]);
    pace = QUICK_PACE;
    await load();
  });

  async function load(): Promise<void> {
    device = await Device.load({ vault, mls: createMls(), relayAt: () => relay, now: () => now, emit: () => undefined, pace });
    drawing = new Drawing(device);
    device.restock = (kind, count) => drawing.restock(kind, count);
    await drawing.greet(hello);
  }

  const relay = {
    drawTokens: async (_pass, { kind, week, blinded }) => {
      if (relayWeek !== undefined && week !== relayWeek) throw new RelayRefusal('wrong-week', { currentWeek: relayWeek });
      drawn.push({ kind, week, count: blinded.length });
      const evaluated = await evaluateTokens(issuer.secretKey, tokenInfo(kind, device.hub, week), blinded);
      if (evaluated === undefined) throw new RelayRefusal('bad-field');
      return { ...evaluated, left: 0 };
    },
  } satisfies Partial<Relay> as unknown as Relay;

  const counts = (kind: string, week: number = WEEK) => drawn.filter((draw) => draw.kind === kind && draw.week === week).map(({ count }) => count);

  /** Lets the device be for so long: pauses take no time but on its clock. */
  async function live(ms: number): Promise<number[]> {
    const [end, pauses] = [now + ms, [] as number[]];
    await drawing.goOn(async (pause) => {
      pauses.push(pause);
      now += pause;
    }, () => now >= end);
    return pauses;
  }

  test('a chunk at first, then the whole allowance of both kinds, with pauses by chance', async () => {
    await drawing.start();
    expect([counts('postage'), counts('ticket')]).toEqual([[64], [4]]);
    const pauses = await live(DAY_MS);
    expect([counts('postage'), counts('ticket')]).toEqual([[64, 64, 22], [4, 5]]);
    const [first = 0, second = 0] = pauses;
    expect(Math.min(first, second)).toBeGreaterThanOrEqual(60_000);
    expect(Math.max(first, second)).toBeLessThanOrEqual(180_000);
    expect(first).not.toBe(second);
  });

  test('every week, and nothing of a week that is over is kept', async () => {
    await drawing.start();
    await live(8 * DAY_MS);
    expect(weekNow(device)).toBe(WEEK + 1);
    expect([counts('postage', WEEK + 1), counts('ticket', WEEK + 1)]).toEqual([[64, 64, 22], [9]]);
    expect(stockOf(device.postage, 'postage', (WEEK + 1) as Week)).toBe(150);
    expect(stockOf(device.postage, 'postage', WEEK)).toBe(0);
  });

  test('nothing is drawn because something is to be sent: it waits for a moment by chance, and what waits for it leaves later still', async () => {
    pace = { ...QUICK_PACE, draw: [120, 120] };
    await load();
    await drawing.start();
    await device.change(async (draft) => payFor(draft, 64));
    const before = performance.now();
    const restocked = drawing.restock('postage', 1);
    expect(drawing.state).toMatchObject({ soon: true, waiting: false });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(counts('postage')).toEqual([64]);
    await restocked;
    expect(performance.now() - before).toBeGreaterThanOrEqual(230);
    expect(counts('postage')).toEqual([64, 64]);
    expect(drawing.state.soon).toBe(false);
  });

  test('the next week\'s on the last day of this one, and on the first day of the next the last one\'s pay: nobody draws on a Monday in order to post', async () => {
    await drawing.start();
    await live(DAY_MS);
    expect(counts('postage', WEEK + 1)).toEqual([]);
    await live(firstDayOf((WEEK + 1) as Week) * DAY_MS - now);
    expect(counts('postage', WEEK + 1)).toEqual([64, 64, 22]);
    const before = drawn.length;
    now = firstDayOf((WEEK + 1) as Week) * DAY_MS + 1_000;
    await device.change(async (draft) => payFor(draft, 100));
    expect([stockOf(device.postage, 'postage', WEEK), stockOf(device.postage, 'postage', (WEEK + 1) as Week)]).toEqual([50, 150]);
    now += DAY_MS;
    await device.change(async (draft) => payFor(draft, 100));
    expect([stockOf(device.postage, 'postage', WEEK), stockOf(device.postage, 'postage', (WEEK + 1) as Week)]).toEqual([50, 50]);
    expect(drawn.length).toBe(before);
  });

  test('when the stock is empty and something waits; then no more than there is', async () => {
    await drawing.start();
    const spend = (cost: number) => device.change(async (draft) => payFor(draft, cost));
    await spend(62);
    await expect(spend(5)).rejects.toMatchObject({ code: 'no-postage' });
    await drawing.restock('postage', 5);
    await spend(5);
    await drawing.restock('postage', 78);
    await spend(78);
    await expect(drawing.restock('postage', 6)).rejects.toMatchObject({ code: 'no-postage' });
    expect(drawing.state).toMatchObject({ left: 5, waiting: true, renewsAt: firstDayOf((WEEK + 1) as Week) * DAY_MS });
    expect(counts('postage')).toEqual([64, 64, 22]);
  });

  test('what pays is kept for the same thing, topped up where it costs more, and never goes back', async () => {
    await drawing.start();
    const first = await device.change(async (draft) => payFor(draft, 1));
    const more = await device.change(async (draft) => payFor(draft, 3, first));
    expect(more.subarray(0, 100)).toEqual(first);
    const again = await device.change(async (draft) => payFor(draft, 3, more));
    expect(again).toEqual(more);
    expect(stockOf(device.postage, 'postage', WEEK)).toBe(64 - 3);
    now += 7 * DAY_MS;
    await drawing.restock('postage', 3);
    const later = await device.change(async (draft) => payFor(draft, 3, more));
    expect(later.subarray(0, 100)).not.toEqual(more.subarray(0, 100));
  });

  test('by the relay\'s week where the clock is within a day of the turn, and by no other', async () => {
    relayWeek = (WEEK + 1) as Week;
    await drawing.start();
    expect(counts('postage', WEEK + 1)).toEqual([]);
    expect(drawing.state.problem).toBe('other-week');
    now = firstDayOf((WEEK + 1) as Week) * DAY_MS - 3_600_000;
    await drawing.restock('postage', 1);
    expect(counts('postage', WEEK + 1)).toEqual([64]);
    expect(drawing.state.problem).toBeUndefined();
  });
});
