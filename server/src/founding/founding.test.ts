import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HubId } from '#shared/ids.ts';
import { Purse } from '../../../test/harness/purse.ts';
import type { TestDatabase } from '../../../test/harness/postgres.ts';
import { codeOf } from '../../../test/harness/refusals.ts';
import { type TestRelay, foundingTokenIn, startTestRelay } from '../../../test/harness/relay.ts';
import { Wire, WireHub, random, randomPass } from '../../../test/harness/wire.ts';

describe('founding', () => {
  let relay: TestRelay & { readonly database: TestDatabase };
  beforeAll(async () => {
    relay = await startTestRelay({ publicUrl: 'https://hub.example.org' });
  }, 60_000);
  afterAll(() => relay.stop());

  it('waits for its founder: the link names the public address and carries the token behind the #', async () => {
    expect(relay.foundingLink).toMatch(/^https:\/\/hub\.example\.org\/#found=[A-Za-z0-9_-]{43}$/);
    const wire = new Wire(relay.origin);
    expect(await wire.hello()).toMatchObject({ version: 1, shards: 1, pageSize: 128, hub: new Uint8Array(0) });
    const early = new WireHub(wire, random(16) as HubId, randomPass(), new Purse(async () => [random(100)]));
    expect(await codeOf(early.openMailbox())).toBe('not-founded');
    expect(await codeOf(early.drop())).toBe('not-founded');
  });

  it('takes the latest link only, once; the same request again is not an error, any other is', async () => {
    const wire = new Wire(relay.origin);
    const old = foundingTokenIn(relay.foundingLink as string);
    await relay.restart();
    const token = foundingTokenIn(relay.foundingLink as string);
    const hub = random(16) as HubId;
    const alice = randomPass();
    expect(await codeOf(wire.found(old, hub, alice))).toBe('bad-founding-link');
    expect(await codeOf(wire.found(random(32), hub, alice))).toBe('bad-founding-link');
    const outcomes = await Promise.allSettled([wire.found(token, hub, alice), ...Array.from({ length: 5 }, () => wire.found(token, random(16) as HubId, randomPass()))]);
    const winners = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(winners).toHaveLength(1);
    if (outcomes[0]?.status !== 'fulfilled') return;
    await wire.found(token, hub, alice);
    expect(await codeOf(wire.found(token, random(16) as HubId, alice))).toBe('already-founded');
    expect(await codeOf(wire.found(token, hub, randomPass()))).toBe('already-founded');
    expect(await codeOf(wire.found(random(32), hub, alice))).toBe('already-founded');
    await relay.restart();
    expect(relay.foundingLink).toBeUndefined();
    await wire.found(token, hub, alice);
    expect((await wire.hello()).hub).toEqual(hub);
  });
});
