/**
 * The MLS working group's passive-client vectors through our provider and the patched library: join from a Welcome, then
 * follow every commit, with the epoch authenticators the vectors state. They live beside the repository; where they are
 * absent the tests are counted as skipped, and say so.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ClientState, KeyPackage, MLSMessage, PskIndex, RatchetTree } from 'ts-mls';
import { joinGroup } from 'ts-mls/clientState.js';
import { defaultClientConfig } from 'ts-mls/clientConfig.js';
import { decodeMlsMessage } from 'ts-mls/message.js';
import { processPrivateMessage, processPublicMessage } from 'ts-mls/processMessages.js';
import { decodeRatchetTree } from 'ts-mls/ratchetTree.js';
import { makePskIndex } from 'ts-mls';
import { beforeAll, describe, expect, it } from 'vitest';
import { cryptoFor } from '#core/mls/provider.ts';
import { hex, sodiumReady } from '#shared/sodium.ts';

interface Vector {
  readonly cipher_suite: number;
  readonly external_psks: readonly { readonly psk_id: string; readonly psk: string }[];
  readonly key_package: string;
  readonly signature_priv: string;
  readonly encryption_priv: string;
  readonly init_priv: string;
  readonly welcome: string;
  readonly ratchet_tree: string | null;
  readonly initial_epoch_authenticator: string;
  readonly epochs: readonly { readonly proposals: readonly string[]; readonly commit: string; readonly epoch_authenticator: string }[];
}

const SUITE = 3;
const folder = fileURLToPath(new URL('../../../shared/mls-vectors/', import.meta.url));
const FILES = ['passive-client-welcome.json', 'passive-client-handling-commit.json'];

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const crypto = cryptoFor('classical');

function message(text: string): MLSMessage {
  const decoded = decodeMlsMessage(bytes(text), 0);
  if (decoded === undefined) throw new Error('the vector holds no MLS message');
  return decoded[0];
}

function keyPackageIn(text: string): KeyPackage {
  const content = message(text);
  if (content.wireformat !== 'mls_key_package') throw new Error('not a key package');
  return content.keyPackage;
}

async function join(vector: Vector, psks: PskIndex): Promise<ClientState> {
  const content = message(vector.welcome);
  if (content.wireformat !== 'mls_welcome') throw new Error('not a welcome');
  const tree: RatchetTree | undefined = vector.ratchet_tree === null ? undefined : decodeRatchetTree(bytes(vector.ratchet_tree), 0)?.[0];
  return joinGroup(content.welcome, keyPackageIn(vector.key_package), {
    initPrivateKey: bytes(vector.init_priv),
    hpkePrivateKey: bytes(vector.encryption_priv),
    signaturePrivateKey: bytes(vector.signature_priv),
  }, psks, crypto, tree, undefined, defaultClientConfig);
}

async function take(state: ClientState, text: string, psks: PskIndex): Promise<ClientState> {
  const content = message(text);
  if (content.wireformat === 'mls_public_message') return (await processPublicMessage(state, content.publicMessage, psks, crypto)).newState;
  if (content.wireformat === 'mls_private_message') return (await processPrivateMessage(state, content.privateMessage, psks, crypto)).newState;
  throw new Error(`unexpected ${content.wireformat}`);
}

beforeAll(sodiumReady);

describe.each(FILES)('official vectors, suite 0x0003: %s', (file) => {
  const path = folder + file;
  if (!existsSync(path)) {
    it.skip(`not run: ${file} is not in ../shared/mls-vectors`, () => undefined);
    return;
  }
  const all = JSON.parse(readFileSync(path, 'utf8')) as readonly Vector[];
  const vectors = all.filter((vector) => vector.cipher_suite === SUITE);

  it('there are some', () => {
    expect(vectors.length).toBeGreaterThan(0);
  });

  it.each(vectors.map((vector, i) => [i, vector.epochs.length, vector] as const))('vector %i, %i epochs', async (_i, _epochs, vector) => {
    const external = Object.fromEntries(vector.external_psks.map(({ psk_id, psk }) => [Buffer.from(psk_id, 'hex').toString('base64'), bytes(psk)]));
    let state = await join(vector, makePskIndex(undefined, external));
    expect(hex(state.keySchedule.epochAuthenticator)).toBe(vector.initial_epoch_authenticator);
    for (const epoch of vector.epochs) {
      for (const proposal of epoch.proposals) state = await take(state, proposal, makePskIndex(state, external));
      state = await take(state, epoch.commit, makePskIndex(state, external));
      expect(hex(state.keySchedule.epochAuthenticator)).toBe(epoch.epoch_authenticator);
    }
  });
});
