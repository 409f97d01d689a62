/**
 * attack 23: mallory sits in alice's room, so she has its post key and signs as well as anybody. What limits her junk is
 * postage: no fresh token, no record, no mailbox, nothing; and one token is good for one thing at one of the hub's relays.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  FillPoolSchema, Kind, MailboxOpenedSchema, OpenMailboxSchema, OpenRendezvousSchema, PackageTakenSchema, PassRegisteredSchema, PoolFilledSchema, PostCommitSchema, PostRecordSchema,
  RecordPostedSchema, RegisterPassSchema, RendezvousOpenedSchema, TakePackageSchema,
} from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { type HubId, type MailboxId, type Week, weekOf } from '#shared/ids.ts';
import { KEY_PACKAGE_SIZES } from '#shared/limits.ts';
import { DROP_MAILBOX } from '#shared/mailboxes.ts';
import { TOKEN_BYTES } from '#shared/postage.ts';
import { openMailboxMessage } from '#shared/signing.ts';
import { issuerKeyPair, evaluateTokens, blindTokens, finishTokens, tokenInfo, weekOfToken } from '#shared/voprf/tokens.ts';
import type { TestDatabase } from '../harness/postgres.ts';
import { drawTokens } from '../harness/purse.ts';
import { codeOf } from '../harness/refusals.ts';
import { type TestRelay, startTestRelay } from '../harness/relay.ts';
import { testCalendar } from '../harness/test-calendar.ts';
import { Wire, WireHub, type WireMailbox, type WirePass, postKey, random, randomPass } from '../harness/wire.ts';

describe('attack 23: junk posts with a shared post key', () => {
  let relay: TestRelay & { readonly database: TestDatabase };
  let other: TestRelay;
  let hub: WireHub;
  let room: WireMailbox;
  beforeAll(async () => {
    relay = await startTestRelay();
    hub = await WireHub.found(relay);
    // A second relay on the same database: another node of the same hub.
    other = await startTestRelay({ database: relay.database });
    room = await hub.openMailbox();
  }, 60_000);
  afterAll(async () => {
    await other.stop();
    await relay.stop();
  });

  const count = async (table: string): Promise<number> =>
    (await relay.database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`))[0]?.count ?? 0;
  /** mallory's post: her signature is as good as alice's. */
  const junk = (postage: Uint8Array, body = random(1024)) => room.post(body, { postage });
  const codes = (outcomes: readonly PromiseSettledResult<unknown>[]): string[] =>
    outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [(outcome.reason as { code: string }).code] : []));

  it('are refused without postage, with made-up, foreign and stale tokens, and with too few', async () => {
    const before = await count('records');
    const [fresh, spent] = [await hub.purse.take(1), await hub.purse.take(1)];
    await junk(spent);
    const spoilt = (at: number) => fresh.map((byte, index) => (index === at ? byte ^ 1 : byte));
    const lastWeek = fresh.slice();
    new DataView(lastWeek.buffer).setUint32(0, (weekOfToken(fresh) as number) - 2);
    expect(await codeOf(junk(new Uint8Array(0)))).toBe('no-postage');
    expect(await codeOf(junk(fresh.subarray(1)))).toBe('no-postage');
    expect(await codeOf(junk(new Uint8Array(TOKEN_BYTES).fill(0xff)))).toBe('bad-postage');
    for (const at of [4, 35, 36, 99]) expect(await codeOf(junk(spoilt(at)))).toBe('bad-postage');
    expect(await codeOf(junk(lastWeek))).toBe('wrong-week');
    expect(await codeOf(junk(await mintedElsewhere()))).toBe('bad-postage');
    expect(await codeOf(junk(spent))).toBe('postage-spent');
    expect(await codeOf(room.post(random(65_536 * 4), { kind: Kind.NOTICE, postage: Buffer.concat([fresh, fresh, fresh, fresh]) }))).toBe('postage-spent');
    expect(await codeOf(room.post(random(65_536 * 4), { kind: Kind.NOTICE, postage: fresh }))).toBe('no-postage');
    expect(await codeOf(hub.wire.call('/v1/records', PostRecordSchema, { mailbox: DROP_MAILBOX, kind: Kind.DROP, body: random(16_384) }, RecordPostedSchema))).toBe('no-postage');
    // Nothing of that was stored, and the fresh token is still good.
    expect(await count('records')).toBe(before + 1);
    await junk(fresh);
    expect(await count('records')).toBe(before + 2);
  });

  it('get one record for one token, sent forty times at once to two relays of the hub', async () => {
    const before = await count('records');
    const token = await hub.purse.take(1);
    const there = new WireHub(new Wire(other.origin), hub.hub, hub.pass, hub.purse);
    const roomThere = Object.assign(await there.openMailbox(), { id: room.id, key: room.key });
    await Promise.all([hub.wire.warmUp(), there.wire.warmUp()]);
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, (_, index) => (index % 2 ? room : roomThere).post(random(1024), { postage: token })));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(new Set(codes(outcomes))).toEqual(new Set(['postage-spent']));
    expect(await count('records')).toBe(before + 1);
    expect(await codeOf(roomThere.post(random(1024), { postage: token }))).toBe('postage-spent');
    await relay.restart();
    expect(await codeOf(junk(token))).toBe('postage-spent');
  });

  it('get one thing for one token, whatever is asked for with it', async () => {
    const pool = random(16);
    const owner = random(32);
    const fill = (wire: Wire, postage: Uint8Array, into = random(16)) =>
      wire.call('/v1/pools', FillPoolSchema, { pool: into, ownerSecret: owner, packages: [random(KEY_PACKAGE_SIZES[0])], lastResort: random(KEY_PACKAGE_SIZES[0]), postage }, PoolFilledSchema);
    await fill(hub.wire, await hub.purse.take(1), pool);
    const key = postKey();
    for (let round = 0; round < 5; round += 1) {
      const token = await hub.purse.take(1);
      const tables = ['records', 'mailboxes', 'pools', 'rendezvous'];
      const before = await Promise.all(tables.map(count));
      const ask = (wire: Wire): Promise<unknown>[] => {
        const mailbox = random(16) as MailboxId;
        return [
          wire.call('/v1/mailboxes', OpenMailboxSchema, { mailbox, verifyKey: key.verifyKey, proof: key.sign(openMailboxMessage(hub.hub, mailbox, key.verifyKey)), postage: token }, MailboxOpenedSchema),
          wire.call('/v1/rendezvous/open', OpenRendezvousSchema, { rendezvous: random(16), ownerSecret: owner, postage: token }, RendezvousOpenedSchema),
          wire.call('/v1/records', PostRecordSchema, { mailbox: DROP_MAILBOX, kind: Kind.DROP, body: random(16_384), postage: token }, RecordPostedSchema),
          wire.call('/v1/pools/take', TakePackageSchema, { pool, postage: token }, PackageTakenSchema),
          fill(wire, token),
          junk(token),
        ];
      };
      const outcomes = await Promise.allSettled([...ask(hub.wire), ...ask(new Wire(other.origin))]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(new Set(codes(outcomes))).toEqual(new Set(['postage-spent']));
      const after = await Promise.all(tables.map(count));
      // Taking a package leaves no new row.
      expect(after.reduce((sum, rows, index) => sum + rows - (before[index] ?? 0), 0)).toBeLessThanOrEqual(1);
    }
  });

  it('cost their sender a token even when the signature is bad, and nobody else anything', async () => {
    const token = await hub.purse.take(1);
    expect(await codeOf(room.post(random(1024), { key: postKey(), postage: token }))).toBe('bad-signature');
    expect(await codeOf(junk(token))).toBe('postage-spent');
    // Every other refusal leaves the token good: a slot that moved on, a copy, a mailbox nobody knows.
    const kept = await hub.purse.take(1);
    const body = random(1024);
    const place = await room.post(body);
    expect(await codeOf(room.post(random(1024), { slot: 7, postage: kept }))).toBe('wrong-slot');
    expect(await codeOf(room.post(body, { postage: kept }))).toBe('duplicate-record');
    const stranger = Object.assign(await hub.openMailbox(), { id: random(16) });
    expect(await codeOf(stranger.post(random(1024), { postage: kept }))).toBe('unknown-mailbox');
    expect((await junk(kept)).seq).toBe(place.seq + 1);
  });

  it('take nothing from those who lose a race: every token that won no place is still good', async () => {
    const mailbox = await hub.openMailbox();
    const nexts = Array.from({ length: 20 }, () => postKey());
    const messages = await Promise.all(nexts.map((next) => mailbox.commitMessage(random(16_384), next)));
    const outcomes = await Promise.allSettled(messages.map((message) => hub.wire.call('/v1/commits', PostCommitSchema, message, RecordPostedSchema)));
    expect(new Set(codes(outcomes))).toEqual(new Set(['wrong-slot']));
    const [won] = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
    const losers = messages.flatMap(({ postage }, index) => (index === won ? [] : [postage as Uint8Array]));
    expect(losers).toHaveLength(19);
    await Promise.all(losers.map((postage) => mailbox.post(random(1024), { slot: 1, key: nexts[won as number] as (typeof nexts)[0], postage })));
    expect(await codeOf(mailbox.post(random(1024), { slot: 1, key: nexts[won as number] as (typeof nexts)[0], postage: messages[won as number]?.postage as Uint8Array }))).toBe('postage-spent');
  });

  it('do not stop anybody whose reply was lost from learning what became of their request', async () => {
    const token = await hub.purse.take(1);
    const body = random(1024);
    const place = await room.post(body, { postage: token });
    await expect(room.post(body, { postage: token })).rejects.toMatchObject({ code: 'duplicate-record', existing: place });
    const both = await Promise.allSettled([1, 2, 3].map(() => room.post(body, { postage: token })));
    expect(codes(both)).toEqual(['duplicate-record', 'duplicate-record', 'duplicate-record']);

    const key = postKey();
    const mailbox = random(16) as MailboxId;
    const proof = key.sign(openMailboxMessage(hub.hub, mailbox, key.verifyKey));
    const postage = await hub.purse.take(1);
    for (let time = 0; time < 3; time += 1) await hub.wire.call('/v1/mailboxes', OpenMailboxSchema, { mailbox, verifyKey: key.verifyKey, proof, postage }, MailboxOpenedSchema);
    const meeting = { rendezvous: random(16), ownerSecret: random(32), postage: await hub.purse.take(1) };
    for (let time = 0; time < 3; time += 1) await hub.wire.call('/v1/rendezvous/open', OpenRendezvousSchema, meeting, RendezvousOpenedSchema);
  });

  /** A token of this hub's, by every sign, made with mallory's own issuer key. */
  async function mintedElsewhere(): Promise<Uint8Array> {
    const own = await issuerKeyPair(random(32));
    const week = weekOfToken(await hub.purse.take(1));
    if (week === undefined) throw new Error('no token');
    const { blinded, state } = await blindTokens('postage', hub.hub as HubId, week, 1);
    const reply = await evaluateTokens(own.secretKey, tokenInfo('postage', hub.hub, week), blinded);
    const [token] = (reply && (await finishTokens(state, reply, own.publicKey))) ?? [];
    if (token === undefined) throw new Error('mallory cannot mint for herself');
    return token;
  }
});

