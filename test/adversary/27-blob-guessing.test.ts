/**
 * Mallory tries ids of blobs. One that was never there, one that is not complete, one that was deleted and one whose days
 * are over give her the same bytes after the same work, so she learns nothing of any of them.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { create, toBinary } from '@bufbuild/protobuf';
import { Packs } from '#server/blobs/packs.ts';
import { Database } from '#server/database/database.ts';
import { DeleteBlobSchema, ReadChunkSchema, WriteChunkSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { KiB, MiB, RETENTION_DAYS } from '#shared/limits.ts';
import { type WireBlob, wireBlob } from '../harness/blobs.ts';
import { type TestRelay, startTestRelay } from '../harness/relay.ts';
import { type TestCalendar, testCalendar } from '../harness/test-calendar.ts';
import { type Wire, WireHub, type WireReply, random } from '../harness/wire.ts';

const KINDS = ['absent', 'unfinished', 'deleted', 'expired', 'expired while unfinished'] as const;
type Kind = (typeof KINDS)[number];

let calendar: TestCalendar;
let relay: TestRelay;
let wire: Wire;
let hub: WireHub;
let blobs: Record<Kind | 'there', WireBlob>;
beforeAll(async () => {
  calendar = testCalendar();
  relay = await startTestRelay({ calendar });
  hub = await WireHub.found(relay);
  wire = hub.wire;
  const fresh = () => wireBlob(hub, 64 * KiB);
  const expired = await fresh().send();
  const late = wireBlob(hub, 2 * MiB);
  await late.open();
  await late.write(0);
  // Nobody has swept yet: their rows and bytes are still there.
  calendar.pass(RETENTION_DAYS.post + 1);
  const unfinished = wireBlob(hub, 2 * MiB);
  await unfinished.open();
  await unfinished.write(0);
  const deleted = await fresh().send();
  await deleted.delete();
  blobs = { 'absent': fresh(), unfinished, deleted, expired, 'expired while unfinished': late, 'there': await fresh().send() };
}, 120_000);
afterAll(() => relay.stop());

const CHUNK = random(64 * KiB);
/** What mallory may send: she knows an id at most, and no owner's secret. */
const REQUESTS: Readonly<Record<string, (blob: WireBlob) => Promise<WireReply>>> = {
  read: ({ blob }) => wire.raw('POST', '/v1/blobs/read', { body: toBinary(ReadChunkSchema, create(ReadChunkSchema, { blob, index: 0 })) }),
  write: ({ blob }) => wire.raw('POST', '/v1/blobs/write', {
    body: toBinary(WriteChunkSchema, create(WriteChunkSchema, { blob, ownerSecret: random(32), index: 0, chunk: CHUNK })),
  }),
  delete: ({ blob }) => wire.raw('POST', '/v1/blobs/delete', { body: toBinary(DeleteBlobSchema, create(DeleteBlobSchema, { blob, ownerSecret: random(32) })) }),
};

const ASKED = Object.keys(REQUESTS);

/** Everything of a reply that could tell one kind from another. */
const shown = ({ status, headers, body }: WireReply): string =>
  JSON.stringify([status, Buffer.from(body).toString('hex'), [...headers].filter(([name]) => name !== 'date').sort()]);

describe.each(ASKED)('attack 27 blob guessing: %s', (name) => {
  const ask = (blob: WireBlob): Promise<WireReply> => (REQUESTS[name] as (blob: WireBlob) => Promise<WireReply>)(blob);

  it('gives the same bytes and headers for every blob that is not there', async () => {
    const replies = await Promise.all(KINDS.map(async (kind) => [kind, await ask(blobs[kind])] as const));
    const [, first] = replies[0] as (typeof replies)[0];
    expect(first.refusal?.code).toBe('unknown-blob');
    for (const [kind, reply] of replies) expect([kind, shown(reply)]).toEqual([kind, shown(first)]);
    // To read, the id is enough; to change anything it is as good as none.
    expect((await ask(blobs.there)).status).toBe(name === 'read' ? 200 : 404);
    if (name !== 'read') expect(shown(await ask(blobs.there))).toBe(shown(first));
  });

  it('asks the database the same once, and the disk nothing', async () => {
    const query = vi.spyOn(Database.prototype, 'query');
    const transaction = vi.spyOn(Database.prototype, 'transaction');
    const disk = [vi.spyOn(Packs.prototype, 'get'), vi.spyOn(Packs.prototype, 'put'), vi.spyOn(Packs.prototype, 'erase')];
    const work = async (kind: Kind) => {
      query.mockClear();
      await ask(blobs[kind]);
      return query.mock.calls.map(([text]) => text.replace(/\s+/g, ' ')).filter((text) => text.includes('blob'));
    };
    const first = await work('absent');
    expect(first).toHaveLength(1);
    for (const kind of KINDS) expect([kind, await work(kind)]).toEqual([kind, first]);
    expect([transaction, ...disk].map((spy) => spy.mock.calls.length)).toEqual([0, 0, 0, 0]);
    vi.restoreAllMocks();
  });

  it('takes the same time, as far as a network shows it', async () => {
    const times = new Map<Kind, number[]>(KINDS.map((kind) => [kind, []]));
    for (let round = 0; round < 45; round += 1) {
      // In another order each time, so that nobody always follows the same one.
      for (const kind of [...KINDS.slice(round % KINDS.length), ...KINDS.slice(0, round % KINDS.length)]) {
        const began = performance.now();
        await ask(blobs[kind]);
        if (round >= 5) times.get(kind)?.push(performance.now() - began);
      }
    }
    // Of the quicker ones: what else the machine does meanwhile is in the slower, and what the relay does is in all.
    const quicker = [...times].map(([kind, all]) => [kind, all.sort((a, b) => a - b)[all.length >> 3] as number] as const);
    const values = quicker.map(([, ms]) => ms);
    const spread = Math.max(...values) / Math.min(...values);
    console.log(name, quicker.map(([kind, ms]) => `${kind} ${ms.toFixed(2)} ms`).join(', '));
    expect(spread, JSON.stringify(quicker)).toBeLessThan(2);
  });
});
