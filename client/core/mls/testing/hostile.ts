/** What a hostile member or relay can make, for the attack tests: the library driven past every rule of ours. */
import type { ClientState, Proposal, RatchetTree } from 'ts-mls';
import { applyProposals, nextEpochContext } from 'ts-mls/clientState.js';
import { proposeAddExternal } from 'ts-mls';
import { createCommit, createGroupInfoWithExternalPubAndRatchetTree, joinGroupExternal } from 'ts-mls/createCommit.js';
import { createConfirmationTag, createContentCommitSignature } from 'ts-mls/framedContent.js';
import { initializeEpoch } from 'ts-mls/keySchedule.js';
import { decodeMlsMessage, encodeMlsMessage } from 'ts-mls/message.js';
import { protect, protectApplicationData, protectProposal, unprotectPrivateMessage } from 'ts-mls/messageProtection.js';
import { decodeKeyPackage } from 'ts-mls/keyPackage.js';
import { emptyPskIndex } from 'ts-mls/pskIndex.js';
import type { PrivateMessage, KeyPackage, MLSMessage } from 'ts-mls';
import { treeHashRoot } from 'ts-mls/treeHash.js';
import { toLeafIndex } from 'ts-mls/treemath.js';
import { utf8 } from '#shared/sodium.ts';
import { decodeExactly } from '../codec.ts';
import { unwrap, wrap, type BodyKind } from '../envelope.ts';
import { openOwn } from '../key-packages.ts';
import type { OwnKeyPackage, Room } from '../port.ts';
import { cryptoFor } from '../provider.ts';
import { CLIENT_CONFIG, stateOf } from '../room-state.ts';

const NOTHING = new Uint8Array(0);

export const wrapMessage = (room: Room, kind: BodyKind, message: MLSMessage): Promise<Uint8Array> =>
  wrap(stateOf(room), kind, encodeMlsMessage(message));
const privately = (privateMessage: PrivateMessage): MLSMessage => ({ version: 'mls10', wireformat: 'mls_private_message', privateMessage });

export function keyPackageFrom(bytes: Uint8Array): KeyPackage {
  const keyPackage = decodeExactly(decodeKeyPackage, bytes);
  if (keyPackage === undefined) throw new Error('not a key package');
  return keyPackage;
}
export const adding = (bytes: Uint8Array): Proposal => ({ proposalType: 'add', add: { keyPackage: keyPackageFrom(bytes) } });
export const removing = (removed: number): Proposal => ({ proposalType: 'remove', remove: { removed } });

/** A commit with any proposals at all, by a member whose state may have been bent first. */
export async function bentCommit(room: Room, extraProposals: Proposal[], bend: (state: ClientState) => ClientState = (state) => state): Promise<Uint8Array> {
  const { commit } = await createCommit({ state: bend(stateOf(room)), cipherSuite: cryptoFor(room.suite), pskIndex: emptyPskIndex }, { extraProposals });
  return wrapMessage(room, 'commit', commit);
}

type LeafChange = (leaf: Extract<NonNullable<RatchetTree[number]>, { nodeType: 'leaf' }>['leaf']) => object;

/** The same state with another leaf node in the committer's own place. */
export const withOwnLeaf = (state: ClientState, change: LeafChange): ClientState => withLeafOf(state, state.privatePath.leafIndex, change);

/** The same state with another leaf node in anybody's place. */
export function withLeafOf(state: ClientState, leafIndex: number, change: LeafChange): ClientState {
  const ratchetTree = state.ratchetTree.slice();
  const at = leafIndex * 2;
  const node = ratchetTree[at];
  if (node?.nodeType !== 'leaf') throw new Error('no leaf');
  ratchetTree[at] = { nodeType: 'leaf', leaf: { ...node.leaf, ...change(node.leaf) } };
  return { ...state, ratchetTree };
}

