/** Decoding what comes from outside: the whole input or nothing, and never an exception. */
import type { Decoder } from 'ts-mls';

/**
 * @returns the value, or undefined unless the input is exactly one of them. The input is copied first: the library's
 * decoders keep views of it, and a caller may overwrite its buffer.
 */
export function decodeExactly<T>(decoder: Decoder<T>, bytes: Uint8Array): T | undefined {
  try {
    const decoded = decoder(bytes.slice(), 0);
    return decoded !== undefined && decoded[1] === bytes.length ? decoded[0] : undefined;
  } catch {
    return undefined;
  }
}
