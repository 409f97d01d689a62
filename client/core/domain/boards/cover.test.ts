import { describe, expect, it } from 'vitest';
import { chanceFrom, freshSeed } from '../../../../test/harness/chance.ts';
import { coverOf, leafBytes, leafFrom, pathTo, TREE_DEPTH, type Leaf, type TreeNode } from './cover.ts';

const named = ({ depth, path }: TreeNode): string => `${depth}/${path}`;
/** How many nodes of the cover a leaf's path meets. */
const times = (leaf: Leaf, cover: ReadonlySet<string>): number => pathTo(leaf).filter((node) => cover.has(named(node))).length;

describe('the cover of a tree of readers', () => {
  it('is the root while nobody was removed, and nothing where nobody is left', () => {
    expect(coverOf([1, 2, 3] as Leaf[], [])).toEqual([{ depth: 0, path: 0 }]);
    expect(coverOf([7] as Leaf[], [7] as Leaf[])).toEqual([]);
    expect(coverOf([], [5] as Leaf[])).toEqual([]);
  });

  it('is on the path of each reader once, on that of nobody removed, and of the size that was promised', () => {
    const seed = freshSeed();
    console.log(`seed ${seed}`);
    const chance = chanceFrom(seed);
    const leaves = [...new Set(Array.from({ length: 3_000 }, () => chance.below(2 ** TREE_DEPTH) as Leaf))];
    for (const count of [1, 10, 100]) {
      const [removed, readers] = [leaves.slice(0, count), leaves.slice(count)];
      const cover = coverOf(readers, removed);
      const nodes = new Set(cover.map(named));
      expect(new Set(readers.map((leaf) => times(leaf, nodes)))).toEqual(new Set([1]));
      expect(new Set(removed.map((leaf) => times(leaf, nodes)))).toEqual(new Set([0]));
      // The published bound: removed times log2 of readers for each; here with a little room for uneven leaves.
      expect(cover.length).toBeLessThanOrEqual(count * (Math.log2(3_000 / count) + 3));
    }
  });

  it('tells leaves at the very ends apart', () => {
    const last = (2 ** TREE_DEPTH - 1) as Leaf;
    const cover = coverOf([0, last] as Leaf[], [1, last - 1] as Leaf[]);
    expect(cover).toEqual([{ depth: TREE_DEPTH, path: 0 }, { depth: TREE_DEPTH, path: last }]);
  });
});

it('a leaf is five bytes', () => {
  for (const bytes of [[0, 0, 0, 0, 0], [1, 2, 3, 4, 5], [255, 255, 255, 255, 255]]) {
    expect([...leafBytes(leafFrom(Uint8Array.from(bytes)) as Leaf)]).toEqual(bytes);
  }
  expect(leafFrom(new Uint8Array(4))).toBeUndefined();
});
