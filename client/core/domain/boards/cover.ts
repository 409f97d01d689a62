/**
 * Which nodes of the readers' tree cover everybody who stays and nobody who was removed: the complete subtree method
 * (Naor, Naor, Lotspiech 2001), without the subtrees in which nobody is.
 */

/** A reader's place in the tree, as a number of 40 bits. */
export type Leaf = number & { readonly __brand: 'Leaf' };
export const LEAF_BYTES = 5;
/** Levels below the root. */
export const TREE_DEPTH = LEAF_BYTES * 8;

/** A node: so many bits from the root, and those bits as a number. */
export interface TreeNode {
  readonly depth: number;
  readonly path: number;
}

/** @returns undefined for anything that is not 5 bytes */
export function leafFrom(bytes: Uint8Array): Leaf | undefined {
  if (bytes.length !== LEAF_BYTES) return undefined;
  return bytes.reduce((value, byte) => value * 256 + byte, 0) as Leaf;
}

export function leafBytes(leaf: Leaf): Uint8Array {
  const bytes = new Uint8Array(LEAF_BYTES);
  for (let index = LEAF_BYTES - 1, rest: number = leaf; index >= 0; index -= 1) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

/** From the root down to the leaf itself: 41 nodes. */
export const pathTo = (leaf: Leaf): TreeNode[] =>
  Array.from({ length: TREE_DEPTH + 1 }, (_, depth) => ({ depth, path: Math.floor(leaf / 2 ** (TREE_DEPTH - depth)) }));

/** A leaf that is among the removed is not covered, whoever else has it. */
export function coverOf(readers: readonly Leaf[], removed: readonly Leaf[]): TreeNode[] {
  const inOrder = (leaves: readonly Leaf[]): Leaf[] => [...leaves].sort((a, b) => a - b);
  return under({ depth: 0, path: 0 }, inOrder(readers), inOrder(removed));
}

function under(node: TreeNode, readers: readonly Leaf[], removed: readonly Leaf[]): TreeNode[] {
  if (readers.length === 0) return [];
  if (removed.length === 0) return [node];
  if (node.depth === TREE_DEPTH) return [];
  const middle = (node.path * 2 + 1) * 2 ** (TREE_DEPTH - node.depth - 1);
  const [left, right] = [node.path * 2, node.path * 2 + 1].map((path) => ({ depth: node.depth + 1, path })) as [TreeNode, TreeNode];
  const [readersSplit, removedSplit] = [firstFrom(readers, middle), firstFrom(removed, middle)];
  return [
    ...under(left, readers.slice(0, readersSplit), removed.slice(0, removedSplit)),
    ...under(right, readers.slice(readersSplit), removed.slice(removedSplit)),
  ];
}

/** The index of the first leaf that is not below `least`. */
function firstFrom(leaves: readonly Leaf[], least: number): number {
  let [low, high] = [0, leaves.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((leaves[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
