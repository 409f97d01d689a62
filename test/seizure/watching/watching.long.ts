/**
 * The second run: the server is alive and somebody inside writes down every request with its address. Ten people post straight, then the
 * same people post through a neighbour hub, whose listener writes down everything as well. Prints what each of them learns.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeRequest } from '#shared/ohttp/binary-http.ts';
import { decapsulateRequest } from '#shared/ohttp/encapsulation.ts';
import { Eavesdropper } from '../../harness/eavesdropper.ts';
import { foundHub, type TestPerson, until, welcome } from '../../harness/people.ts';
import { freePort, startTestRelay } from '../../harness/relay.ts';
import { relayFrom } from '../addressed.ts';
import { learnedFrom, type Learned } from './learned.ts';
import { type Request, requestsOf } from './requests.ts';

const PEOPLE = 10;
const ROOMS = 4;
const SAYS = 3;
const addressOf = (index: number): string => `127.0.1.${index + 10}`;

type Hub = Awaited<ReturnType<typeof startTestRelay>>;
let a: Hub, b: Hub;
let insideA: Eavesdropper, insideB: Eavesdropper;
const people: TestPerson[] = [];
/** Who is in which room, by their places in `people`. */
const rooms: { readonly mailbox: string; readonly members: readonly number[] }[] = [];

beforeAll(async () => {
  const portOfB = await freePort();
  a = await startTestRelay({ neighbour: `http://127.0.0.1:${portOfB}` });
  b = await startTestRelay({ port: portOfB, forwardsTo: [a.origin] });
  insideA = new Eavesdropper(a.origin);
  insideB = new Eavesdropper(b.origin);
  for (let i = 0; i < PEOPLE; i += 1) {
    const options = { live: true, relayAt: (origin: string) => relayFrom(addressOf(i), origin) };
    people.push(i === 0 ? await foundHub(a.foundingLink as string, 'person 0', options) : await welcome(people[0] as TestPerson, `person ${i}`, options));
  }
  for (let i = 0; i < ROOMS; i += 1) {
    const founder = people[0] as TestPerson;
    const mailbox = await founder.session.createRoom(`room ${i}`);
    const members = [0, ...people.keys()].filter((index, at) => at === 0 || (index > 0 && index % ROOMS === i) || index === i + 1).filter((index, at, all) => all.indexOf(index) === at);
    for (const index of members.slice(1)) {
      await founder.add(mailbox, `person ${index}`);
      await until(async () => (await people[index]?.session.rooms())?.some(({ id }) => id === mailbox) === true, `person ${index} to come in`);
    }
    rooms.push({ mailbox, members });
  }
}, 600_000);
afterAll(async () => {
  for (const person of people) await person.session.close();
  await Promise.all([a.stop(), b.stop()]);
});

/** Everybody says something in each of their rooms. @returns how many posts that were */
async function everybodySpeaks(): Promise<number> {
  insideA.forget();
  insideB.forget();
  let posts = 0;
  for (let round = 0; round < SAYS; round += 1) {
    for (const { mailbox, members } of rooms) {
      for (const index of members) {
        await people[index]?.say(mailbox, `person ${index} in round ${round}`);
        posts += 1;
      }
    }
  }
  return posts;
}

/** With hub A's own key, what was sealed to it is opened; it came from the neighbour. */
async function openedAtA(requests: readonly Request[]): Promise<Request[]> {
  const [row] = await a.database.query<{ gateway_secret: Buffer }>('SELECT gateway_secret FROM hub');
  const key = { keyId: 1, suite: 'xwing', secretKey: new Uint8Array(row?.gateway_secret ?? []) } as const;
  return requests.flatMap((request) => {
    if (request.path !== '/v1/gateway') return [request];
    const opened = decapsulateRequest(key, new Uint8Array(request.body));
    const inner = opened && decodeRequest(opened.request);
    return inner === undefined ? [] : [{ ...request, path: inner.path, body: Buffer.from(inner.body) }];
  });
}

const MEMBERSHIPS = () => rooms.reduce((sum, { members }) => sum + members.length, 0);

