/**
 * What the first bytes of a picture say of it: its format and its size. Nothing is decoded before these are known to be of
 * a size that can be borne, and nothing that does not begin as one of these formats is decoded at all: whatever the name
 * or the sender calls it, SVG, HTML and PDF do not.
 */
export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif';

export interface PictureHeader {
  readonly type: PictureType;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** Bytes from the beginning that are looked at; a JPEG has its size behind whatever a camera wrote in front of it. */
export const HEADER_BYTES = 512 * 1024;
const LONGEST_SIDE = 16_384;
/** Pixels of a picture that is shown; decoded it takes four bytes each. */
const MOST_PIXELS = 40_000_000;

export function headerOf(bytes: Uint8Array): PictureHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (begins(bytes, '\xff\xd8\xff')) return jpeg(view);
    if (begins(bytes, '\x89PNG\r\n\x1a\n') && begins(bytes, 'IHDR', 12)) return { type: 'image/png', width: view.getUint32(16), height: view.getUint32(20) };
    if (begins(bytes, 'GIF87a') || begins(bytes, 'GIF89a')) return { type: 'image/gif', width: view.getUint16(6, true), height: view.getUint16(8, true) };
    if (begins(bytes, 'RIFF') && begins(bytes, 'WEBP', 8)) return webp(bytes, view);
  } catch {
    // It ended too soon.
  }
  return undefined;
}

/** @param most pixels, fewer where little is expected */
export const isBearable = ({ width, height }: PictureHeader, most = MOST_PIXELS): boolean =>
  width > 0 && height > 0 && width <= LONGEST_SIDE && height <= LONGEST_SIDE && width * height <= most;

export const begins = (bytes: Uint8Array, text: string, at = 0): boolean =>
  [...text].every((letter, index) => bytes[at + index] === letter.charCodeAt(0));

/** The first frame header; a decoder refuses a second one. */
function jpeg(view: DataView): PictureHeader | undefined {
  for (let at = 2; ;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at += 1;
    else if (isFrame(marker)) return { type: 'image/jpeg', height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    else if (marker === 0xd9 || marker === 0xda) return undefined;
    else at += 2 + (isAlone(marker) ? 0 : view.getUint16(at + 2));
  }
}
/** SOF0 .. SOF15, which share their numbers with DHT, JPG and DAC. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const isAlone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

function webp(bytes: Uint8Array, view: DataView): PictureHeader | undefined {
  const sized = (width: number, height: number): PictureHeader => ({ type: 'image/webp', width, height });
  const uint24 = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 0x1_00_00;
  if (begins(bytes, 'VP8X', 12)) return sized(uint24(24) + 1, uint24(27) + 1);
  if (begins(bytes, 'VP8L', 12)) {
    const bits = view.getUint32(21, true);
    return sized((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
  }
  if (begins(bytes, 'VP8 ', 12)) return sized(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
  return undefined;
}
