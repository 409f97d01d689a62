/** expand_message_xmd of RFC 9380 section 5.3.1 with SHA-512, for the 64 bytes that ristretto255 asks for. */
import { concatBytes, sha512 } from '../sodium.ts';

const BLOCK_BYTES = 128;
const OUTPUT_BYTES = 64;
const ZEROS = new Uint8Array(BLOCK_BYTES);

/** @param tag 1 to 255 bytes. @returns 64 uniform bytes. @throws RangeError for a tag of another size */
export function expandMessage(message: Uint8Array, tag: Uint8Array): Uint8Array {
  if (tag.length === 0 || tag.length > 255) throw new RangeError('a domain separation tag has 1 to 255 bytes');
  const tagged = concatBytes(tag, Uint8Array.of(tag.length));
  const first = sha512(concatBytes(ZEROS, message, Uint8Array.of(0, OUTPUT_BYTES, 0), tagged));
  // One block of SHA-512 is all that is asked for, so the loop of the RFC runs once.
  return sha512(concatBytes(first, Uint8Array.of(1), tagged));
}