/** A commit without a path, whatever its proposals, with a confirmation tag that holds: what ts-mls up to 1.6.2 made of a removal. */
export async function pathlessCommit(room: Room, proposals: Proposal[]): Promise<Uint8Array> {
  const state = stateOf(room);
  const crypto = cryptoFor(room.suite);
  const own = state.privatePath.leafIndex;
  const inline = proposals.map((proposal) => ({ proposalOrRefType: 'proposal' as const, proposal }));
  const { tree } = await applyProposals(state, inline, toLeafIndex(own), emptyPskIndex, true, crypto);
  const { signature, framedContent } = await createContentCommitSignature(
    state.groupContext, 'mls_private_message', { proposals: inline, path: undefined }, { senderType: 'member', leafIndex: own }, NOTHING,
    state.signaturePrivateKey, crypto.signature,
  );
  const context = await nextEpochContext(
    state.groupContext, 'mls_private_message', framedContent, signature, await treeHashRoot(tree, crypto.hash), state.confirmationTag, crypto.hash,
  );
  const zeros = new Uint8Array(crypto.kdf.size);
  const { keySchedule } = await initializeEpoch(state.keySchedule.initSecret, zeros, context, zeros, crypto.kdf);
  const confirmationTag = await createConfirmationTag(keySchedule.confirmationKey, context.confirmedTranscriptHash, crypto.hash);
  const content = { ...framedContent, auth: { contentType: 'commit' as const, signature, confirmationTag } };
  const { privateMessage } = await protect(
    state.keySchedule.senderDataSecret, NOTHING, state.groupContext, state.secretTree, content, own, state.clientConfig.paddingConfig, crypto,
  );
  return wrapMessage(room, 'commit', privately(privateMessage));
}

/** An application message with the writer's own signature, but somebody else's leaf on it. */
export async function messageAs(room: Room, leafIndex: number, content: string | Uint8Array, kind: BodyKind = 'post'): Promise<Uint8Array> {
  const state = stateOf(room);
  const { privateMessage } = await protectApplicationData(
    state.signaturePrivateKey, state.keySchedule.senderDataSecret, typeof content === 'string' ? utf8(content) : content, NOTHING, state.groupContext, state.secretTree, leafIndex,
    state.clientConfig.paddingConfig, cryptoFor(room.suite),
  );
  return wrapMessage(room, kind, privately(privateMessage));
}

/** A commit of somebody else's, read without following it. @throws Error if this room's keys do not open it */
export async function readCommit(room: Room, body: Uint8Array): Promise<{ proposals: readonly unknown[]; path: unknown }> {
  const state = stateOf(room);
  const message = decodeExactly(decodeMlsMessage, (await unwrap(state, 'commit', body)) ?? NOTHING);
  if (message?.wireformat !== 'mls_private_message') throw new Error('not a private message');
  const { content } = await unprotectPrivateMessage(
    state.keySchedule.senderDataSecret, message.privateMessage, state.secretTree, state.ratchetTree, state.groupContext,
    state.clientConfig.keyRetentionConfig, cryptoFor(room.suite),
  );
  if (content.content.contentType !== 'commit') throw new Error('not a commit');
  return content.content.commit as { proposals: readonly unknown[]; path: unknown };
}

/** What an outsider makes of a room when a member lends it everything: a commit that lets it in, and a proposal to do so. */
export async function fromOutside(room: Room, outsider: OwnKeyPackage): Promise<{ commit: Uint8Array; proposal: Uint8Array; bare: Uint8Array }> {
  const crypto = cryptoFor(room.suite);
  const info = await createGroupInfoWithExternalPubAndRatchetTree(stateOf(room), [], crypto);
  const keyPackage = keyPackageFrom(outsider.keyPackage);
  const { secret } = openOwn(outsider);
  const { publicMessage } = await joinGroupExternal(info, keyPackage, secret, false, crypto, undefined, CLIENT_CONFIG);
  const commit: MLSMessage = { version: 'mls10', wireformat: 'mls_public_message', publicMessage };
  const proposal = await proposeAddExternal(info, keyPackage, secret, crypto);
  return { commit: await wrapMessage(room, 'commit', commit), proposal: await wrapMessage(room, 'post', proposal), bare: encodeMlsMessage(commit) };
}

/** A proposal on its own, as a member may send one in plain MLS. */
export async function standaloneProposal(room: Room, proposal: Proposal): Promise<Uint8Array> {
  const state = stateOf(room);
  const { privateMessage } = await protectProposal(
    state.signaturePrivateKey, state.keySchedule.senderDataSecret, proposal, NOTHING, state.groupContext, state.secretTree,
    state.privatePath.leafIndex, state.clientConfig.paddingConfig, cryptoFor(room.suite),
  );
  return wrapMessage(room, 'commit', privately(privateMessage));
}
