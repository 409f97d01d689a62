import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FillPoolSchema, PackageTakenSchema, PoolFilledSchema, TakePackageSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { poolCost } from '#shared/postage.ts';
import { codeOf } from '../../../test/harness/refusals.ts';
import { type TestRelay, startTestRelay } from '../../../test/harness/relay.ts';
import { type Wire, WireHub, random } from '../../../test/harness/wire.ts';

let relay: TestRelay;
let hub: WireHub;
let wire: Wire;
beforeAll(async () => {
  relay = await startTestRelay();
  hub = await WireHub.found(relay);
  wire = hub.wire;
}, 60_000);
afterAll(() => relay.stop());

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function poolOf(owner = random(32), pool = random(16)) {
  return {
    pool,
    fill: async (packages: Uint8Array[], lastResort: Uint8Array = new Uint8Array(0), ownerSecret = owner) =>
      wire.call('/v1/pools', FillPoolSchema, { pool, ownerSecret, packages, lastResort, postage: await hub.purse.take(poolCost([...packages, lastResort])) }, PoolFilledSchema),
    take: async () => wire.call('/v1/pools/take', TakePackageSchema, { pool, postage: await hub.purse.take(1) }, PackageTakenSchema),
  };
}

describe('key-package pools', () => {
  it('hands each package out once, also to many at a time, then the last-resort one again and again', async () => {
    const bob = poolOf();
    const packages = Array.from({ length: 20 }, () => random(8192));
    const last = random(8192);
    expect((await bob.fill(packages, last)).waiting).toBe(20);
    await wire.warmUp();
    const taken = await Promise.all(packages.map(() => bob.take()));
    expect(taken.map((each) => hex(each.package)).sort()).toEqual(packages.map(hex).sort());
    expect(taken.some(({ lastResort }) => lastResort)).toBe(false);
    expect(await bob.take()).toMatchObject({ package: last, lastResort: true });
  });

  it('costs a token for each 64 KiB', async () => {
    const packages = Array.from({ length: 100 }, () => random(16_384));
    const pay = async (tokens: number) =>
      wire.call('/v1/pools', FillPoolSchema, { pool: random(16), ownerSecret: random(32), packages, lastResort: random(4096), postage: await hub.purse.take(tokens) }, PoolFilledSchema);
    for (const tokens of [1, 25]) expect(await codeOf(pay(tokens))).toBe('no-postage');
    expect((await pay(26)).waiting).toBe(100);
  });

  it('is empty without a last-resort package, and unknown before it was filled', async () => {
    const carol = poolOf();
    expect(await codeOf(carol.take())).toBe('unknown-pool');
    await carol.fill([]);
    expect(await codeOf(carol.take())).toBe('pool-empty');
  });

  it('keeps the last-resort package when none is given, and replaces it when one is', async () => {
    const dave = poolOf();
    const [first, second] = [random(4096), random(4096)];
    await dave.fill([], first);
    await dave.fill([]);
    expect((await dave.take()).package).toEqual(first);
    await dave.fill([], second);
    expect((await dave.take()).package).toEqual(second);
  });

  it('belongs to whoever filled it first, and holds 200', async () => {
    const erin = poolOf();
    const hundred = Array.from({ length: 100 }, () => random(4096));
    await erin.fill(hundred);
    expect((await erin.fill(hundred)).waiting).toBe(200);
    expect(await codeOf(erin.fill([random(4096)]))).toBe('pool-full');
    expect(await codeOf(erin.fill([], new Uint8Array(0), random(32)))).toBe('not-owner');
    expect(await codeOf(erin.fill([...hundred, random(4096)]))).toBe('bad-field');
    for (const size of [0, 1, 4095, 4097, 16_383, 16_385]) {
      expect(await codeOf(erin.fill([random(size)]))).toBe('bad-field');
      if (size > 0) expect(await codeOf(erin.fill([], random(size)))).toBe('bad-field');
    }
    const full = poolOf();
    expect((await full.fill(Array.from({ length: 100 }, () => random(16_384)), random(16_384))).waiting).toBe(100);
  });
});
