/**
 * The readers' keys anew, when a coordinator has left who knew how they are made: a mask and the era's secret, sealed to
 * each reader that stays. docs/protocol/boards.md, "Readers, and how they are removed".
 */
import { hpkeEncSize, hpkeOpen, hpkeOverhead, hpkeSeal } from '#shared/hpke.ts';
import { HANDSHAKE_BODY_SIZES } from '#shared/limits.ts';
import { concatBytes, deriveKey, equalBytes, randomBytes, utf8, type KemKeyPair } from '#shared/sodium.ts';

const TAG_BYTES = 8;
const SECRET_BYTES = 32;
const CONTENT_BYTES = 2 * SECRET_BYTES;
const ENTRY_BYTES = TAG_BYTES + hpkeOverhead('xwing') + CONTENT_BYTES;
const ENC_BYTES = hpkeEncSize('xwing');
const INFO = utf8('thicket/1 board renewal');
const LARGEST = HANDSHAKE_BODY_SIZES.at(-1) as number;
const PER_BODY = Math.floor(LARGEST / ENTRY_BYTES);

export interface Renewal {
  /** Of the era that begins, 32 bytes. */
  readonly secret: Uint8Array;
  /** What every node's key becomes another by, 32 bytes. */
  readonly mask: Uint8Array;
}

/** @param sealKeys of all readers that stay @returns bodies: the last one for the commit, those before for notices */
export function sealRenewal(board: Uint8Array, era: number, { secret, mask }: Renewal, sealKeys: readonly Uint8Array[]): Uint8Array[] {
  const context = contextOf(board, era);
  const bodies: Uint8Array[] = [];
  for (let from = 0; from === 0 || from < sealKeys.length; from += PER_BODY) {
    const keys = sealKeys.slice(from, from + PER_BODY);
    const size = HANDSHAKE_BODY_SIZES.find((allowed) => keys.length * ENTRY_BYTES <= allowed) ?? LARGEST;
    const body = randomBytes(size);
    for (const [index, key] of keys.entries()) {
      const { enc, ciphertext } = hpkeSeal('xwing', key, INFO, context, concatBytes(secret, mask));
      body.set(concatBytes(tagOf(key, enc, context), enc, ciphertext), index * ENTRY_BYTES);
    }
    bodies.push(body);
  }
  return bodies;
}

export function openRenewal({ publicKey, secretKey }: KemKeyPair, board: Uint8Array, era: number, body: Uint8Array): Renewal | undefined {
  const context = contextOf(board, era);
  for (let at = 0; at + ENTRY_BYTES <= body.length; at += ENTRY_BYTES) {
    const enc = body.subarray(at + TAG_BYTES, at + TAG_BYTES + ENC_BYTES);
    if (!equalBytes(tagOf(publicKey, enc, context), body.subarray(at, at + TAG_BYTES))) continue;
    const content = hpkeOpen('xwing', secretKey, INFO, context, { enc, ciphertext: body.subarray(at + TAG_BYTES + ENC_BYTES, at + ENTRY_BYTES) });
    if (content?.length === CONTENT_BYTES) return { secret: content.slice(0, SECRET_BYTES), mask: content.slice(SECRET_BYTES) };
  }
  return undefined;
}

const tagOf = (publicKey: Uint8Array, enc: Uint8Array, context: Uint8Array): Uint8Array =>
  deriveKey(publicKey, 'thicket/1 board renewal tag', concatBytes(context, enc), TAG_BYTES);

function contextOf(board: Uint8Array, era: number): Uint8Array {
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, BigInt(era));
  return concatBytes(board, number);
}
