/**
 * What a commit did, read off the two trees. A commit's proposals say what its author wants us to believe; the trees say
 * what the next epoch is. ts-mls checks neither that a credential succeeds the one before it nor that keys are unique
 * across a commit's new leaves, so it is done here.
 */
import type { ClientState, LeafNode, RatchetTree } from 'ts-mls';
import { encodeLeafNode } from 'ts-mls/leafNode.js';
import { equalBytes, hex } from '#shared/sodium.ts';
import { fitsRooms } from './key-packages.ts';
import type { Leaf, RoomChange, Suite } from './port.ts';
import { leafAt, leafNodeAt, toLeaf } from './room-state.ts';
import { settingsIn } from './settings.ts';

interface TreeDifference {
  readonly added: readonly Leaf[];
  readonly removed: readonly Leaf[];
  readonly replaced: readonly { readonly before: Leaf; readonly after: Leaf }[];
}

function compareTrees(before: RatchetTree, after: RatchetTree): TreeDifference {
  const added: Leaf[] = [];
  const removed: Leaf[] = [];
  const replaced: { before: Leaf; after: Leaf }[] = [];
  for (let index = 0; index * 2 < Math.max(before.length, after.length); index += 1) {
    const old = leafNodeAt(before, index);
    const now = leafNodeAt(after, index);
    if (old === undefined && now !== undefined) added.push(toLeaf(now, index));
    else if (old !== undefined && now === undefined) removed.push(toLeaf(old, index));
    else if (old !== undefined && now !== undefined && !sameLeaf(old, now)) replaced.push({ before: toLeaf(old, index), after: toLeaf(now, index) });
  }
  return { added, removed, replaced };
}

// Leaves a commit does not touch stay the same object, which spares encoding a thousand of them.
const sameLeaf = (a: LeafNode, b: LeafNode): boolean => a === b || equalBytes(encodeLeafNode(a), encodeLeafNode(b));

/** @returns undefined if the committer has no leaf, or the new state is not a room's */
export function changeBetween(before: ClientState, after: ClientState, committer: number): RoomChange | undefined {
  const by = leafAt(before.ratchetTree, committer);
  const settingsBefore = settingsIn(before.groupContext.extensions);
  const settingsAfter = settingsIn(after.groupContext.extensions);
  if (by === undefined || settingsBefore === undefined || settingsAfter === undefined) return undefined;
  return { committer: by, settingsBefore, settingsAfter, ...compareTrees(before.ratchetTree, after.ratchetTree) };
}

export const MIXED = 'mixed-change';

/**
 * The rules that hold whatever the domain says: one kind of change a commit, nobody's leaf rewritten but the committer's,
 * no key twice, and every new leaf fit for a room.
 * @returns the reason to refuse
 */
export function unsoundness(change: RoomChange, after: RatchetTree, suite: Suite): string | undefined {
  const kinds = [change.added.length > 0, change.removed.length > 0, !equalBytes(change.settingsBefore, change.settingsAfter)];
  if (kinds.filter(Boolean).length > 1) return MIXED;
  if (change.replaced.some(({ before }) => before.index !== change.committer.index)) return `${MIXED}: leaf of another`;
  const fresh = [...change.added, ...change.replaced.map((pair) => pair.after)];
  const unfit = fresh.some(({ index }) => {
    const node = leafNodeAt(after, index);
    return node === undefined || !fitsRooms(node, suite);
  });
  if (unfit) return 'unfit-leaf';
  return fresh.length > 0 && hasDuplicateKeys(after) ? 'duplicate-key' : undefined;
}

/** RFC 9420 section 7.3: encryption and signature keys are unique among the members. 16 bytes of a random key tell them apart. */
function hasDuplicateKeys(tree: RatchetTree): boolean {
  const seen = new Set<string>();
  const known = (key: Uint8Array, use: string): boolean => {
    const name = use + hex(key.subarray(0, 16));
    if (seen.has(name)) return true;
    seen.add(name);
    return false;
  };
  return tree.some((node) => {
    if (node === undefined) return false;
    if (node.nodeType === 'parent') return known(node.parent.hpkePublicKey, 'e');
    return known(node.leaf.hpkePublicKey, 'e') || known(node.leaf.signaturePublicKey, 's');
  });
}
