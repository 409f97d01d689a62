/** The keys of the readers' tree. docs/protocol/boards.md, "Readers, and how they are removed". */
import { deriveKey, utf8 } from '#shared/sodium.ts';
import { LEAF_BYTES, leafFrom, pathTo, type Leaf, type TreeNode } from '../../domain/boards/cover.ts';

export interface Tree {
  /** 32 bytes. */
  readonly secret: Uint8Array;
  /** The era in which nodes have their first keys. */
  readonly since: number;
  /** By the eras that began with a renewal. */
  readonly masks: ReadonlyMap<number, Uint8Array>;
}

/** Where a member sits, as everybody at the desk works out alike. */
export const leafOf = ({ secret }: Tree, memberKey: Uint8Array): Leaf =>
  leafFrom(deriveKey(secret, 'thicket/1 board leaf', memberKey, LEAF_BYTES)) as Leaf;

/** A node's key in an era. @throws RangeError for an era before the tree */
export function nodeKey(tree: Tree, { depth, path }: TreeNode, era: number): Uint8Array {
  if (era < tree.since) throw new RangeError('an era before the tree');
  let key = deriveKey(tree.secret, 'thicket/1 board node', utf8(`${depth}/${path}`));
  for (let at = tree.since + 1; at <= era; at += 1) {
    const mask = tree.masks.get(at);
    key = mask === undefined ? nextNodeKey(key) : maskedNodeKey(key, mask);
  }
  return key;
}

/** The same node's key in the era after. */
export const nextNodeKey = (key: Uint8Array): Uint8Array => deriveKey(key, 'thicket/1 board node next');

/** The same in an era that begins with a renewal: only who was given the mask goes on. */
export const maskedNodeKey = (key: Uint8Array, mask: Uint8Array): Uint8Array => deriveKey(key, 'thicket/1 board masked', mask);

/** What a reader is given: the keys from the root to their leaf, as of an era. */
export const pathKeys = (tree: Tree, leaf: Leaf, era: number): Uint8Array[] => pathTo(leaf).map((node) => nodeKey(tree, node, era));
