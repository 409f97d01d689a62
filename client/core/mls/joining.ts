/** Coming into a room: creating one, or following a Welcome (RFC 9420 section 12.4.3.1). */
import type { ClientState, Welcome } from 'ts-mls';
import { createGroup, joinGroup } from 'ts-mls/clientState.js';
import { emptyPskIndex } from 'ts-mls/pskIndex.js';
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { decodeWelcome, decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js';
import type { HubId, MailboxId } from '#shared/ids.ts';
import { equalBytes } from '#shared/sodium.ts';
import { decodeExactly } from './codec.ts';
import { fitsRooms, openOwn, type OpenedKeyPackage } from './key-packages.ts';
import { MlsFailure, type Joined, type Judge, type Leaf, type OwnKeyPackage, type Room, type Suite } from './port.ts';
import { cryptoFor } from './provider.ts';
import { CLIENT_CONFIG, leafAt, leafNodeAt, leavesOf, settled, toRoom } from './room-state.ts';
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
): Promise<Joined> {
  const { state, signer } = await follow(welcome, own);
  const settings = settingsIn(state.groupContext.extensions);
  if (!equalBytes(state.groupContext.groupId, expected.mailbox) || settings === undefined || !settingsBelongTo(settings, expected)) {
    throw new MlsFailure('foreign-welcome');
  }
  const room = toRoom(settled(state));
  const reason = whyNotThesePeople(state, room, judge);
  if (reason !== undefined) throw new MlsFailure('judged', reason);
  return { room, signer };
}

async function follow(bytes: Uint8Array, own: OwnKeyPackage): Promise<{ state: ClientState; signer: Leaf }> {
  const opened = openOwn(own);
  const welcome = decodeExactly(decodeWelcome, bytes);
  if (welcome === undefined) throw new MlsFailure('unreadable-welcome', 'malformed');
  try {
    const state = await joinGroup(welcome, opened.keyPackage, opened.secret, emptyPskIndex, cryptoFor(opened.suite), undefined, undefined, CLIENT_CONFIG);
    const signer = leafAt(state.ratchetTree, await signerOf(welcome, opened));
    if (signer === undefined) throw new MlsFailure('unreadable-welcome', 'signer');
    return { state, signer };
  } catch (error) {
    if (error instanceof MlsFailure) throw error;
    throw new MlsFailure('unreadable-welcome', error instanceof Error ? error.name : undefined);
  }
}

/** The library checks the GroupInfo's signature but does not tell whose it is, so the GroupInfo is opened once more. */
async function signerOf(welcome: Welcome, { suite, keyPackage, secret }: OpenedKeyPackage): Promise<number> {
  const cs = cryptoFor(suite);
  const initKey = await cs.hpke.importPrivateKey(secret.initPrivateKey);
  const secrets = await decryptGroupSecrets(initKey, await makeKeyPackageRef(keyPackage, cs.hash), welcome, cs.hpke);
  // The library has followed it with no pre-shared keys, so there are none: RFC 9420 section 8.4's psk_secret is zeros.
  const info = secrets && (await decryptGroupInfo(welcome, secrets.joinerSecret, new Uint8Array(cs.kdf.size), cs));
  if (info === undefined) throw new MlsFailure('unreadable-welcome', 'signer');
  return info.signer;
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
