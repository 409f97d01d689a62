/** Commits of our own. One kind of change each; nothing is adopted before the log shows the commit. */
import type { ClientState, KeyPackage, Proposal, Welcome } from 'ts-mls';
import { createCommit } from 'ts-mls/createCommit.js';
import { encodeMlsMessage } from 'ts-mls/message.js';
import { emptyPskIndex } from 'ts-mls/pskIndex.js';
import { encodeWelcome } from 'ts-mls/welcome.js';
import { equalBytes } from '#shared/sodium.ts';
import { changeBetween, unsoundness } from './changes.ts';
import { wrap } from './envelope.ts';
import { checkKeyPackage } from './key-packages.ts';
import { MlsFailure, type PendingCommit, type Room } from './port.ts';
import { cryptoFor } from './provider.ts';
import { activeStateOf, leavesOf, toRoom, settled } from './room-state.ts';
import { settingsExtensions } from './settings.ts';

/** @throws MlsFailure `invalid-key-package` | `too-long` | `not-active` */
export async function add(room: Room, keyPackages: readonly Uint8Array[]): Promise<PendingCommit> {
  const accepted = await acceptKeyPackages(room, keyPackages);
  return commit(room, accepted.map((keyPackage) => ({ proposalType: 'add', add: { keyPackage } })));
}

export async function remove(room: Room, leaves: readonly number[]): Promise<PendingCommit> {
  if (leaves.length === 0) throw new RangeError('a removal removes somebody');
  return commit(room, leaves.map((removed) => ({ proposalType: 'remove', remove: { removed } })));
}

/** Fresh keys for this device's leaf and everything above it: heals the room after a key may have leaked. */
export const update = (room: Room): Promise<PendingCommit> => commit(room, []);

export async function changeSettings(room: Room, settings: Uint8Array): Promise<PendingCommit> {
  return commit(room, [
    { proposalType: 'group_context_extensions', groupContextExtensions: { extensions: settingsExtensions(settings) } },
  ]);
}

async function acceptKeyPackages(room: Room, keyPackages: readonly Uint8Array[]): Promise<KeyPackage[]> {
  if (keyPackages.length === 0) throw new RangeError('an addition adds somebody');
  const taken = leavesOf(activeStateOf(room).ratchetTree).map((leaf) => leaf.leafKey);
  const accepted: KeyPackage[] = [];
  for (const bytes of keyPackages) {
    const checked = await checkKeyPackage(bytes);
    const key = checked?.keyPackage.leafNode.signaturePublicKey;
    if (checked === undefined || key === undefined || checked.suite !== room.suite || taken.some((known) => equalBytes(known, key))) {
      throw new MlsFailure('invalid-key-package');
    }
    taken.push(key);
    accepted.push(checked.keyPackage);
  }
  return accepted;
}

async function commit(room: Room, proposals: Proposal[]): Promise<PendingCommit> {
  const state = activeStateOf(room);
  const adds = proposals.some(({ proposalType }) => proposalType === 'add');
  const { commit: message, newState, welcome } = await createCommit(
    { state, cipherSuite: cryptoFor(room.suite), pskIndex: emptyPskIndex },
    { extraProposals: proposals, ratchetTreeExtension: adds },
  );
  const next = settled(newState);
  proveSound(room, state, next, { pathNeeded: !adds });
  return { body: await wrap(state, 'commit', encodeMlsMessage(message)), next: toRoom(next), welcomes: welcome === undefined ? [] : oneEach(welcome) };
}

/** The same eyes that judge others' commits. What fails here is a defect of ours or of the library, and must not be sent. */
function proveSound(room: Room, before: ClientState, after: ClientState, { pathNeeded }: { pathNeeded: boolean }): void {
  const change = changeBetween(before, after, room.ownLeaf);
  if (change === undefined) throw new Error('own commit leaves the rooms');
  const reason = unsoundness(change, after.ratchetTree, room.suite);
  if (reason !== undefined) throw new Error(`own commit is unsound: ${reason}`);
  if (pathNeeded && change.replaced.length === 0) throw new Error('own commit has no path');
}

/** A newcomer gets its own secrets only, so no drop tells how many were added. */
const oneEach = (welcome: Welcome): Uint8Array[] => welcome.secrets.map((secret) => encodeWelcome({ ...welcome, secrets: [secret] }));
