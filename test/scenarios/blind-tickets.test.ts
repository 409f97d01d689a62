/** What the relay has about who invited whom: everything it was ever asked and told, and its whole database. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromBinary } from '@bufbuild/protobuf';
import { FoundHubSchema, RegisterPassSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { createRelay } from '#core/relay/http.ts';
import type { Relay } from '#core/relay/port.ts';
import { foundHub, type TestPerson, welcome } from '../harness/people.ts';
import { startTestRelay } from '../harness/relay.ts';

/** One request with a pass, or one that tells it, and the reply: as bytes, whatever their fields. */
interface Exchange {
  readonly path: string;
  readonly bytes: readonly Uint8Array[];
}

/** Every run of so many bytes is looked at: an id has 16, an element or a nonce 32. */
const RUN = 12;

describe('who invited whom', () => {
  let relay: Awaited<ReturnType<typeof startTestRelay>>;
  let alice: TestPerson;
  let bob: TestPerson;
  const seen = new Map<string, Exchange[]>([['alice', []], ['bob', []]]);

  const watched = (name: string) => (origin: string): Relay => {
    const noting: typeof fetch = async (input, init) => {
      const reply = await fetch(input, init);
      const copy = new Uint8Array(await reply.clone().arrayBuffer());
      const bytes = [init?.body as Uint8Array | undefined ?? new Uint8Array(0), copy];
      seen.get(name)?.push({ path: new URL(String(input)).pathname, bytes });
      return reply;
    };
    // Anonymous calls go another way: the relay does not know whose they are.
    return createRelay(origin, { fetch: noting, anonymousFetch: fetch });
  };
  const ask = (name: string, path: string): readonly Uint8Array[] =>
    (seen.get(name) ?? []).filter((exchange) => exchange.path === path).flatMap(({ bytes }) => bytes);

  beforeAll(async () => {
    relay = await startTestRelay();
    alice = await foundHub(relay.foundingLink as string, 'alice', { relayAt: watched('alice') });
    bob = await welcome(alice, 'bob', { relayAt: watched('bob') });
  });
  afterAll(async () => {
    await alice?.session.close();
    await bob?.session.close();
    await relay?.stop();
  });

  it('is in nothing that the relay saw: what alice drew and what bob redeemed have no run of bytes in common', () => {
    const drawn = ask('alice', '/v1/postage/draw');
    const redeemed = ask('bob', '/v1/passes');
    expect(drawn.length).toBeGreaterThanOrEqual(4);
    expect(redeemed[0]?.length).toBeGreaterThan(100);
    expect(sharedRuns(drawn, redeemed)).toEqual([]);
  });

  it('nor in anything else that either pass was shown with', () => {
    const all = (name: string) => (seen.get(name) ?? []).filter(({ path }) => path !== '/v1/hub' && !path.startsWith('/v1/log')).flatMap(({ bytes }) => bytes);
    expect(sharedRuns(all('alice'), all('bob'))).toEqual([]);
  });

  it('nor in the database: no row of alice\'s pass has a value in common with one of bob\'s', async () => {
    const dump = await relay.database.dump();
    const passOf = (name: string): string => {
      const [request = new Uint8Array(0)] = ask(name, name === 'alice' ? '/v1/found' : '/v1/passes');
      const { passId } = fromBinary(name === 'alice' ? FoundHubSchema : RegisterPassSchema, request);
      return Buffer.from(passId).toString('hex');
    };
    const rows = (pass: string) => dump.split('\n').filter((row) => row.includes(pass));
    const [ofAlice, ofBob] = [rows(passOf('alice')), rows(passOf('bob'))];
    expect(ofAlice.length).toBeGreaterThan(0);
    expect(ofBob.length).toBeGreaterThan(0);
    const values = (lines: readonly string[]) => new Set(lines.flatMap((line) => line.match(/[0-9a-f]{24,}/g) ?? []));
    expect([...values(ofAlice)].filter((value) => values(ofBob).has(value))).toEqual([]);
  });
});

function sharedRuns(some: readonly Uint8Array[], others: readonly Uint8Array[]): string[] {
  const runs = new Set(some.flatMap((bytes) => runsOf(bytes)));
  return [...new Set(others.flatMap((bytes) => runsOf(bytes)).filter((run) => runs.has(run)))];
}

const runsOf = (bytes: Uint8Array): string[] =>
  Array.from({ length: Math.max(0, bytes.length - RUN + 1) }, (_, at) => Buffer.from(bytes.subarray(at, at + RUN)).toString('latin1'));
