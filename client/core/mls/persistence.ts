/**
 * A room for the vault, in two parts: the ratchet tree, large and changed by commits only, and everything else.
 *
 *   tree  = version (1) || tree hash <V> || ratchet_tree        state = version (1) || group state without the tree
 *
 * Suite and mailbox are in the state (cipher suite and group id of its group context). The tree hash ties the two
 * together, so that a tree of one epoch is never read with the state of another.
 */
import type { ClientState, RatchetTree } from 'ts-mls';
import { mapDecoders } from 'ts-mls/codec/tlsDecoder.js';
import { encode } from 'ts-mls/codec/tlsEncoder.js';
import { decodeVarLenData, lengthEncoder, varLenDataEncoder } from 'ts-mls/codec/variableLength.js';
import { decodeGroupStateWithoutTree, encodeGroupStateWithoutTree } from 'ts-mls/clientState.js';
import { decodeRatchetTree, encodeNode, stripBlankNodes, type Node } from 'ts-mls/ratchetTree.js';
import { concatBytes, equalBytes } from '#shared/sodium.ts';
import { decodeExactly } from './codec.ts';
import { MlsFailure, type Room } from './port.ts';
import { CLIENT_CONFIG, stateOf, toRoom } from './room-state.ts';

const VERSION = 1;
/** optional<Node> of RFC 9420 section 12.4.3.3. */
const BLANK = Uint8Array.of(0);
const PRESENT = Uint8Array.of(1);

const encodeHash = encode(varLenDataEncoder);
const encodeLength = encode(lengthEncoder);
const decodeTree = mapDecoders([decodeVarLenData, decodeRatchetTree], (hash: Uint8Array, tree: RatchetTree) => ({ hash, tree }));

const encodedTrees = new WeakMap<RatchetTree, Uint8Array>();
/** Each a view of the latest encoded tree with that node. A commit changes a few nodes of a thousand; the others are copied. */
const encodedNodes = new WeakMap<Node, Uint8Array>();

const versioned = (bytes: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(VERSION), bytes);

function encodeTree({ ratchetTree, groupContext }: ClientState): Uint8Array {
  const known = encodedTrees.get(ratchetTree);
  if (known !== undefined) return known;
  const nodes = stripBlankNodes(ratchetTree);
  const parts = nodes.map((node) => (node === undefined ? BLANK : (encodedNodes.get(node) ?? concatBytes(PRESENT, encodeNode(node)))));
  const head = concatBytes(encodeHash(groupContext.treeHash), encodeLength(parts.reduce((sum, part) => sum + part.length, 0)));
  const encoded = versioned(concatBytes(head, ...parts));
  let at = 1 + head.length;
  for (const [index, part] of parts.entries()) {
    const node = nodes[index];
    if (node !== undefined) encodedNodes.set(node, encoded.subarray(at, at + part.length));
    at += part.length;
  }
  encodedTrees.set(ratchetTree, encoded);
  return encoded;
}

/** `tree` is the same array as long as the tree is the same, so a caller can tell whether to write it again. */
export function encodeRoom(room: Room): { tree: Uint8Array; state: Uint8Array } {
  const state = stateOf(room);
  return {
    state: versioned(encodeGroupStateWithoutTree(state)),
    get tree() {
      return encodeTree(state);
    },
  };
}

/** @throws MlsFailure `unreadable-state` */
export function decodeRoom(encoded: { tree: Uint8Array; state: Uint8Array }): Room {
  const tree = encoded.tree[0] === VERSION ? decodeExactly(decodeTree, encoded.tree.subarray(1)) : undefined;
  if (tree === undefined) throw new MlsFailure('unreadable-state', 'tree');
  const state = encoded.state[0] === VERSION ? decodeExactly(decodeGroupStateWithoutTree(tree.tree), encoded.state.subarray(1)) : undefined;
  if (state === undefined) throw new MlsFailure('unreadable-state', 'state');
  if (!equalBytes(state.groupContext.treeHash, tree.hash)) throw new MlsFailure('unreadable-state', 'tree of another epoch');
  return toRoom({ ...state, clientConfig: CLIENT_CONFIG });
}
