import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { create, toBinary } from '@bufbuild/protobuf';
import { Kind, PostCommitSchema, PostRecordSchema, RecordPostedSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { DROP_MAILBOX } from '#shared/mailboxes.ts';
import { codeOf, refusalOf } from '../../../test/harness/refusals.ts';
import { type TestRelay, startTestRelay } from '../../../test/harness/relay.ts';
import { WireHub, postKey, random } from '../../../test/harness/wire.ts';

let relay: TestRelay;
let hub: WireHub;

beforeAll(async () => {
  relay = await startTestRelay();
  hub = await WireHub.found(relay);
}, 60_000);
afterAll(() => relay.stop());

describe('posting', () => {
  it('gives 64 concurrent posters sequence numbers without gaps, and the pages show every body in that order', async () => {
    const mailboxes = await Promise.all(Array.from({ length: 8 }, () => hub.openMailbox()));
    const posted = new Map<number, Buffer>();
    await Promise.all(Array.from({ length: 64 }, async (_, poster) => {
      for (let count = 0; count < 5; count += 1) {
        const body = random(1024);
        const { seq } = await (mailboxes[poster % 8] as (typeof mailboxes)[0]).post(body);
        expect(posted.has(seq)).toBe(false);
        posted.set(seq, Buffer.from(body));
      }
    }));
    const records = await hub.wire.readAll(0, hub.pass);
    expect(records.map(({ seq }) => Number(seq))).toEqual(records.map((_, index) => index + 1));
    for (const [seq, body] of posted) expect(body.equals(records[seq - 1]?.body as Uint8Array)).toBe(true);
  });

  it('lets one of fifty commits win; the losers learn the slot, and the old key is dead', async () => {
    const mailbox = await hub.openMailbox();
    const old = mailbox.key;
    const nexts = Array.from({ length: 50 }, () => postKey());
    const outcomes = await Promise.allSettled(nexts.map(async (next) =>
      hub.wire.call('/v1/commits', PostCommitSchema, await mailbox.commitMessage(random(16_384), next), RecordPostedSchema)));
    const winners = outcomes.flatMap((outcome, index) => (outcome.status === 'fulfilled' ? [index] : []));
    expect(winners).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'wrong-slot', currentSlot: 1 });
    }
    expect(await refusalOf(mailbox.post(random(1024), { slot: 0 }))).toMatchObject({ code: 'wrong-slot', currentSlot: 1 });
    expect(await codeOf(mailbox.post(random(1024), { slot: 1, key: old }))).toBe('bad-signature');
    await mailbox.post(random(1024), { slot: 1, key: nexts[winners[0] as number] as (typeof nexts)[0] });
  });

  it('refuses a body that is there already and says where, even after the slot has moved on', async () => {
    const mailbox = await hub.openMailbox();
    const body = random(1024);
    const place = await mailbox.post(body);
    expect(await refusalOf(mailbox.post(body))).toMatchObject({ code: 'duplicate-record', existing: place });
    const oldKey = mailbox.key;
    await mailbox.commit();
    expect(await refusalOf(mailbox.post(body, { slot: 0, key: oldKey }))).toMatchObject({ code: 'duplicate-record', existing: place });
  });

  it('keeps one of many copies of a body that arrive together', async () => {
    const mailbox = await hub.openMailbox();
    const body = random(1024);
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => mailbox.post(body)));
    const placed = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(placed).toHaveLength(1);
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'duplicate-record', existing: placed[0] });
  });

  it('tells the sender of a commit whose reply was lost where it stands', async () => {
    const mailbox = await hub.openMailbox();
    const message = await mailbox.commitMessage(random(16_384), postKey());
    const { seq } = await hub.wire.call('/v1/commits', PostCommitSchema, message, RecordPostedSchema);
    expect(await refusalOf(hub.wire.call('/v1/commits', PostCommitSchema, message, RecordPostedSchema)))
      .toMatchObject({ code: 'duplicate-record', existing: { shard: 0, seq: Number(seq) } });
  });

  it('refuses signatures by another key, over another body, another kind, and commits without proof of the next key', async () => {
    const mailbox = await hub.openMailbox();
    expect(await codeOf(mailbox.post(random(1024), { key: postKey() }))).toBe('bad-signature');
    const next = postKey();
    const message = await mailbox.commitMessage(random(16_384), next);
    const send = async (fields: object) =>
      hub.wire.call('/v1/commits', PostCommitSchema, { ...message, postage: await hub.purse.take(1), ...fields }, RecordPostedSchema);
    expect(await codeOf(send({ nextProof: random(64) }))).toBe('bad-signature');
    expect(await codeOf(send({ nextVerifyKey: postKey().verifyKey }))).toBe('bad-signature');
    expect(await codeOf(send({ nextVerifyKey: random(32) }))).toBe('bad-signature');
    expect(await codeOf(send({ body: random(16_384) }))).toBe('bad-signature');
    const notice = await mailbox.post(random(16_384), { kind: Kind.NOTICE });
    expect(notice.seq).toBeGreaterThan(0);
  });

  it('knows only mailboxes that were opened, and opens each once with a proof', async () => {
    const mailbox = await hub.openMailbox();
    expect(await codeOf(hub.openMailbox(mailbox.id))).toBe('mailbox-exists');
    expect(await codeOf(hub.openMailbox(DROP_MAILBOX))).toBe('mailbox-exists');
    const stranger = await hub.openMailbox();
    Object.assign(stranger, { id: random(16) });
    expect(await codeOf(stranger.post())).toBe('unknown-mailbox');
  });

  it('takes drops into the drop mailbox alone, and nothing else there', async () => {
    const { seq } = await hub.drop();
    const records = await hub.wire.readAll(0, hub.pass);
    expect(records[seq - 1]).toMatchObject({ kind: Kind.DROP, slot: 0n, mailbox: new Uint8Array(16) });
    const mailbox = await hub.openMailbox();
    const send = (fields: object) =>
      hub.wire.call('/v1/records', PostRecordSchema, { mailbox: DROP_MAILBOX, kind: Kind.DROP, body: random(16_384), ...fields }, RecordPostedSchema);
    expect(await codeOf(send({ mailbox: mailbox.id }))).toBe('bad-field');
    expect(await codeOf(send({ slot: 1n }))).toBe('bad-field');
    expect(await codeOf(send({ signature: random(64) }))).toBe('bad-field');
    expect(await codeOf(send({ kind: Kind.POST, signature: random(64), body: random(1024) }))).toBe('bad-field');
    expect(await codeOf(send({ kind: Kind.COMMIT }))).toBe('bad-field');
  });

  it('takes bodies of the allowed sizes only', async () => {
    const mailbox = await hub.openMailbox();
    for (const size of [0, 1, 1023, 1025, 65_537, 262_144]) expect(await codeOf(mailbox.post(random(size)))).toBe('bad-field');
    for (const size of [1024, 4096, 16_384, 65_536]) await mailbox.post(random(size));
    for (const size of [0, 1024, 4095, 16_385]) expect(await codeOf(hub.drop(random(size)))).toBe('bad-field');
    for (const size of [4096, 16_384]) await hub.drop(random(size));
    const large = random(4 * 1024 * 1024);
    const { seq } = await mailbox.post(large, { kind: Kind.NOTICE });
    const records = await hub.wire.readAll(0, hub.pass);
    expect(Buffer.compare(records[seq - 1]?.body as Uint8Array, large)).toBe(0);
  });

  it('stops reading a body that is too large', async () => {
    const body = toBinary(PostRecordSchema, create(PostRecordSchema, { mailbox: DROP_MAILBOX, kind: Kind.DROP, body: new Uint8Array(6 * 1024 * 1024) }));
    expect((await hub.wire.raw('POST', '/v1/records', { body })).refusal?.code).toBe('too-large');
    expect((await hub.wire.raw('POST', '/v1/found', { body })).refusal?.code).toBe('too-large');
  });
});
