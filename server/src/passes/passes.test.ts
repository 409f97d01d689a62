import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PassRegisteredSchema, RegisterPassSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { weekOf } from '#shared/ids.ts';
import type { TestDatabase } from '../../../test/harness/postgres.ts';
import { drawTokens } from '../../../test/harness/purse.ts';
import { codeOf } from '../../../test/harness/refusals.ts';
import { type TestRelay, startTestRelay } from '../../../test/harness/relay.ts';
import { testCalendar } from '../../../test/harness/test-calendar.ts';
import { WireHub, type WirePass, random, randomPass } from '../../../test/harness/wire.ts';
import { parsePass } from './pass.guard.ts';

describe('passes and tickets', () => {
  const calendar = testCalendar();
  let relay: TestRelay & { readonly database: TestDatabase };
  let hub: WireHub;
  beforeAll(async () => {
    relay = await startTestRelay({ calendar, config: { newPassesPerWeek: 7 } });
    hub = await WireHub.found(relay);
  }, 60_000);
  afterAll(() => relay.stop());

  const draw = (count: number, kind: 'ticket' | 'postage' = 'ticket') => drawTokens(hub.wire, hub.hub, hub.pass, count, { kind, week: weekOf(calendar.today()) });
  const redeem = (ticket: Uint8Array, { id, secret }: WirePass) =>
    hub.wire.call('/v1/passes', RegisterPassSchema, { ticket, passId: id, passSecret: secret }, PassRegisteredSchema);

  it('make one pass each, and the same pass again; a used, a foreign, a spoilt one and postage make none', async () => {
    const [ticket, unused] = (await draw(2)) as [Uint8Array, Uint8Array];
    const bob = randomPass();
    expect(await codeOf(hub.wire.page(0, 0, bob))).toBe('no-pass');
    await redeem(ticket, bob);
    await redeem(ticket, bob);
    expect((await hub.wire.page(0, 0, bob)).head).toBe(0n);
    expect(await codeOf(redeem(ticket, randomPass()))).toBe('bad-ticket');
    expect(await codeOf(redeem(random(100), randomPass()))).toBe('bad-ticket');
    for (const size of [0, 32, 99, 101]) expect(await codeOf(redeem(random(size), randomPass()))).toBe('bad-field');
    expect(await codeOf(redeem(unused.map((byte, index) => (index === 50 ? byte ^ 1 : byte)), randomPass()))).toBe('bad-ticket');
    expect(await codeOf(redeem((await draw(1, 'postage'))[0] as Uint8Array, randomPass()))).toBe('bad-ticket');
    // A pass that is there is taken over by nobody, and the ticket stays good.
    expect(await codeOf(redeem(unused, { id: hub.pass.id, secret: randomPass().secret }))).toBe('bad-field');
    await redeem(unused, randomPass());
  });

  it('go to one of many who redeem one at once, and name neither who drew them nor whom they let in', async () => {
    const [ticket] = (await draw(1)) as [Uint8Array];
    const passes = Array.from({ length: 10 }, randomPass);
    await hub.wire.warmUp();
    const outcomes = await Promise.allSettled(passes.map((pass) => redeem(ticket, pass)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const rows = await relay.database.query<{ row: string }>('SELECT spent_tickets::text AS row FROM spent_tickets');
    expect(rows.map(({ row }) => row).join()).not.toContain(Buffer.from(hub.pass.id).toString('hex'));
    const winner = passes[outcomes.findIndex(({ status }) => status === 'fulfilled')] as WirePass;
    const dump = await relay.database.dump();
    expect(dump).toContain(Buffer.from(winner.id).toString('hex'));
    expect(dump).not.toContain(Buffer.from(winner.secret).toString('hex'));
  });

  it('are good for four weeks more, and what was spent is remembered as long', async () => {
    const [used, waiting, late] = (await draw(3)) as [Uint8Array, Uint8Array, Uint8Array];
    await redeem(used, randomPass());
    const week = weekOf(calendar.today());
    while (weekOf(calendar.today()) < week + 4) calendar.pass(1);
    await relay.restart();
    expect(await codeOf(redeem(used, randomPass()))).toBe('bad-ticket');
    await redeem(waiting, randomPass());
    while (weekOf(calendar.today()) < week + 5) calendar.pass(1);
    calendar.pass(1);
    expect(await codeOf(redeem(late, randomPass()))).toBe('bad-ticket');
    calendar.pass(5);
    await relay.restart();
    expect(await relay.database.query('SELECT week FROM spent_tickets WHERE week <= $1', [week])).toEqual([]);
  });

  it('make no more passes in a week than the operator allows, and wait for the next', async () => {
    const tickets = await draw(9);
    const outcomes = await Promise.allSettled(tickets.map((ticket) => redeem(ticket, randomPass())));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    const refused = tickets.filter((_, index) => outcomes[index]?.status === 'rejected');
    for (const ticket of refused) expect(await codeOf(redeem(ticket, randomPass()))).toBe('too-many');
    calendar.pass(7);
    for (const ticket of refused) await redeem(ticket, randomPass());
  });
});

describe('the Authorization header', () => {
  it('is read exactly, or not at all', () => {
    const text = Buffer.alloc(48, 7).toString('base64url');
    expect(parsePass(`Pass ${text}`)?.pass).toEqual(new Uint8Array(16).fill(7));
    for (const header of [undefined, '', text, `pass ${text}`, `Pass  ${text}`, `Pass ${text}A`, `Pass ${text.slice(1)}`, `Pass ${text}=`, `Bearer ${text}`]) {
      expect(parsePass(header)).toBeUndefined();
    }
  });
});
