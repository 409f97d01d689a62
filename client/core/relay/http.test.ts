/** The adapter against a relay that answers well, badly, slowly, endlessly, or not at all. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PROTOBUF_HEADERS, PuppetRelay, refuse, reply, type Say } from '../../../test/harness/puppet-relay.ts';
import * as wire from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { HubId, MailboxId, PassId, PoolId, PostVerifyKey, RendezvousId, Secret32, ShardIndex, Signature, Slot, Week } from '#shared/ids.ts';
import { createRelay } from './http.ts';
import type { Relay } from './port.ts';

const bytes = <T>(length: number, filling: number) => new Uint8Array(length).fill(filling) as unknown as T;
const pass = { id: bytes<PassId>(16, 0xa1), secret: bytes<Secret32>(32, 0xa2) };
const mailbox = bytes<MailboxId>(16, 7);
const postage = bytes<Uint8Array>(100, 3);
const post = { postage, mailbox, kind: 'post' as const, slot: 3 as Slot, body: bytes<Uint8Array>(1024, 1), signature: bytes<Signature>(64, 2) };
const shard = 0 as ShardIndex;

let puppet: PuppetRelay;
let relay: Relay;
beforeEach(async () => {
  puppet = await PuppetRelay.start();
  relay = createRelay(puppet.origin);
});
afterEach(() => puppet.stop());

const unreachable = expect.objectContaining({ name: 'RelayUnreachable' });

describe('a relay that behaves', () => {
  test('is asked for each thing at its path, with the pass only where it belongs', async () => {
    const key = bytes<PostVerifyKey>(32, 4);
    const signature = bytes<Signature>(64, 5);
    const secret = bytes<Secret32>(32, 6);
    const rendezvous = bytes<RendezvousId>(16, 8);
    const pool = bytes<PoolId>(16, 9);
    const hub = bytes<HubId>(16, 3);
    const calls: [path: string, anonymous: boolean, answer: Say, call: () => Promise<unknown>, expected: unknown][] = [
      ['/v1/hub', true, reply(wire.HubHelloSchema, { version: 1, shards: 4, pageSize: 128 }), () => relay.hello(),
        { version: 1, hub: undefined, shards: 4, pageSize: 128, generations: [{ first: 0, count: 4, base: 0, heads: [] }], issuerKey: new Uint8Array(0), allowance: { postage: 0, ticket: 0 }, gateway: new Uint8Array(0), neighbour: undefined }],
      ['/v1/hub', true, reply(wire.HubHelloSchema, { version: 1, hub, shards: 1, pageSize: 128, issuerKey: key, allowance: { postage: 500, tickets: 9 } }), () => relay.hello(),
        { version: 1, hub, shards: 1, pageSize: 128, generations: [{ first: 0, count: 1, base: 0, heads: [] }], issuerKey: key, allowance: { postage: 500, ticket: 9 }, gateway: new Uint8Array(0), neighbour: undefined }],
      ['/v1/found', true, reply(wire.HubFoundedSchema, {}), () => relay.found({ token: secret, hub, pass }), undefined],
      ['/v1/postage/draw', false, reply(wire.TokensDrawnSchema, { evaluated: [key, key], proof: signature, left: 7 }),
        () => relay.drawTokens(pass, { kind: 'postage', week: 2_900 as Week, blinded: [key, key] }), { evaluated: [key, key], proof: signature, left: 7 }],
      ['/v1/passes', true, reply(wire.PassRegisteredSchema, {}), () => relay.registerPass(secret, pass), undefined],
      ['/v1/mailboxes', true, reply(wire.MailboxOpenedSchema, {}), () => relay.openMailbox({ postage, mailbox, verifyKey: key, proof: signature }), undefined],
      ['/v1/records', true, reply(wire.RecordPostedSchema, { shard: 1, seq: 9n }), () => relay.post(post), { shard: 1, seq: 9 }],
      ['/v1/commits', true, reply(wire.RecordPostedSchema, { shard: 0, seq: 10n }),
        () => relay.commit({ ...post, signature, nextVerifyKey: key, nextProof: signature }), { shard: 0, seq: 10 }],
      ['/v1/pools', true, reply(wire.PoolFilledSchema, { waiting: 2 }),
        () => relay.fillPool({ postage, pool, ownerSecret: secret, packages: [key, key] }), { waiting: 2 }],
      ['/v1/pools/take', true, reply(wire.PackageTakenSchema, { package: key, lastResort: true }), () => relay.takePackage({ pool, postage }),
        { sealed: key, lastResort: true }],
      ['/v1/rendezvous/open', true, reply(wire.RendezvousOpenedSchema, {}), () => relay.openRendezvous({ postage, rendezvous, ownerSecret: secret }), undefined],
      ['/v1/rendezvous/claim', true, reply(wire.RendezvousClaimedSchema, {}),
        () => relay.claimRendezvous({ rendezvous, claimSecret: secret, body: key }), undefined],
      ['/v1/rendezvous/answer', true, reply(wire.RendezvousAnsweredSchema, {}),
        () => relay.answerRendezvous({ rendezvous, ownerSecret: secret, body: key }), undefined],
      ['/v1/rendezvous/read', true, reply(wire.RendezvousStateSchema, { claim: key, refusedClaims: 2 }), () => relay.readRendezvous({ rendezvous, secret }),
        { claim: key, answer: undefined, refusedClaims: 2 }],
      ['/v1/log/0/0', false, reply(wire.LogPageSchema, { head: 0n }), () => relay.readPage(pass, shard, 0),
        { complete: false, head: 0, records: [], expired: [] }],
    ];
    for (const [path, anonymous, answer, call, expected] of calls) {
      puppet.say = answer;
      expect(await call()).toEqual(expected);
      const asked = puppet.asked.at(-1);
      expect(asked?.path).toBe(path);
      expect(asked?.headers.authorization === undefined, path).toBe(anonymous);
      expect(asked?.headers.cookie).toBeUndefined();
      expect(asked?.headers.referer).toBeUndefined();
    }
    const shown = puppet.asked.find((asked) => asked.path === '/v1/postage/draw')?.headers.authorization;
    expect(shown).toBe(`Pass ${Buffer.concat([pass.id, pass.secret]).toString('base64url')}`);
  });

  test('gets every field of a post and of a commit', async () => {
    puppet.say = reply(wire.RecordPostedSchema, { shard: 0, seq: 1n });
    await relay.post({ ...post, kind: 'drop', signature: undefined });
    expect(fromBinary(wire.PostRecordSchema, puppet.asked[0]?.body as Uint8Array))
      .toEqual(create(wire.PostRecordSchema, { mailbox, kind: wire.Kind.DROP, slot: 3n, body: post.body, postage }));
    const next = { nextVerifyKey: bytes<PostVerifyKey>(32, 4), nextProof: bytes<Signature>(64, 5) };
    await relay.commit({ postage, mailbox, slot: 2 ** 40 as Slot, body: post.body, signature: post.signature, ...next });
    expect(fromBinary(wire.PostCommitSchema, puppet.asked[1]?.body as Uint8Array))
      .toEqual(create(wire.PostCommitSchema, { mailbox, slot: 2n ** 40n, body: post.body, signature: post.signature, ...next, postage }));
  });

  test('asks the browser for neither cookies, referrer, redirects nor a cached answer', async () => {
    const seen: RequestInit[] = [];
    const watched = createRelay(puppet.origin, { fetch: (input, init) => (seen.push(init as RequestInit), fetch(input, init)) });
    puppet.say = reply(wire.RecordPostedSchema, { shard: 0, seq: 1n });
    await watched.post(post);
    expect(seen[0]).toMatchObject({ credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'error', cache: 'no-store' });
    puppet.say = reply(wire.LogPageSchema, {});
    await watched.readPage(pass, shard, 0);
    expect(seen[1]).toMatchObject({ credentials: 'same-origin', cache: 'default' });
    await watched.readPage(pass, shard, 0, { fresh: true });
    expect(seen[2]).toMatchObject({ credentials: 'same-origin', cache: 'reload' });
  });

  test('a call whose body tells the pass goes with those that show it, not with the anonymous ones', async () => {
    const secret = bytes<Secret32>(32, 6);
    const on: string[] = [];
    const through = (line: string): typeof fetch => (input, init) => (on.push(`${line} ${init?.credentials}`), fetch(input, init));
    const watched = createRelay(puppet.origin, { fetch: through('known'), anonymousFetch: through('anonymous') });
    puppet.say = reply(wire.PassRegisteredSchema, {});
    await watched.registerPass(secret, pass);
    puppet.say = reply(wire.HubFoundedSchema, {});
    await watched.found({ token: secret, hub: bytes<HubId>(16, 3), pass });
    puppet.say = reply(wire.RecordPostedSchema, { shard: 0, seq: 1n });
    await watched.post(post);
    expect(on).toEqual(['known same-origin', 'known same-origin', 'anonymous omit']);
  });

  test('refuses with a code and what belongs to it', async () => {
    puppet.say = refuse(409, { code: 'wrong-slot', currentSlot: 12n });
    await expect(relay.post(post)).rejects.toMatchObject({ name: 'RelayRefusal', code: 'wrong-slot', currentSlot: 12 });
    puppet.say = refuse(409, { code: 'wrong-slot' });
    await expect(relay.post(post)).rejects.toMatchObject({ code: 'wrong-slot', currentSlot: 0 });
    puppet.say = refuse(409, { code: 'duplicate-record', seq: 55n, shard: 2 });
    await expect(relay.post(post)).rejects.toMatchObject({ code: 'duplicate-record', existing: { shard: 2, seq: 55 } });
    puppet.say = refuse(409, { code: 'wrong-week', currentWeek: 2_901 });
    await expect(relay.post(post)).rejects.toMatchObject({ code: 'wrong-week', currentWeek: 2_901 });
    puppet.say = refuse(401, { code: 'no-pass' });
    await expect(relay.readPage(pass, shard, 0)).rejects.toMatchObject({ name: 'RelayRefusal', code: 'no-pass' });
  });

  test('gives a page with what it keeps and what it let expire', async () => {
    const record = (seq: number, kind: wire.Kind) => ({ seq: BigInt(seq), mailbox, kind, slot: 1n, body: Uint8Array.of(seq & 255) });
    puppet.say = reply(wire.LogPageSchema, {
      page: 1n, complete: true, head: 300n, records: [record(130, wire.Kind.POST), record(200, wire.Kind.COMMIT)],
      expired: [{ first: 129n, last: 129n }, { first: 131n, last: 150n }],
    });
    expect(await relay.readPage(pass, shard, 1)).toEqual({
      complete: true, head: 300,
      records: [
        { seq: 130, mailbox, kind: 'post', slot: 1, body: Uint8Array.of(130) },
        { seq: 200, mailbox, kind: 'commit', slot: 1, body: Uint8Array.of(200) },
      ],
      expired: [{ first: 129, last: 129 }, { first: 131, last: 150 }],
    });
  });

  test('may take its time for a large page, as long as bytes keep coming', async () => {
    const body = bytes<Uint8Array>(256 * 1024, 1);
    const page = toBinary(wire.LogPageSchema, create(wire.LogPageSchema, { head: 1n, records: [{ seq: 1n, mailbox, kind: wire.Kind.POST, body }] }));
    puppet.say = (_asked, response) => {
      response.writeHead(200, PROTOBUF_HEADERS);
      const pieces = Array.from({ length: 10 }, (_, i) => page.subarray(i * 27_000, (i + 1) * 27_000));
      const next = () => (pieces.length > 0 ? (response.write(pieces.shift()), setTimeout(next, 60)) : response.end());
      next();
    };
    // Ten pieces at 60 ms take twice `baseMs`; the bytes themselves buy the rest.
    const patient = createRelay(puppet.origin, { timeouts: { baseMs: 300, idleMs: 5000, bytesPerSecond: 60_000 } });
    expect((await patient.readPage(pass, shard, 0)).records[0]?.body).toEqual(body);
  });
});

describe('a relay that does not', () => {
  const record = { seq: 5n, mailbox, kind: wire.Kind.POST, slot: 0n, body: Uint8Array.of(1) };
  const page = (fields: Parameters<typeof create<typeof wire.LogPageSchema>>[1]) => reply(wire.LogPageSchema, { head: 100n, ...fields });
  const raw = (status: number, headers: Record<string, string>, body: string | Uint8Array): Say => (_asked, response) =>
    void response.writeHead(status, headers).end(body);

  test.each<[string, Say]>([
    ['HTML from a proxy', raw(200, { 'content-type': 'text/html' }, '<h1>Log in to the network</h1>')],
    ['no content type', raw(200, {}, new Uint8Array(0))],
    ['an error page', raw(502, { 'content-type': 'text/html' }, 'Bad Gateway')],
    ['an error without a body', raw(500, {}, '')],
    ['garbage', raw(200, PROTOBUF_HEADERS, Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff))],
    ['a redirect', raw(302, { location: '/elsewhere' }, '')],
    ['a refusal with a code nobody knows', refuse(400, { code: 'because' })],
    ['a refusal that is a property of every object', refuse(400, { code: 'toString' })],
    ['a duplicate that is nowhere', refuse(409, { code: 'duplicate-record' })],
    ['a refusal as long as a book', refuse(400, { code: 'malformed', sentence: 'x'.repeat(10_000) })],
    ['a page of another shard', page({ shard: 1 })],
    ['another page', page({ page: 4n })],
    ['a record of another page', page({ records: [{ ...record, seq: 129n }] })],
    ['a record above the head', page({ records: [{ ...record, seq: 101n }] })],
    ['a record numbered zero', page({ records: [{ ...record, seq: 0n }] })],
    ['records out of order', page({ records: [record, { ...record, seq: 4n }] })],
    ['one number twice', page({ records: [record, record] })],
    ['a record without a kind', page({ records: [{ ...record, kind: wire.Kind.UNSPECIFIED }] })],
    ['a record of a new kind', page({ records: [{ ...record, kind: 9 as wire.Kind }] })],
    ['a record without a body', page({ records: [{ ...record, body: new Uint8Array(0) }] })],
    ['a short mailbox', page({ records: [{ ...record, mailbox: new Uint8Array(15) }] })],
    ['a slot beyond numbers', page({ records: [{ ...record, slot: 2n ** 60n }] })],
    ['a body over the limit', page({ records: [{ ...record, body: new Uint8Array(4 * 1024 * 1024 + 1) }] })],
    ['an expired run that ends before it starts', page({ expired: [{ first: 9n, last: 8n }] })],
    ['an expired run of another page', page({ expired: [{ first: 100n, last: 200n }] })],
    ['a record both kept and expired', page({ records: [record], expired: [{ first: 1n, last: 9n }] })],
    ['a head beyond numbers', page({ head: 2n ** 63n })],
  ])('is unreachable: %s', async (_what, say) => {
    puppet.say = say;
    await expect(relay.readPage(pass, shard, 0)).rejects.toEqual(unreachable);
  });

  test.each<[string, Say, (relay: Relay) => Promise<unknown>]>([
    ['a hello of no version', reply(wire.HubHelloSchema, { shards: 1, pageSize: 128 }), (r) => r.hello()],
    ['three shards', reply(wire.HubHelloSchema, { version: 1, shards: 3, pageSize: 128 }), (r) => r.hello()],
    ['generations out of order', reply(wire.HubHelloSchema, { version: 1, shards: 1, pageSize: 128, generations: [{ first: 1, count: 1, heads: [5n] }, { first: 0, count: 1, base: 128n }] }), (r) => r.hello()],
    ['a base below what was counted', reply(wire.HubHelloSchema, { version: 1, shards: 1, pageSize: 128, generations: [{ count: 1, heads: [200n] }, { first: 1, count: 1, base: 128n }] }), (r) => r.hello()],
    ['heads of the newest generation', reply(wire.HubHelloSchema, { version: 1, shards: 1, pageSize: 128, generations: [{ count: 1, heads: [1n] }] }), (r) => r.hello()],
    ['numbers no log will ever have', reply(wire.HubHelloSchema, { version: 1, shards: 1, pageSize: 128, generations: [{ count: 1, base: 2n ** 53n - 128n }] }), (r) => r.hello()],
    ['more generations than there can be', reply(wire.HubHelloSchema, { version: 1, shards: 1, pageSize: 128, generations: Array.from({ length: 257 }, (_, first) => ({ first, count: 1, heads: first < 256 ? [0n] : [] })) }), (r) => r.hello()],
    ['a gateway that nothing can be sealed to', reply(wire.HubHelloSchema, { version: 1, shards: 1, pageSize: 128, gateway: new Uint8Array(40) }), (r) => r.hello()],
    ['other pages', reply(wire.HubHelloSchema, { version: 1, shards: 1, pageSize: 64 }), (r) => r.hello()],
    ['half a hub', reply(wire.HubHelloSchema, { version: 1, hub: new Uint8Array(8), shards: 1, pageSize: 128 }), (r) => r.hello()],
    ['a post that is nowhere', reply(wire.RecordPostedSchema, {}), (r) => r.post(post)],
    ['an empty package', reply(wire.PackageTakenSchema, {}), (r) => r.takePackage({ pool: bytes<PoolId>(16, 1), postage })],
    ['a hello without end', raw(200, PROTOBUF_HEADERS, new Uint8Array(100_000)), (r) => r.hello()],
  ])('is unreachable: %s', async (_what, say, call) => {
    puppet.say = say;
    await expect(call(relay)).rejects.toEqual(unreachable);
  });

  test('is unreachable when every truncation of a good reply comes instead', async () => {
    const whole = toBinary(wire.LogPageSchema, create(wire.LogPageSchema, { head: 100n, records: [record] }));
    for (let length = 1; length < whole.length; length += 1) {
      puppet.say = raw(200, PROTOBUF_HEADERS, whole.subarray(0, length));
      const outcome = await relay.readPage(pass, shard, 0).then((reply) => reply.records.length, (error: Error) => error.name);
      // Cut right after `head` it is a valid, empty page: gaps are for the domain to notice.
      expect(['RelayUnreachable', 0]).toContain(outcome);
    }
  });

  test('is unreachable when it cuts the line, says nothing, stops halfway or drips', async () => {
    relay = createRelay(puppet.origin, { timeouts: { baseMs: 400, idleMs: 200, bytesPerSecond: 1e6 } });
    puppet.say = (_asked, response) => void response.destroy();
    await expect(relay.post(post)).rejects.toEqual(unreachable);
    puppet.say = (_asked, response) => {
      response.writeHead(200, { ...PROTOBUF_HEADERS, 'content-length': '100' }).write('x');
      setTimeout(() => response.destroy(), 20);
    };
    await expect(relay.post(post)).rejects.toEqual(unreachable);
    puppet.say = () => undefined;
    await expect(relay.post(post)).rejects.toEqual(unreachable);
    puppet.say = (_asked, response) => void response.writeHead(200, PROTOBUF_HEADERS).write('x');
    await expect(relay.post(post)).rejects.toEqual(unreachable);
    let drops = 0;
    puppet.say = (_asked, response) => {
      response.writeHead(200, PROTOBUF_HEADERS);
      const timer = setInterval(() => ((drops += 1), response.write('\0')), 50);
      response.on('close', () => clearInterval(timer));
    };
    await expect(relay.post(post)).rejects.toEqual(unreachable);
    expect(drops).toBeLessThan(20);
  });

  test('is unreachable when it sends without end, and is not listened to any longer', async () => {
    let sent = 0;
    const closed = new Promise<void>((resolve) => {
      puppet.say = (_asked, response) => {
        response.writeHead(200, PROTOBUF_HEADERS).on('close', resolve);
        const flood = () => {
          while (!response.destroyed && response.write(new Uint8Array(65_536))) sent += 65_536;
        };
        response.on('drain', flood);
        flood();
      };
    });
    await expect(relay.hello()).rejects.toEqual(unreachable);
    await closed;
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  test('is unreachable when it is not there', async () => {
    const { origin } = puppet;
    await puppet.stop();
    await expect(createRelay(origin).hello()).rejects.toEqual(unreachable);
    puppet = await PuppetRelay.start();
  });

  test('an address that is none is a mistake of the caller', () => {
    expect(() => createRelay('ftp://hub.example')).toThrow(TypeError);
    expect(() => createRelay('not an address')).toThrow(TypeError);
  });
});
