/**
 * ristretto255 on libsodium, in the shape @cloudflare/voprf-ts asks of a provider. Decoding is strict: an element is the one
 * canonical encoding and never the identity, a scalar is below the order of the group.
 */
import type { CryptoProvider, Elt, Group, GroupID, Scalar } from '@cloudflare/voprf-ts';
import {
  RISTRETTO_BYTES, concatBytes, equalBytes, ristrettoAdd, ristrettoFromHash, ristrettoIsValid, ristrettoMultiply, ristrettoMultiplyBase, ristrettoSub,
  scalarAdd, scalarInvert, scalarMultiply, scalarRandom, scalarReduce, scalarSub, sha512,
} from '../sodium.ts';
import { expandMessage } from './expand.ts';

const SCALAR_BYTES = 32;
/** Also the encoding of the identity. */
const ZERO = new Uint8Array(32);
const isZero = (bytes: Uint8Array): boolean => equalBytes(bytes, ZERO);
const canonical = (scalar: Uint8Array): boolean =>
  scalar.length === SCALAR_BYTES && equalBytes(scalarReduce(concatBytes(scalar, ZERO)), scalar);

class SodiumScalar implements Scalar {
  readonly g: Group;
  readonly bytes: Uint8Array;
  constructor(g: Group, bytes: Uint8Array) {
    this.g = g;
    this.bytes = bytes;
  }

  isEqual(other: Scalar): boolean {
    return equalBytes(this.bytes, bytesOf(other));
  }
  isZero(): boolean {
    return isZero(this.bytes);
  }
  add(other: Scalar): Scalar {
    return new SodiumScalar(this.g, scalarAdd(this.bytes, bytesOf(other)));
  }
  sub(other: Scalar): Scalar {
    return new SodiumScalar(this.g, scalarSub(this.bytes, bytesOf(other)));
  }
  mul(other: Scalar): Scalar {
    return new SodiumScalar(this.g, scalarMultiply(this.bytes, bytesOf(other)));
  }
  inv(): Scalar {
    return new SodiumScalar(this.g, scalarInvert(this.bytes));
  }
  serialize(): Uint8Array {
    return this.bytes.slice();
  }
}

class SodiumElement implements Elt {
  readonly g: Group;
  readonly bytes: Uint8Array;
  constructor(g: Group, bytes: Uint8Array) {
    this.g = g;
    this.bytes = bytes;
  }

  isIdentity(): boolean {
    return isZero(this.bytes);
  }
  isEqual(other: Elt): boolean {
    return equalBytes(this.bytes, bytesOf(other));
  }
  neg(): Elt {
    return new SodiumElement(this.g, ristrettoSub(ZERO, this.bytes));
  }
  add(other: Elt): Elt {
    if (this.isIdentity()) return other;
    return other.isIdentity() ? this : new SodiumElement(this.g, ristrettoAdd(this.bytes, bytesOf(other)));
  }
  /** libsodium refuses to give the identity; the RFC's steps may pass through it. */
  mul(scalar: Scalar): Elt {
    if (scalar.isZero() || this.isIdentity()) return this.g.identity();
    return new SodiumElement(this.g, this.times(bytesOf(scalar)));
  }
  /** this * k1 + a * k2 */
  mul2(k1: Scalar, a: Elt, k2: Scalar): Elt {
    return this.mul(k1).add(a.mul(k2));
  }
  serialize(): Uint8Array {
    return this.bytes.slice();
  }

  private times(scalar: Uint8Array): Uint8Array {
    return this === GENERATOR ? ristrettoMultiplyBase(scalar) : ristrettoMultiply(scalar, this.bytes);
  }
}

const bytesOf = (value: Scalar | Elt): Uint8Array => (value as SodiumScalar | SodiumElement).bytes;

/** @throws Error for anything but a canonical scalar */
function readScalar(bytes: Uint8Array): Scalar {
  if (!canonical(bytes)) throw new Error('not a scalar');
  return new SodiumScalar(ristretto255, bytes.slice());
}

/** @throws Error for anything but the canonical encoding of an element other than the identity */
function readElement(bytes: Uint8Array): Elt {
  if (!ristrettoIsValid(bytes) || isZero(bytes)) throw new Error('not an element');
  return new SodiumElement(ristretto255, bytes.slice());
}

const ristretto255: Group = {
  id: 'ristretto255',
  newScalar: () => new SodiumScalar(ristretto255, ZERO),
  newElt: () => ristretto255.identity(),
  identity: () => new SodiumElement(ristretto255, ZERO),
  generator: () => GENERATOR,
  mulGen: (scalar) => GENERATOR.mul(scalar),
  randomScalar: async () => new SodiumScalar(ristretto255, scalarRandom()),
  hashToGroup: async (message, tag) => new SodiumElement(ristretto255, ristrettoFromHash(expandMessage(message, tag))),
  hashToScalar: async (message, tag) => new SodiumScalar(ristretto255, scalarReduce(expandMessage(message, tag))),
  desElt: readElement,
  desScalar: readScalar,
  eltDes: { size: () => RISTRETTO_BYTES, deserialize: readElement },
  scalarDes: { size: () => SCALAR_BYTES, deserialize: readScalar },
  eltSize: () => RISTRETTO_BYTES,
  scalarSize: () => SCALAR_BYTES,
};

/** The generator of RFC 9496 section 4, as bytes: libsodium is not ready while this module loads. */
const GENERATOR = new SodiumElement(ristretto255, Uint8Array.of(
  0xe2, 0xf2, 0xae, 0x0a, 0x6a, 0xbc, 0x4e, 0x71, 0xa8, 0x84, 0xa9, 0x61, 0xc5, 0x00, 0x51, 0x5f,
  0x58, 0xe3, 0x0b, 0x6a, 0xa5, 0x82, 0xdd, 0x8d, 0xb6, 0xa6, 0x59, 0x45, 0xe0, 0x8d, 0x2d, 0x76,
));

function groupOf(id: GroupID): Group {
  if (id !== ristretto255.id) throw new Error('libsodium has ristretto255 alone');
  return ristretto255;
}

/** To be given to every class of @cloudflare/voprf-ts as its last argument: its default would be another library. */
export const libsodiumProvider: CryptoProvider = {
  id: 'libsodium',
  Group: { get: groupOf, supportedGroups: [ristretto255.id] },
  hash: async (name, input) => {
    if (name !== 'SHA-512') throw new Error('ristretto255-SHA512 hashes with SHA-512');
    return sha512(input);
  },
};
