/** Keys of a board that follow from others. docs/protocol/boards.md. */
import { hpkeKeyPairFrom } from '#shared/hpke.ts';
import { deriveKey, type KemKeyPair } from '#shared/sodium.ts';
import type { Signer } from '../../domain/signing.ts';
import { signerFrom } from '../signer.ts';

/** A coordinator's key for one board, the same on all of their devices; whose it is, only the desk is told. */
export const writerOf = (memberSeed: Uint8Array, board: Uint8Array): Signer => signerFrom(deriveKey(memberSeed, 'thicket/1 board writer', board));

/** What is sent to a reader of one board is sealed to this. */
export const readerKeys = (memberSeed: Uint8Array, board: Uint8Array): KemKeyPair => hpkeKeyPairFrom('xwing', deriveKey(memberSeed, 'thicket/1 board reader', board));

/** What subscriptions and answers are sealed to. */
export const askingKeys = (askingSeed: Uint8Array): KemKeyPair => hpkeKeyPairFrom('xwing', askingSeed);

export const outerKey = (eraSecret: Uint8Array, board: Uint8Array): Uint8Array => deriveKey(eraSecret, 'thicket/1 board outer', board);
export const firstChain = (eraSecret: Uint8Array, board: Uint8Array): Uint8Array => deriveKey(eraSecret, 'thicket/1 board chain', board);
export const nextChain = (chain: Uint8Array): Uint8Array => deriveKey(chain, 'thicket/1 board next');
