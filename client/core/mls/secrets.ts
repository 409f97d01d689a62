/**
 * What is derived from a room's exporter (RFC 9420 section 8.5). All members of an epoch have it, nobody else has.
 *
 *   'thicket/1 outer'     context mailbox   32 bytes   key of the outer seal
 *   'thicket/1 post key'  context mailbox   32 bytes   Ed25519 seed of the post key
 */
import type { ClientState, KeySchedule } from 'ts-mls';
import { mlsExporter } from 'ts-mls/keySchedule.js';
import type { PostVerifyKey, Signature } from '#shared/ids.ts';
import { ed25519KeyPair, ed25519Sign } from '#shared/sodium.ts';
import type { PostKey } from './port.ts';
import { cryptoFor } from './provider.ts';
import { knownSuite } from './suites.ts';

const OUTER_LABEL = 'thicket/1 outer';
const POST_KEY_LABEL = 'thicket/1 post key';

// The key schedule stays the same object through an epoch, so these live exactly as long as the epoch's states do.
const outerKeys = new WeakMap<KeySchedule, Promise<Uint8Array>>();
const postKeys = new WeakMap<KeySchedule, Promise<PostKey>>();

export async function exportFrom(state: ClientState, label: string, context: Uint8Array, length: number): Promise<Uint8Array> {
  const crypto = cryptoFor(knownSuite(state.groupContext.cipherSuite));
  return mlsExporter(state.keySchedule.exporterSecret, label, context, length, crypto);
}

export const outerKey = (state: ClientState): Promise<Uint8Array> =>
  remembered(outerKeys, state.keySchedule, () => exportFrom(state, OUTER_LABEL, state.groupContext.groupId, 32));

export const postKeyOf = (state: ClientState): Promise<PostKey> => remembered(postKeys, state.keySchedule, () => derivePostKey(state));

async function derivePostKey(state: ClientState): Promise<PostKey> {
  const { verifyKey, signKey } = ed25519KeyPair(await exportFrom(state, POST_KEY_LABEL, state.groupContext.groupId, 32));
  return {
    verifyKey: verifyKey as unknown as PostVerifyKey,
    sign: (message) => ed25519Sign(signKey, message) as unknown as Signature,
  };
}

function remembered<T>(known: WeakMap<KeySchedule, T>, schedule: KeySchedule, derive: () => T): T {
  const found = known.get(schedule);
  if (found !== undefined) return found;
  const derived = derive();
  known.set(schedule, derived);
  return derived;
}
