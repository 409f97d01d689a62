/**
 * Takes everything out of a JPEG or a WebP but the picture: where and with what it was taken, its thumbnail, comments,
 * profiles. What a canvas made should have none of that; here it is made sure of, whatever browser wrote it.
 */
import { begins } from './header.ts';

const concat = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** @returns undefined for what is neither, or is not whole: then it must not leave */
export function withoutMetadata(bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  try {
    if (begins(bytes, '\xff\xd8\xff')) return bareJpeg(bytes);
    if (begins(bytes, 'RIFF') && begins(bytes, 'WEBP', 8)) return bareWebp(bytes);
  } catch {
    // It ended too soon.
  }
  return undefined;
}

/** Of the segments before the picture stay those a decoder needs: tables, frame and restart interval. */
const NEEDED = new Set([0xdb, 0xc4, 0xdd, 0xc0, 0xc1, 0xc2]);
const START_OF_SCAN = 0xda;

function bareJpeg(bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = [bytes.subarray(0, 2)];
  for (let at = 2; ;) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff) return undefined;
    const end = at + 2 + view.getUint16(at + 2);
    if (NEEDED.has(marker) || marker === START_OF_SCAN) parts.push(bytes.subarray(at, end));
    at = end;
    if (marker !== START_OF_SCAN) continue;
    const scanEnd = endOfScan(bytes, at);
    parts.push(bytes.subarray(at, scanEnd));
    if (bytes[scanEnd + 1] === 0xd9) return concat([...parts, Uint8Array.of(0xff, 0xd9)]);
    at = scanEnd;
  }
}

/** Where the next marker stands that is neither a stuffed byte nor a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at += 1) {
    const next = bytes[at + 1] as number;
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  throw new RangeError('no end');
}

const PICTURE_CHUNKS = ['VP8 ', 'VP8L', 'ALPH'];
/** Of the flags of VP8X only this stays: there is transparency. */
const HAS_ALPHA = 0x10;

function bareWebp(bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  const end = Math.min(bytes.length, 8 + view.getUint32(4, true));
  for (let at = 12; at + 8 <= end;) {
    const size = view.getUint32(at + 4, true);
    const next = at + 8 + size + (size % 2);
    if (next > end + 1) return undefined;
    if (begins(bytes, 'VP8X', at)) {
      const extended = bytes.slice(at, next);
      extended[8] = (extended[8] as number) & HAS_ALPHA;
      parts.push(extended);
    } else if (PICTURE_CHUNKS.some((name) => begins(bytes, name, at))) parts.push(bytes.subarray(at, next));
    at = next;
  }
  if (parts.length === 0) return undefined;
  const body = concat(parts);
  const head = Uint8Array.from('RIFF____WEBP', (letter) => letter.charCodeAt(0));
  new DataView(head.buffer).setUint32(4, body.length + 4, true);
  return concat([head, body]);
}
