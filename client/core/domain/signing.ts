/**
 * Signed facts. What was signed is kept as bytes, so what is checked is what was signed; each kind of fact has a
 * label of its own, so a signature for one can never pass for another.
 */
import { create } from '@bufbuild/protobuf';
import { SignedSchema, type Signed } from '../content/gen/thicket/content/v1/content_pb.ts';

export const LABELS = {
  admission: 'thicket/1 admission',
  device: 'thicket/1 device',
  card: 'thicket/1 card',
  bulletin: 'thicket/1 bulletin',
  returning: 'thicket/1 returning',
  admitted: 'thicket/1 admitted',
  refused: 'thicket/1 refused',
  linked: 'thicket/1 linked',
  replanting: 'thicket/1 replanting',
  profile: 'thicket/1 profile',
  asking: 'thicket/1 asking',
  boardContent: 'thicket/1 board content',
  boardPosting: 'thicket/1 board posting',
  boardAsk: 'thicket/1 board ask',
  boardAdmitted: 'thicket/1 board admitted',
} as const;
export type Label = (typeof LABELS)[keyof typeof LABELS];

/** Ed25519, injected so that the rules stay free of any library. */
export type Verify = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;
export interface Signer {
  readonly key: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** label || 0x00 || facts */
export function signedBytes(label: Label, facts: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode(label);
  const out = new Uint8Array(name.length + 1 + facts.length);
  out.set(name);
  out.set(facts, name.length + 1);
  return out;
}

export const signFacts = (label: Label, facts: Uint8Array, signers: readonly Signer[]): Signed =>
  create(SignedSchema, {
    facts,
    signatures: signers.map((signer) => ({ key: signer.key, signature: signer.sign(signedBytes(label, facts)) })),
  });

/** The distinct keys whose signatures over the facts are good. More than 16 signatures are not looked at. */
export function signersOf(label: Label, signed: Signed, verify: Verify): Uint8Array[] {
  const message = signedBytes(label, signed.facts);
  const good: Uint8Array[] = [];
  for (const { key, signature } of signed.signatures.slice(0, 16)) {
    if (!good.some((known) => sameBytes(known, key)) && verify(key, message, signature)) good.push(key);
  }
  return good;
}

/** For public values; not constant-time. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

export const includesKey = (keys: readonly Uint8Array[], key: Uint8Array): boolean => keys.some((known) => sameBytes(known, key));
