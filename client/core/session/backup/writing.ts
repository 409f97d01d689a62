/** Making a backup. */
import { create, fromBinary } from '@bufbuild/protobuf';
import { dayOf } from '#shared/ids.ts';
import { randomBytes, zero } from '#shared/sodium.ts';
import { IdentitySchema, type Identity } from '../../content/gen/thicket/archive/v1/archive_pb.ts';
import { DeviceFactsSchema } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { entropyOf, RECOVERY_BYTES, recoveryPhrase } from '../../domain/recovery-phrase.ts';
import { SessionFailure, type BackupState, type FileSink, type TransferId } from '../api.ts';
import { headOf, putHistory } from '../archive/history.ts';
import { ArchiveWriter } from '../archive/stream.ts';
import type { Device } from '../device.ts';
import { newHead } from './file.ts';

/** After so many days a newer one is worth a word. */
const DUE_DAYS = 90;
const LAST = { collection: 'settings', scope: 'last backup', order: 0 } as const;

export function newRecoveryPhrase(): readonly string[] {
  const entropy = randomBytes(RECOVERY_BYTES);
  const words = recoveryPhrase(entropy);
  zero(entropy);
  return words;
}

export async function backupState(device: Device): Promise<BackupState> {
  const value = await device.vault.get(LAST);
  const lastDay = value && new DataView(value.buffer, value.byteOffset).getUint32(0);
  return { lastDay, due: lastDay === undefined ? device.rooms.size > 0 : lastDay + DUE_DAYS <= dayOf(device.now()) };
}

/** @throws SessionFailure `bad-recovery-phrase` | `file-unwritable` */
export async function writeBackup(device: Device, sink: FileSink, words: readonly string[], transfer?: TransferId): Promise<void> {
  const entropy = entropyOf(words);
  if (entropy === undefined) throw new SessionFailure('bad-recovery-phrase');
  const { head, key, binding } = newHead(entropy);
  zero(entropy);
  let at = 0;
  const append = async (bytes: Uint8Array) => {
    try {
      await sink.write(at, bytes);
    } catch (cause) {
      throw new SessionFailure('file-unwritable', { cause });
    }
    at += bytes.length;
  };
  await append(head);
  const writer = new ArchiveWriter(append, key, binding);
  await writer.put({ case: 'head', value: headOf(device, true) });
  await writer.put({ case: 'identity', value: identityOf(device) });
  await putHistory(device, writer, (done, total) => {
    if (transfer !== undefined) device.emit({ changed: 'transfer', transfer, done, total });
  });
  await writer.end();
  zero(key);
  await device.change(async (draft) => {
    const day = new Uint8Array(4);
    new DataView(day.buffer).setUint32(0, dayOf(device.now()));
    draft.also({ put: LAST, value: day });
    draft.emit({ changed: 'overview' });
  });
}

/** Everything that makes this person who they are, and nothing of this device but which one it was. */
function identityOf({ profile, leafKeys, devices }: Device): Identity {
  const { origin, memberSeed, card, credential, bulletins, hubKey, passId, passSecret, founder, ticket } = profile;
  const own = credential?.device && fromBinary(DeviceFactsSchema, credential.device.facts).leafKey;
  return create(IdentitySchema, {
    origin, memberSeed, bulletins, hubKey, passId, passSecret, ticket, ownLeafKey: own ?? leafKeys.verifyKey,
    ...(card && { card }), ...(credential?.admission && { admission: credential.admission }), ...(founder && { founder }),
    leafKeys: [...devices.keys()].map((id) => Uint8Array.from(id.match(/../gu) ?? [], (pair) => Number.parseInt(pair, 16))),
  });
}
