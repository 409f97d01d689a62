/**
 * The vault's header: the data key, sealed under Argon2id (RFC 9106) of the passphrase, with the cost it was made with.
 *
 *   "THKT" || version (1) || operations (4) || memory in KiB (4) || salt (16) || sealed data key (72) || SHA-256 (32)
 *
 * The checksum is over everything before it, in every version to come. It tells a damaged header from a wrong
 * passphrase; it is no defence, and needs to be none: the data key is sealed with the rest of the header as
 * additional data, so a header changed on purpose opens nothing.
 */
import { type Argon2Cost, argon2id, concatBytes, equalBytes, randomBytes, seal, SEAL_OVERHEAD, sha256, unseal, utf8, zero } from '#shared/sodium.ts';
import { VaultFailure } from './port.ts';

const MAGIC = utf8('THKT');
const VERSION = 1;
const SALT = 16;
const DATA_KEY = 32;
const CHECKSUM = 32;
const FACTS = MAGIC.length + 1 + 4 + 4 + SALT;
const LENGTH = FACTS + DATA_KEY + SEAL_OVERHEAD + CHECKSUM;

/** About a third of a second on a laptop, under a second on a phone. Stored in the header, so it can be raised. */
export const DEFAULT_COST: Argon2Cost = { operations: 3, memory: 64 * 1024 * 1024 };
/** A header that asks for more is damaged or hostile; obeying it would freeze the device. */
const HIGHEST_COST: Argon2Cost = { operations: 64, memory: 1024 * 1024 * 1024 };
/** The least libsodium takes. */
const LOWEST_COST: Argon2Cost = { operations: 1, memory: 8 * 1024 };

/** Seals `dataKey` under a new salt. */
export function sealHeader(passphrase: string, dataKey: Uint8Array, cost: Argon2Cost): Uint8Array {
  const facts = new Uint8Array(FACTS);
  const view = new DataView(facts.buffer);
  facts.set(MAGIC);
  facts[4] = VERSION;
  view.setUint32(5, cost.operations);
  view.setUint32(9, cost.memory / 1024);
  facts.set(randomBytes(SALT), 13);
  const wrap = wrappingKey(passphrase, facts.subarray(13), cost);
  const body = concatBytes(facts, seal(wrap, dataKey, facts));
  zero(wrap);
  return concatBytes(body, sha256(body));
}

/** @returns the data key. @throws VaultFailure `damaged` | `newer-version` | `wrong-passphrase` */
export function openHeader(passphrase: string, header: Uint8Array): { dataKey: Uint8Array; cost: Argon2Cost } {
  const { facts, cost, sealedKey } = parse(header);
  const wrap = wrappingKey(passphrase, facts.subarray(13), cost);
  const dataKey = unseal(wrap, sealedKey, facts);
  zero(wrap);
  if (dataKey === undefined) throw new VaultFailure('wrong-passphrase');
  return { dataKey, cost };
}

function parse(header: Uint8Array): { facts: Uint8Array; cost: Argon2Cost; sealedKey: Uint8Array } {
  const body = header.subarray(0, Math.max(0, header.length - CHECKSUM));
  if (body.length < 5 || !equalBytes(sha256(body), header.subarray(body.length))) throw new VaultFailure('damaged');
  if (!equalBytes(body.subarray(0, 4), MAGIC)) throw new VaultFailure('damaged');
  if ((body[4] as number) > VERSION) throw new VaultFailure('newer-version');
  if (header.length !== LENGTH) throw new VaultFailure('damaged');
  const facts = body.slice(0, FACTS);
  const view = new DataView(facts.buffer);
  const cost = { operations: view.getUint32(5), memory: view.getUint32(9) * 1024 };
  if (!within(cost)) throw new VaultFailure('damaged');
  return { facts, cost, sealedKey: body.subarray(FACTS) };
}

const within = (cost: Argon2Cost): boolean =>
  cost.operations >= LOWEST_COST.operations && cost.operations <= HIGHEST_COST.operations
  && cost.memory >= LOWEST_COST.memory && cost.memory <= HIGHEST_COST.memory;

/** NFKC first: the same passphrase typed on another keyboard may come as other code points. */
function wrappingKey(passphrase: string, salt: Uint8Array, cost: Argon2Cost): Uint8Array {
  const text = utf8(passphrase.normalize('NFKC'));
  try {
    return argon2id(text, salt, cost);
  } catch (cause) {
    // libsodium refuses only when the memory cannot be had.
    throw new VaultFailure('storage-unavailable', { cause });
  } finally {
    zero(text);
  }
}
