/**
 * A record of a board: `seal(outer key, n || salt || seal(key of n and salt, content))`, padded inside to a size of
 * posts. Who reads keeps the chain only a few steps behind the newest, so what was read cannot be opened again.
 */
import { POST_BODY_SIZES } from '#shared/limits.ts';
import { pad, unpad } from '#shared/padding.ts';
import { concatBytes, deriveKey, randomBytes, seal, SEAL_OVERHEAD, unseal } from '#shared/sodium.ts';
import { nextChain } from './board-keys.ts';

const N_BYTES = 4;
const SALT_BYTES = 16;
const HEADER_BYTES = N_BYTES + SALT_BYTES;
/** Two coordinators may announce at the same moment with the same n: so many steps are kept behind the newest. */
const STEPS_BEHIND = 4;
/** Further ahead is not gone for one record: whoever could write it could make readers compute for ever. */
const MOST_STEPS = 4096;

/** Where a device stands in the chain of an era. */
export interface Chain {
  /** The step `key` belongs to; nothing before it can be opened. */
  readonly from: number;
  readonly key: Uint8Array;
  /** The step after the newest that was seen: what is announced next. */
  readonly next: number;
}
export interface EraKeys {
  readonly board: Uint8Array;
  readonly outer: Uint8Array;
  readonly chain: Chain;
}

/** @returns the body of a post, and the chain behind it; undefined where the content is too long */
export function sealRecord({ board, outer, chain }: EraKeys, content: Uint8Array): { body: Uint8Array; n: number; chain: Chain } | undefined {
  const n = chain.next;
  const padded = pad(content, POST_BODY_SIZES, HEADER_BYTES + 2 * SEAL_OVERHEAD);
  if (padded === undefined) return undefined;
  const salt = randomBytes(SALT_BYTES);
  const header = concatBytes(u32(n), salt);
  const inner = seal(announcementKey(stepTo(chain, n), salt), padded, header);
  return { body: seal(outer, concatBytes(header, inner), board), n, chain: behind(chain, n) };
}

/** @returns undefined for what is not of this era, or from further back than its keys are kept */
export function openRecord({ board, outer, chain }: EraKeys, body: Uint8Array): { content: Uint8Array; n: number; chain: Chain } | undefined {
  const opened = unseal(outer, body, board);
  if (opened === undefined || opened.length < HEADER_BYTES) return undefined;
  const header = opened.subarray(0, HEADER_BYTES);
  const n = new DataView(opened.buffer, opened.byteOffset).getUint32(0);
  if (n < chain.from || n > chain.next + MOST_STEPS) return undefined;
  const padded = unseal(announcementKey(stepTo(chain, n), header.subarray(N_BYTES)), opened.subarray(HEADER_BYTES), header);
  const content = padded && unpad(padded);
  return content && { content, n, chain: behind(chain, n) };
}

/** The chain for whoever comes now: nothing before opens with it. */
export const chainFromNow = (chain: Chain): Chain => ({ from: chain.next, key: stepTo(chain, chain.next), next: chain.next });

const announcementKey = (chain: Uint8Array, salt: Uint8Array): Uint8Array => deriveKey(chain, 'thicket/1 board announcement', salt);

function stepTo({ from, key }: Chain, n: number): Uint8Array {
  let at = key;
  for (let step = from; step < n; step += 1) at = nextChain(at);
  return at;
}

/** The chain once n was seen. */
function behind(chain: Chain, n: number): Chain {
  const next = Math.max(chain.next, n + 1);
  const from = Math.max(chain.from, next - STEPS_BEHIND);
  return { from, key: stepTo(chain, from), next };
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
