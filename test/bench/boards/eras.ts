/** A new era for many readers: as boards do it, and by sealing it to each reader as the design first had it. */
import type { Leaf } from '#core/domain/boards/cover.ts';
import { openOpening, sealOpening } from '#core/session/boards/era-opening.ts';
import { openRenewal, sealRenewal } from '#core/session/boards/renewal.ts';
import { leafOf, pathKeys, type Tree } from '#core/session/boards/tree-keys.ts';
import { hpkeKeyPair } from '#shared/hpke.ts';
import { randomBytes, type KemKeyPair } from '#shared/sodium.ts';
import { median } from '../measure.ts';

interface Begun {
  /** Milliseconds of a coordinator's device. */
  readonly making: number;
  readonly bytes: number;
  /** Milliseconds of a reader's device. */
  readonly opening: number;
}

const board = new Uint8Array(16).fill(1);
const ROUNDS = 5;

/** @returns with the tree that readers are covered by, and with X-Wing to each of them */
export function eras(readers: number, removed: number): { covered: Begun; sealedToEach: Begun } {
  const tree: Tree = { secret: randomBytes(32), since: 0, masks: new Map() };
  const members = Array.from({ length: readers }, () => randomBytes(32));
  const leaves = members.map((member) => leafOf(tree, member));
  const gone = leaves.slice(0, removed);
  const stay = leaves.slice(removed);
  const secret = randomBytes(32);
  const last = members.at(-1) as Uint8Array;
  const keys = pathKeys(tree, leafOf(tree, last), 0);
  const covered = begun(() => [sealOpening(tree, { board, era: 1, secret }, stay as Leaf[], gone as Leaf[]) as Uint8Array], (body) => openOpening(keys, board, 1, body));
  // Keys are all alike to whoever seals to them; the last one is a reader's whose side is measured.
  const reader = hpkeKeyPair('xwing');
  const pairs: KemKeyPair[] = Array.from({ length: 64 }, () => hpkeKeyPair('xwing'));
  const sealKeys = Array.from({ length: readers - removed }, (_, index) => (index === readers - removed - 1 ? reader : pairs[index % pairs.length] as KemKeyPair).publicKey);
  const mask = randomBytes(32);
  return { covered, sealedToEach: begun(() => sealRenewal(board, 1, { secret, mask }, sealKeys), (body) => openRenewal(reader, board, 1, body)) };
}

/** @param open of one body; a reader looks through all of them until theirs */
function begun(make: () => Uint8Array[], open: (body: Uint8Array) => unknown): Begun {
  const making: number[] = [];
  const opening: number[] = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    const bodies = make();
    const made = performance.now();
    if (!bodies.some((body) => open(body) !== undefined)) throw new Error('a reader who stays cannot open it');
    making.push(made - began);
    opening.push(performance.now() - made);
    bytes = bodies.reduce((sum, { length }) => sum + length, 0);
  }
  return { making: median(making), opening: median(opening), bytes };
}
