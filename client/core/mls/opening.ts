/**
 * Opening records of others. Everything here is hostile until proven otherwise: the outer key is every member's, so the
 * sender is taken from what the sender's own leaf key signed, and a commit is judged by the tree it leads to.
 */
import type { ClientState, MLSMessage, PrivateMessage, Proposal } from 'ts-mls';
import { decodeMlsMessage } from 'ts-mls/message.js';
import { unprotectPrivateMessage } from 'ts-mls/messageProtection.js';
import { ValidationError } from 'ts-mls/mlsError.js';
import { processPrivateMessage } from 'ts-mls/processMessages.js';
import { emptyPskIndex } from 'ts-mls/pskIndex.js';
import { equalBytes } from '#shared/sodium.ts';
import { changeBetween, MIXED, unsoundness } from './changes.ts';
import { decodeExactly } from './codec.ts';
import { unwrap, type BodyKind } from './envelope.ts';
import { forgetMessageKey } from './messages.ts';
import type { Judge, Leaf, Opened, RefusedWhy, Room, RoomChange } from './port.ts';
import { cryptoFor } from './provider.ts';
import { leafAt, stateOf, toRoom, settled } from './room-state.ts';
import { settingsIn } from './settings.ts';

type Refused = Extract<Opened, { kind: 'refused' }>;
const refused = (why: RefusedWhy, reason: string, by?: Leaf): Refused => ({ kind: 'refused', why, reason, by });

type Unprotected = Awaited<ReturnType<typeof unprotectPrivateMessage>>;
type Commit = Extract<Unprotected['content']['content'], { contentType: 'commit' }>['commit'];

export async function open(room: Room, kind: BodyKind, body: Uint8Array, judge: Judge): Promise<Opened> {
  if (!room.active) return refused('unreadable', 'not-active');
  const state = stateOf(room);
  const inner = await unwrap(state, kind, body);
  if (inner === undefined) return refused('unreadable', 'outer-seal');
  const message = decodeExactly(decodeMlsMessage, inner);
  if (message === undefined) return refused('unreadable', 'malformed');
  // External commits and proposals come as public messages. A member who wraps one for somebody outside gains nothing.
  if (message.wireformat !== 'mls_private_message') return refused('forbidden-kind', message.wireformat);
  return openPrivate(room, state, kind, message, judge);
}

async function openPrivate(room: Room, state: ClientState, kind: BodyKind, message: MLSMessage & { privateMessage: PrivateMessage }, judge: Judge): Promise<Opened> {
  const { privateMessage } = message;
  if (privateMessage.epoch !== state.groupContext.epoch || !equalBytes(privateMessage.groupId, state.groupContext.groupId)) {
    return refused('unreadable', 'other-epoch');
  }
  const unprotected = await unprotect(room, state, privateMessage);
  if (unprotected === undefined) return refused('unreadable', 'not-authentic');
  if (unprotected === 'too-many-skipped') return refused('unreadable', unprotected);
  const { content } = unprotected.content;
  const sender = content.sender.senderType === 'member' ? leafAt(state.ratchetTree, content.sender.leafIndex) : undefined;
  if (sender === undefined) return refused('forbidden-kind', 'not-a-member');
  if (kind === 'post' && content.contentType === 'application') {
    const next = toRoom({ ...state, secretTree: unprotected.tree });
    return { kind: 'message', sender, content: content.applicationData, next };
  }
  if (kind === 'commit' && content.contentType === 'commit') return openCommit(room, state, privateMessage, content.commit, sender, judge);
  return refused('forbidden-kind', content.contentType, sender);
}

/** What the library says of a message before which more are missing than it will look for keys of. */
const TOO_FAR = 'Desired generation too far in the future';

