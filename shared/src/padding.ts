/**
 * Padding to fixed sizes: length (4 bytes, big endian) || content || zeros. It is applied to plaintext before sealing,
 * so the zeros never show. `overhead` is what sealing adds afterwards; the sealed body is then exactly one of `sizes`.
 */
const LENGTH_BYTES = 4;

/** @returns the padded plaintext, or undefined if the content fits no size. */
export function pad(content: Uint8Array, sizes: readonly number[], overhead: number): Uint8Array | undefined {
  const needed = content.length + LENGTH_BYTES + overhead;
  const size = sizes.find((candidate) => candidate >= needed);
  if (size === undefined) return undefined;
  const out = new Uint8Array(size - overhead);
  new DataView(out.buffer).setUint32(0, content.length);
  out.set(content, LENGTH_BYTES);
  return out;
}

/** @returns the content, or undefined if the length does not fit or the filling is not zero. */
export function unpad(padded: Uint8Array): Uint8Array | undefined {
  if (padded.length < LENGTH_BYTES) return undefined;
  const length = new DataView(padded.buffer, padded.byteOffset, padded.byteLength).getUint32(0);
  if (length > padded.length - LENGTH_BYTES) return undefined;
  if (!isZero(padded, LENGTH_BYTES + length)) return undefined;
  return padded.slice(LENGTH_BYTES, LENGTH_BYTES + length);
}

// A loop, because calling back for each byte of a commit takes milliseconds.
function isZero(bytes: Uint8Array, from: number): boolean {
  let all = 0;
  for (let at = from; at < bytes.length; at += 1) all |= bytes[at] as number;
  return all === 0;
}
