/** Coming into a room: creating one, or following a Welcome (RFC 9420 section 12.4.3.1). */
import type { ClientState } from 'ts-mls';
import { createGroup, joinGroup } from 'ts-mls/clientState.js';
import { emptyPskIndex } from 'ts-mls/pskIndex.js';
import { decodeWelcome } from 'ts-mls/welcome.js';
import type { HubId, MailboxId } from '#shared/ids.ts';
import { equalBytes } from '../sodium.ts';
import { decodeExactly } from './codec.ts';
import { fitsRooms, openOwn } from './key-packages.ts';
import { MlsFailure, type Judge, type OwnKeyPackage, type Room, type Suite } from './port.ts';
import { cryptoFor } from './provider.ts';
import { CLIENT_CONFIG, leafNodeAt, leavesOf, settled, toRoom } from './room-state.ts';
import { settingsBelongTo, settingsExtensions, settingsIn } from './settings.ts';

/** The group id is the mailbox, so a commit or message of one room can never be taken for another's. */
export async function createRoom(suite: Suite, mailbox: MailboxId, own: OwnKeyPackage, settings: Uint8Array): Promise<Room> {
  const opened = openOwn(own);
  if (opened.suite !== suite) throw new MlsFailure('invalid-key-package', 'other suite');
  return toRoom(await createGroup(mailbox.slice(), opened.keyPackage, opened.secret, settingsExtensions(settings), cryptoFor(suite), CLIENT_CONFIG));
}

/** @throws MlsFailure `unreadable-welcome` | `foreign-welcome` | `judged` */
export async function joinRoom(
  welcome: Uint8Array, own: OwnKeyPackage, expected: { mailbox: MailboxId; hub: HubId }, judge: Judge,
): Promise<Room> {
  const state = await follow(welcome, own);
  const settings = settingsIn(state.groupContext.extensions);
  if (!equalBytes(state.groupContext.groupId, expected.mailbox) || settings === undefined || !settingsBelongTo(settings, expected)) {
    throw new MlsFailure('foreign-welcome');
  }
  const room = toRoom(settled(state));
  const reason = whyNotThesePeople(state, room, judge);
  if (reason !== undefined) throw new MlsFailure('judged', reason);
  return room;
}

async function follow(bytes: Uint8Array, own: OwnKeyPackage): Promise<ClientState> {
  const { suite, keyPackage, secret } = openOwn(own);
  const welcome = decodeExactly(decodeWelcome, bytes);
  if (welcome === undefined) throw new MlsFailure('unreadable-welcome', 'malformed');
  try {
    return await joinGroup(welcome, keyPackage, secret, emptyPskIndex, cryptoFor(suite), undefined, undefined, CLIENT_CONFIG);
  } catch (error) {
    throw new MlsFailure('unreadable-welcome', error instanceof Error ? error.name : undefined);
  }
}

function whyNotThesePeople(state: ClientState, room: Room, judge: Judge): string | undefined {
  for (const leaf of leavesOf(state.ratchetTree)) {
    const node = leafNodeAt(state.ratchetTree, leaf.index);
    if (node === undefined || !fitsRooms(node, room.suite)) return 'unfit-leaf';
    const reason = judge.leaf(leaf);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
