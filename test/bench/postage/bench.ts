/** What one token costs to check, and what a hundred cost to draw, beside the same library on the provider it suggests. */
import { readFileSync } from 'node:fs';
import { randomBytes, ristrettoFromHash, ristrettoMultiply, scalarRandom, sodiumReady } from '#shared/sodium.ts';
import { libsodiumProvider } from '#shared/voprf/group.ts';
import { type Side, inTurns } from '../measure.ts';
import type { Area, Row } from '../results.ts';
import { libraryIssuance, nobleMultiply, nobleProvider } from './library.ts';
import { thicketIssuance } from './thicket.ts';

const BATCH = 100;

export async function postage(quick: boolean): Promise<Area> {
  await sodiumReady();
  const [rounds, count] = quick ? [3, 10] : [15, 100];
  const seed = randomBytes(32);
  const [ours, theirs] = [await thicketIssuance(seed, BATCH, count), await libraryIssuance(nobleProvider, seed, BATCH, count)];
  // The same steps without Thicket's own parsing and states, to show that those cost nothing to speak of.
  const bare = await libraryIssuance(libsodiumProvider, seed, BATCH, count);
  const multiplications = { thicket: repeated(count, libsodiumMultiply()), peer: repeated(count, nobleMultiply()) };
  const pairs: readonly (readonly [string, Side, Side])[] = [
    ['one multiplication in ristretto255', multiplications.thicket, multiplications.peer],
    ['the relay checks one token', ours.verify, theirs.verify],
    ['the same, the library alone on libsodium', bare.verify, theirs.verify],
    [`the relay evaluates ${BATCH} and proves it`, ours.evaluate, theirs.evaluate],
    [`a device blinds ${BATCH}`, ours.blind, theirs.blind],
    [`a device checks the proof and finishes ${BATCH}`, ours.finish, theirs.finish],
  ];
  const rows: Row[] = [];
  for (const [what, thicket, peer] of pairs) {
    await inTurns([thicket, peer], 1); // warm
    const [mine, other] = await inTurns([thicket, peer], rounds);
    if (mine !== undefined) rows.push({ what, unit: 'ms', thicket: mine.wall, peer: other?.wall, cpu: { thicket: mine.cpu, peer: other?.cpu } });
  }
  return {
    name: 'postage',
    title: 'Postage',
    peer: `@cloudflare/voprf-ts ${libraryVersion()} with its noble provider`,
    how: [
      `Medians of ${rounds} rounds, the sides taking turns; ${count} checks or multiplications a round, one batch of ${BATCH} a round.`,
      'POPRF of RFC 9497, ristretto255-SHA512, on both sides; Thicket runs the same library on libsodium.',
      'Beside a check stands the spending: one more row in the transaction that stores what is paid for (the fanout area pays for its posts).',
    ],
    rows,
  };
}

const repeated = (count: number, work: () => void): Side => ({
  operations: count,
  run: async () => {
    for (let i = 0; i < count; i += 1) work();
  },
});

function libsodiumMultiply(): () => void {
  const [scalar, point] = [scalarRandom(), ristrettoFromHash(randomBytes(64))];
  return () => void ristrettoMultiply(scalar, point);
}

function libraryVersion(): string {
  const about: unknown = JSON.parse(readFileSync(new URL('../../../node_modules/@cloudflare/voprf-ts/package.json', import.meta.url), 'utf8'));
  return typeof about === 'object' && about !== null && 'version' in about ? String(about.version) : 'unknown';
}