/** How many of the true pairs of an address and a mailbox were learned, and how many addresses of people stand beside any mailbox at all. */
function ties({ mailboxes }: Learned): { right: number; addresses: number } {
  const right = rooms.reduce((sum, { mailbox, members }) => sum + members.filter((index) => mailboxes.get(addressOf(index))?.has(mailbox) === true).length, 0);
  return { right, addresses: people.filter((_, index) => (mailboxes.get(addressOf(index))?.size ?? 0) > 0).length };
}
const addressesWithPass = ({ passes }: Learned): number => people.filter((_, index) => (passes.get(addressOf(index))?.size ?? 0) > 0).length;

/** Both listeners put their notes together: what reaches the neighbour from an address goes on from there a moment later. */
function tiedByTiming(atA: readonly Request[], atB: readonly Request[]): number {
  const pairs = new Set<string>();
  const carried = learnedFrom(atA).posts;
  for (const { address, at, path } of atB) {
    if (!path.startsWith('/v1/oblivious/')) continue;
    const next = carried.filter((post) => post.at >= at).sort((x, y) => x.at - y.at)[0];
    if (next !== undefined) pairs.add(`${address} ${next.mailbox}`);
  }
  return rooms.reduce((sum, { mailbox, members }) => sum + members.filter((index) => pairs.has(`${addressOf(index)} ${mailbox}`)).length, 0);
}

it('a logging server ties addresses to mailboxes when people post straight, and not when they post through a neighbour', async () => {
  const opening = learnedFrom(insideA.heard.flatMap(requestsOf));
  const straightPosts = await everybodySpeaks();
  const straight = learnedFrom(insideA.heard.flatMap(requestsOf));

  await people[0]?.session.setNeighbour(b.origin);
  for (const person of people) await until(async () => (await person.session.overview()).postsThrough !== undefined, 'everybody to know the way');
  const carriedPosts = await everybodySpeaks();
  const atA = await openedAtA(insideA.heard.flatMap(requestsOf));
  const atB = insideB.heard.flatMap(requestsOf);
  const carried = learnedFrom(atA);
  const neighbour = learnedFrom(atB);

  const of = (found: number, all: number): string => `${found === 0 ? 'nothing' : found} of ${all}`;
  const rows = [
    ['what the listener learns', 'posting straight', 'through a neighbour', 'at the neighbour'],
    ['addresses with the pass that reads there', of(addressesWithPass(opening), PEOPLE), of(addressesWithPass(opening), PEOPLE), of(addressesWithPass(neighbour), PEOPLE)],
    ['memberships: an address and a mailbox it posts to', of(ties(straight).right, MEMBERSHIPS()), of(ties(carried).right, MEMBERSHIPS()), of(ties(neighbour).right, MEMBERSHIPS())],
    ['posts with mailbox, padded size and exact time', of(straight.posts.length, straightPosts), of(carried.posts.length, carriedPosts), of(neighbour.posts.length, carriedPosts)],
    ['addresses that posted something at some time', of(ties(straight).addresses, PEOPLE), of(ties(carried).addresses, PEOPLE), of(new Set(atB.map(({ address }) => address)).size, PEOPLE)],
    ['different ways of reading', String(differentReads(straight)), String(differentReads(carried)), 'nobody reads there'],
    ['memberships, when both put their notes together by time', '', of(tiedByTiming(atA, atB), MEMBERSHIPS()), 'the same'],
  ];
  console.log(rows.map((row) => `| ${row.join(' | ')} |`).join('\n'));

  expect(ties(straight)).toEqual({ right: MEMBERSHIPS(), addresses: PEOPLE });
  expect(straight.posts).toHaveLength(straightPosts);
  expect(ties(carried)).toEqual({ right: 0, addresses: 0 });
  expect(carried.posts).toHaveLength(carriedPosts);
  expect(ties(neighbour)).toEqual({ right: 0, addresses: 0 });
  expect(addressesWithPass(neighbour)).toBe(0);
  expect(differentReads(straight)).toBeLessThanOrEqual(1);
}, 900_000);

/** With open tails nobody reads pages; whoever does must read what everybody reads. */
const differentReads = ({ reads }: Learned): number => new Set([...reads.values()].map((paths) => [...new Set(paths)].sort().join(' '))).size;
