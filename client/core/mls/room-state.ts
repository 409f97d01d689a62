/** A Room as the port shows it, over the library's immutable state, which nobody outside this folder can reach. */
import type { ClientConfig, ClientState, LeafNode, RatchetTree } from 'ts-mls';
import { MlsFailure, type Leaf, type Room } from './port.ts';
import { settingsOf } from './settings.ts';
import { knownSuite } from './suites.ts';

const states = new WeakMap<Room, ClientState>();
const leavesByTree = new WeakMap<RatchetTree, readonly Leaf[]>();
/** The same node is the same leaf, so that what somebody knows of a leaf need not be found out for each of its messages. */
const leavesByNode = new WeakMap<LeafNode, Leaf>();

export const CLIENT_CONFIG: ClientConfig = {
  keyRetentionConfig: {
    // Messages of one sender come in the log's order, but for a retry that overtook another.
    retainKeysForGenerations: 64,
    // The library keeps everything when told 0; `settled` drops the one it keeps when told 1.
    retainKeysForEpochs: 1,
    // Messages of one sender that expired unread, or were withheld: weeks of a lively one's. Each step costs 0.06 ms, so a
    // member who leaves out as many on purpose costs everybody a quarter of a second with each message.
    maximumForwardRatchetSteps: 4096,
  },
  // Receivers must agree whatever their clocks say, so only whoever adds somebody checks the lifetime.
  lifetimeConfig: { maximumTotalLifetime: 2n ** 63n - 1n, validateLifetimeOnReceive: false },
  keyPackageEqualityConfig: {
    compareKeyPackages: (a, b) => sameKey(a.leafNode, b.leafNode),
    compareKeyPackageToLeafNode: (a, b) => sameKey(a.leafNode, b),
  },
  // Padding is ours: shared/src/padding.ts, outside the library.
  paddingConfig: { kind: 'alwaysPad', paddingLength: 0 },
  // Who may be in the room is the judge's to say, with the whole change before it; here only the form is checked.
  authService: { validateCredential: async (credential) => credential.credentialType === 'basic' },
};

function sameKey(a: LeafNode, b: LeafNode): boolean {
  return a.signaturePublicKey.length === b.signaturePublicKey.length
    && a.signaturePublicKey.every((byte, i) => byte === b.signaturePublicKey[i]);
}

export function toLeaf(node: LeafNode, index: number): Leaf {
  const credential = node.credential.credentialType === 'basic' ? node.credential.identity : new Uint8Array(0);
  return { index, credential, leafKey: node.signaturePublicKey };
}

export function leafNodeAt(tree: RatchetTree, index: number): LeafNode | undefined {
  const node = tree[index * 2];
  return node?.nodeType === 'leaf' ? node.leaf : undefined;
}

export function leafAt(tree: RatchetTree, index: number): Leaf | undefined {
  const node = leafNodeAt(tree, index);
  if (node === undefined) return undefined;
  const known = leavesByNode.get(node);
  if (known?.index === index) return known;
  const leaf = toLeaf(node, index);
  leavesByNode.set(node, leaf);
  return leaf;
}

export function leavesOf(tree: RatchetTree): readonly Leaf[] {
  const known = leavesByTree.get(tree);
  if (known !== undefined) return known;
  const leaves: Leaf[] = [];
  for (let index = 0; index * 2 < tree.length; index += 1) {
    const leaf = leafAt(tree, index);
    if (leaf !== undefined) leaves.push(leaf);
  }
  leavesByTree.set(tree, leaves);
  return leaves;
}

/** A state as we keep it: no keys of former epochs, because the relay's slots leave no message that would need them. */
export const settled = (state: ClientState): ClientState =>
  state.historicalReceiverData.size === 0 ? state : { ...state, historicalReceiverData: new Map() };

export function toRoom(state: ClientState): Room {
  const room: Room = {
    suite: knownSuite(state.groupContext.cipherSuite),
    epoch: Number(state.groupContext.epoch),
    ownLeaf: state.privatePath.leafIndex,
    settings: settingsOf(state.groupContext),
    active: state.groupActiveState.kind === 'active',
    get leaves() {
      return leavesOf(state.ratchetTree);
    },
  };
  states.set(room, state);
  return room;
}

/** @throws MlsFailure `unreadable-state` for a Room that was not made here */
export function stateOf(room: Room): ClientState {
  const state = states.get(room);
  if (state === undefined) throw new MlsFailure('unreadable-state', 'not a room of this module');
  return state;
}

/** @throws MlsFailure `not-active` once this device was removed */
export function activeStateOf(room: Room): ClientState {
  if (!room.active) throw new MlsFailure('not-active');
  return stateOf(room);
}