/** Decrypts and verifies the sender's signature (RFC 9420 section 6.3). @returns undefined if anything about it is wrong */
async function unprotect(room: Room, state: ClientState, message: PrivateMessage): Promise<Unprotected | 'too-many-skipped' | undefined> {
  try {
    const result = await unprotectPrivateMessage(
      state.keySchedule.senderDataSecret, message, state.secretTree, state.ratchetTree, state.groupContext,
      state.clientConfig.keyRetentionConfig, cryptoFor(room.suite),
    );
    forgetMessageKey(result.consumed);
    return result;
  } catch (thrown) {
    return thrown instanceof ValidationError && thrown.message === TOO_FAR ? 'too-many-skipped' : undefined;
  }
}

async function openCommit(room: Room, state: ClientState, message: PrivateMessage, commit: Commit, sender: Leaf, judge: Judge): Promise<Opened> {
  // Ours come back from the log too; whoever sent one recognises it by its hash and adopts the state it kept.
  if (sender.index === room.ownLeaf) return refused('unreadable', 'own-commit', sender);
  const objection = objectionTo(commit);
  if (objection !== undefined) return { ...objection, by: sender };
  const after = await process(room, state, message);
  if (after === undefined) return refused('judged', 'invalid-commit', sender);
  const change = changeBetween(state, after, sender.index);
  if (change === undefined) return refused('judged', `${MIXED}: settings`, sender);
  const reason = unsoundness(change, after.ratchetTree, room.suite) ?? judgement(change, judge);
  return reason === undefined ? { kind: 'commit', change, next: toRoom(after) } : refused('judged', reason, sender);
}

/** What can be said of a commit before it is worked through: inline proposals, of one allowed kind, with a path where one is due. */
function objectionTo({ proposals, path }: Commit): Refused | undefined {
  const inline: Proposal[] = [];
  for (const entry of proposals) {
    if (entry.proposalOrRefType !== 'proposal') return refused('forbidden-kind', 'proposal-by-reference');
    inline.push(entry.proposal);
  }
  const kinds = new Set(inline.map(({ proposalType }) => proposalType));
  for (const kind of kinds) {
    if (kind === 'psk' || kind === 'reinit' || kind === 'external_init' || typeof kind === 'number') return refused('forbidden-kind', `proposal-${kind}`);
    if (kind === 'update') return refused('judged', `${MIXED}: update`);
  }
  if (kinds.size > 1) return refused('judged', MIXED);
  if (!settingsAlone(inline)) return refused('judged', `${MIXED}: settings`);
  // RFC 9420 section 17.4. Versions of the library up to 1.6.2 left it out when one member was removed, who then read on.
  if (!kinds.has('add') && path === undefined) return refused('judged', 'no-path');
  return undefined;
}

/** A GroupContextExtensions proposal replaces all extensions, so it must come once and hold exactly ours. */
function settingsAlone(proposals: readonly Proposal[]): boolean {
  const lists = proposals.flatMap((proposal) => (proposal.proposalType === 'group_context_extensions' ? [proposal.groupContextExtensions.extensions] : []));
  return lists.length <= 1 && lists.every((extensions) => settingsIn(extensions) !== undefined);
}

/** @returns undefined if the library finds the commit wrong */
async function process(room: Room, state: ClientState, message: PrivateMessage): Promise<ClientState | undefined> {
  try {
    const result = await processPrivateMessage(state, message, emptyPskIndex, cryptoFor(room.suite));
    return result.kind === 'newState' ? settled(result.newState) : undefined;
  } catch {
    return undefined;
  }
}

function judgement(change: RoomChange, judge: Judge): string | undefined {
  try {
    // A leaf that takes somebody else's name is told as that, before it is found to have no right to it.
    const { added, replaced } = change;
    return objectionToLeaves(added, judge) ?? judge.change(change) ?? objectionToLeaves(replaced.map(({ after }) => after), judge);
  } catch {
    // The judge reads what strangers wrote. If it stumbles, the answer is no.
    return 'judge-failed';
  }
}

function objectionToLeaves(leaves: readonly Leaf[], judge: Judge): string | undefined {
  for (const leaf of leaves) {
    const reason = judge.leaf(leaf);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
