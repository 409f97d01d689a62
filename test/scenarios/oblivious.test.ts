/**
 * Two hubs: members of A post through B. Somebody sits inside each and writes down everything its process sees; with A's
 * own key, A's listener opens what was sealed to A. Neither alone can tie an address to a mailbox.
 */
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRelay } from '#core/relay/http.ts';
import type { Relay } from '#core/relay/port.ts';
import { PostRecordSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { decodeRequest, type InnerRequest, PADDED_SIZES } from '#shared/ohttp/binary-http.ts';
import { decapsulateRequest, REQUEST_OVERHEAD } from '#shared/ohttp/encapsulation.ts';
import { Eavesdropper, fetchFrom, requestIn, type Heard } from '../harness/eavesdropper.ts';
import { foundHub, type TestPerson, until, welcome } from '../harness/people.ts';
import type { TestDatabase } from '../harness/postgres.ts';
import { freePort, startTestRelay, type TestRelay } from '../harness/relay.ts';

const ALICE = '127.0.0.11';
const BOB = '127.0.0.12';
const CAROL = '127.0.0.13';
const STRAIGHT = ['GET /v1/hub HTTP/1.1', 'GET /v1/log/0/N HTTP/1.1', 'POST /v1/postage/draw HTTP/1.1'];
/** Where hub B's own connections come from. */
const HUB_B = '127.0.0.1';

let a: TestRelay & { readonly database: TestDatabase };
let b: TestRelay & { readonly database: TestDatabase };
let insideA: Eavesdropper;
let insideB: Eavesdropper;
let alice: TestPerson;
let bob: TestPerson;
let room: string;

const relayFrom = (address: string) => (origin: string): Relay => createRelay(origin, { fetch: fetchFrom(address) });

beforeAll(async () => {
  const portOfB = await freePort();
  a = await startTestRelay({ neighbour: `http://127.0.0.1:${portOfB}` });
  b = await startTestRelay({ port: portOfB, forwardsTo: [a.origin] });
  insideA = new Eavesdropper(a.origin);
  insideB = new Eavesdropper(b.origin);
  alice = await foundHub(a.foundingLink as string, 'alice', { relayAt: relayFrom(ALICE) });
  bob = await welcome(alice, 'bob', { relayAt: relayFrom(BOB) });
  await alice.session.setNeighbour(b.origin);
  await bob.session.catchUp();
  room = await alice.session.createRoom('Stairwell B');
});
afterAll(async () => {
  insideA.end();
  insideB.end();
  await Promise.all([alice.session.close(), bob.session.close()]);
  await Promise.all([a.stop(), b.stop()]);
});

/** Every mailbox of the hub but the one for drops, which is everybody's. */
async function mailboxes(): Promise<Buffer[]> {
  const rows = await a.database.query<{ mailbox: Buffer }>('SELECT mailbox FROM mailboxes');
  return rows.map(({ mailbox }) => mailbox).filter((mailbox) => mailbox.some((byte) => byte !== 0));
}

const ENCODINGS = ['latin1', 'hex', 'base64', 'base64url'] as const;
/** Does it stand there, as bytes or in one of the usual letters? */
const holds = (seen: Buffer, secret: Uint8Array): boolean =>
  seen.includes(Buffer.from(secret)) || ENCODINGS.slice(1).some((encoding) => seen.toString('latin1').toLowerCase().includes(Buffer.from(secret.subarray(0, 15)).toString(encoding).toLowerCase()));

/** What hub A's machine makes of a connection, with every key it has. */
async function openedAtA(heard: Heard): Promise<InnerRequest | undefined> {
  const [row] = await a.database.query<{ gateway_secret: Buffer }>('SELECT gateway_secret FROM hub');
  const key = { keyId: 1, suite: 'xwing', secretKey: new Uint8Array(row?.gateway_secret ?? []) } as const;
  const opened = decapsulateRequest(key, new Uint8Array(requestIn(heard).body));
  return opened && decodeRequest(opened.request);
}

/** The addresses from which requests about any of the hub's mailboxes came, as hub A sees it. */
async function addressesAtMailboxes(): Promise<Set<string>> {
  const known = await mailboxes();
  const found = new Set<string>();
  for (const heard of insideA.heard) {
    const seen = Buffer.concat([heard.bytes, (await openedAtA(heard))?.body ?? new Uint8Array(0)]);
    if (known.some((mailbox) => holds(seen, mailbox))) found.add(heard.from);
  }
  return found;
}

describe('two hubs, and a listener inside each', () => {
  it('everybody reads in the bulletin which way posts go', async () => {
    for (const person of [alice, bob]) expect(await person.session.overview()).toMatchObject({ postsThrough: new URL(b.origin).host, waitingForNeighbour: false });
    expect([(await alice.session.overview()).maySetNeighbour, (await bob.session.overview()).maySetNeighbour]).toEqual([true, false]);
  });

  it('neither can tie an address to a mailbox: A sees mailboxes and B’s address, B sees addresses and padded ciphertext', async () => {
    insideA.forget();
    insideB.forget();
    await alice.add(room, 'bob');
    await bob.session.catchUp();
    await alice.say(room, 'the rent strike begins on Monday');
    await bob.say(room, 'bring soup');
    await alice.session.renewKeys(room);
    const own = await bob.session.createRoom('Kitchen');
    await bob.say(own, 'only me here');
    expect(await alice.texts(room)).toEqual(['the rent strike begins on Monday', 'bring soup']);

    // Hub A: mailboxes, from one address that is no member's. Members' own addresses come for reading alone.
    expect(await addressesAtMailboxes()).toEqual(new Set([HUB_B]));
    const straight = insideA.heard.filter(({ from }) => from !== HUB_B).map((heard) => requestIn(heard).line.replace(/\d+ HTTP/, 'N HTTP'));
    // All of it is asked with a pass, which posts nothing, or in the same words by everybody.
    expect(straight.filter((line) => !STRAIGHT.includes(line))).toEqual([]);
    expect(straight).toContain('GET /v1/log/0/N HTTP/1.1');
    const opened = await Promise.all(insideA.heard.filter(({ from }) => from === HUB_B).map(openedAtA));
    expect(opened.every((inner) => inner !== undefined)).toBe(true);
    const posts = opened.filter((inner) => inner?.path === '/v1/records').map((inner) => fromBinary(PostRecordSchema, inner?.body as Uint8Array));
    expect(posts.length).toBeGreaterThanOrEqual(3);

    // Hub B: the members' addresses, and nothing of the hub but that it is this one.
    expect([...new Set(insideB.heard.map(({ from }) => from))].sort()).toEqual([ALICE, BOB]);
    const all = Buffer.concat(insideB.heard.map(({ bytes }) => bytes));
    for (const mailbox of await mailboxes()) expect(holds(all, mailbox)).toBe(false);
    for (const { body } of posts) expect(holds(all, body.subarray(0, 32))).toBe(false);
    for (const heard of insideB.heard) {
      const { line, body } = requestIn(heard);
      expect(line).toBe(`POST /v1/oblivious/${new URL(a.origin).host} HTTP/1.1`);
      expect(PADDED_SIZES.map((size) => size + REQUEST_OVERHEAD)).toContain(body.length);
      expect(await gatewayOf(b, body)).toBeUndefined();
    }
    // What joins the two views is the order and the time: as many went in as came out.
    expect(insideB.heard).toHaveLength(opened.length);
  });

  it('a device that posted straight would be seen: the same listener ties its address to the mailbox', async () => {
    const carol = await welcome(alice, 'carol', { relayAt: (origin) => ({ ...relayFrom(CAROL)(origin), postThrough: () => undefined }) });
    await alice.add(room, 'carol');
    await carol.session.catchUp();
    insideA.forget();
    await carol.say(room, 'straight from my kitchen');
    expect(await addressesAtMailboxes()).toEqual(new Set([CAROL]));
    await carol.session.close();
  });

  it('while the neighbour is away posts wait, and take no other way; reading goes on', async () => {
    await b.stop();
    insideA.forget();
    const id = await alice.session.send(room, 'written while the neighbour was away');
    await until(async () => (await alice.session.overview()).waitingForNeighbour, 'alice to notice');
    await alice.session.catchUp();
    await alice.restart();
    expect((await alice.session.timeline(room)).items.at(-1)).toMatchObject({ text: 'written while the neighbour was away', state: 'sending' });
    await alice.session.catchUp();
    await until(async () => (await alice.session.overview()).waitingForNeighbour, 'alice to notice again');
    expect(await addressesAtMailboxes()).toEqual(new Set());
    await b.restart();
    await alice.session.nudge();
    await alice.session.delivered(room, id);
    expect((await alice.session.overview()).waitingForNeighbour).toBe(false);
    expect(await bob.texts(room)).toContain('written while the neighbour was away');
    expect(await addressesAtMailboxes()).toEqual(new Set([HUB_B]));
  });

  it('a neighbour that answers in the hub’s own words is not believed', async () => {
    const { host } = new URL(a.origin);
    let lies = true;
    const lying: typeof fetch = async (input, init) =>
      lies && String(input).includes(`/v1/oblivious/${host}`) ? await fetchFrom(CAROL)(`${a.origin}/v1/nowhere`, { method: 'POST' }) : fetchFrom(CAROL)(input, init);
    const dave = await welcome(alice, 'dave', { relayAt: (origin) => createRelay(origin, { fetch: (input, init) => lying(input, init) }) });
    await dave.session.createRoom('Cellar');
    await until(async () => (await dave.session.overview()).waitingForNeighbour, 'dave to notice');
    lies = false;
    await dave.session.nudge();
    await until(async () => !(await dave.session.overview()).waitingForNeighbour, 'the neighbour to carry');
    await dave.session.close();
  });

  it('a steward takes the neighbour out of the bulletin, and posts go straight again', async () => {
    await alice.session.setNeighbour(undefined);
    await bob.session.catchUp();
    expect((await bob.session.overview()).postsThrough).toBeUndefined();
    insideA.forget();
    await bob.say(room, 'straight again');
    expect(await addressesAtMailboxes()).toEqual(new Set([BOB]));
  });

  it('a neighbour is tried out before anybody waits for it', async () => {
    const set = (address: string, who = alice) => who.session.setNeighbour(address);
    await expect(set(b.origin, bob)).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(set('hub-b.example')).rejects.toMatchObject({ code: 'bad-address' });
    await expect(set('http://hub-b.example')).rejects.toMatchObject({ code: 'bad-address' });
    await expect(set('https://hub-c.example')).rejects.toMatchObject({ code: 'neighbour-not-named' });
    await b.stop();
    await expect(set(b.origin)).rejects.toMatchObject({ code: 'neighbour-offline' });
    const unwilling = await startTestRelay({ port: Number(new URL(b.origin).port) });
    await expect(set(b.origin)).rejects.toMatchObject({ code: 'neighbour-refuses' });
    await unwilling.stop();
    expect((await alice.session.overview()).postsThrough).toBeUndefined();
  });
});

async function gatewayOf(relay: { readonly database: TestDatabase }, body: Buffer): Promise<unknown> {
  const [row] = await relay.database.query<{ gateway_secret: Buffer }>('SELECT gateway_secret FROM hub');
  return decapsulateRequest({ keyId: 1, suite: 'xwing', secretKey: new Uint8Array(row?.gateway_secret ?? []) }, new Uint8Array(body));
}