it('attack 23: a pass that a ticket made draws no tickets of the week it was made in, so mallory cannot breed passes in an evening', async () => {
  const calendar = testCalendar();
  const relay = await startTestRelay({ calendar });
  const hub = await WireHub.found(relay);
  const tickets = (pass: WirePass, week: Week) => drawTokens(hub.wire, hub.hub, pass, 1, { kind: 'ticket', week });
  const goTo = (weekday: number) => {
    while ((calendar.today() + 3) % 7 !== weekday) calendar.pass(1);
    return weekOf(calendar.today());
  };
  // Tokens may be drawn across the turn of a week for a day on both sides: in the middle of one, on its last day, on its first.
  for (const [weekday, closed, open] of [[2, [0], 1], [6, [0, 1], 2], [0, [-1, 0], 1]] as const) {
    const week = goTo(weekday);
    const mallory = randomPass();
    const [ticket] = (await tickets(hub.pass, week)) as [Uint8Array];
    await hub.wire.call('/v1/passes', RegisterPassSchema, { ticket, passId: mallory.id, passSecret: mallory.secret }, PassRegisteredSchema);
    for (const weeks of closed) expect(await codeOf(tickets(mallory, (week + weeks) as Week)), `on day ${weekday}`).toBe('allowance-drawn');
    expect(await drawTokens(hub.wire, hub.hub, mallory, 1, { week }), 'postage').toHaveLength(1);
    // What the founder may and mallory may not is still open to her a week later.
    while (weekOf(calendar.today()) < week + open) calendar.pass(1);
    expect(await tickets(mallory, (week + open) as Week)).toHaveLength(1);
  }
  await relay.stop();
}, 60_000);
