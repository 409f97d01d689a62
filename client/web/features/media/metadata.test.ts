import { describe, expect, it } from 'vitest';
import { headerOf, isBearable } from './header.ts';
import { withoutMetadata } from './metadata.ts';

const text = (words: string): Uint8Array => Uint8Array.from(words, (letter) => letter.charCodeAt(0));
const join = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));
const segment = (marker: number, body: Uint8Array): Uint8Array => join([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 0xff], body);
const frame = (width: number, height: number) => segment(0xc0, Uint8Array.of(8, height >> 8, height & 0xff, width >> 8, width & 0xff, 1, 1, 0x11, 0));
const START = [0xff, 0xd8];
const SCAN = join(segment(0xda, Uint8Array.of(1, 1, 0, 0, 63, 0)), [1, 2, 0xff, 0, 3, 0xff, 0xd0, 4], [0xff, 0xd9]);
const tables = segment(0xdb, new Uint8Array(65));
const chunk = (name: string, body: Uint8Array): Uint8Array => {
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, body.length, true);
  return join(text(name), size, body, body.length % 2 === 1 ? [0] : []);
};
const riff = (...chunks: readonly Uint8Array[]): Uint8Array => join(text('RIFF'), chunk('', join(text('WEBP'), ...chunks)));
const extended = (flags: number, width: number, height: number) =>
  chunk('VP8X', Uint8Array.of(flags, 0, 0, 0, (width - 1) & 0xff, (width - 1) >> 8, 0, (height - 1) & 0xff, (height - 1) >> 8, 0));

describe('what leaves of a JPEG', () => {
  const secrets = ['Exif GPS 52.52', 'http://ns.adobe.com/xap', 'ICC_PROFILE of Rosa', 'written by hand', 'thumbnail'];
  const jpeg = join(START, segment(0xe0, text('JFIF')), segment(0xe1, text(secrets[0] as string)), segment(0xe1, text(secrets[1] as string)),
    segment(0xe2, text(secrets[2] as string)), segment(0xfe, text(secrets[3] as string)), segment(0xed, text(secrets[4] as string)), tables, frame(640, 480), SCAN);
  it('is the picture and nothing that was written beside it, nor behind its end', () => {
    expect(withoutMetadata(jpeg)).toEqual(join(START, tables, frame(640, 480), SCAN));
    expect(withoutMetadata(join(jpeg, text('<script>alert(1)</script>')))).toEqual(join(START, tables, frame(640, 480), SCAN));
  });
  it('is nothing at all where it cannot be followed to its end', () => {
    for (let length = 3; length < jpeg.length; length += 1) expect(withoutMetadata(jpeg.subarray(0, length)), `${length} bytes`).toBeUndefined();
  });
});

it('of a WebP only the chunks of the picture leave', () => {
  const picture = chunk('VP8 ', text('a picture'));
  const alpha = chunk('ALPH', text('see-through'));
  const whole = riff(extended(0x3c, 640, 480), chunk('ICCP', text('profile')), alpha, picture, chunk('EXIF', text('GPS 52.52')), chunk('XMP ', text('by Rosa')));
  expect(withoutMetadata(whole)).toEqual(riff(extended(0x10, 640, 480), alpha, picture));
  expect(withoutMetadata(join(whole, text('<html>')))).toEqual(riff(extended(0x10, 640, 480), alpha, picture));
  expect(withoutMetadata(riff(chunk('EXIF', text('only'))))).toBeUndefined();
});

it('nothing else leaves as a picture', () => {
  for (const other of ['<svg onload="x()">', '<!doctype html>', '%PDF-1.7', 'GIF89a', '']) expect(withoutMetadata(text(other))).toBeUndefined();
});

describe('the size of a picture is known before it is decoded', () => {
  const png = (width: number, height: number) => {
    const bytes = join(text('\x89PNG\r\n\x1a\n'), [0, 0, 0, 13], text('IHDR'), new Uint8Array(13));
    new DataView(bytes.buffer).setUint32(16, width);
    new DataView(bytes.buffer).setUint32(20, height);
    return bytes;
  };
  it('in each format', () => {
    const exif = segment(0xe1, join(text('Exif'), START, frame(9, 9)));
    expect(headerOf(join(START, exif, tables, frame(640, 480), SCAN))).toEqual({ type: 'image/jpeg', width: 640, height: 480 });
    expect(headerOf(png(70_000, 3))).toEqual({ type: 'image/png', width: 70_000, height: 3 });
    expect(headerOf(join(text('GIF89a'), [0x40, 1, 0xf0, 0]))).toEqual({ type: 'image/gif', width: 320, height: 240 });
    expect(headerOf(riff(extended(0, 640, 480)))).toEqual({ type: 'image/webp', width: 640, height: 480 });
    expect(headerOf(riff(chunk('VP8L', Uint8Array.of(0x2f, 0x7f, 0xc2, 0x77, 0))))).toEqual({ type: 'image/webp', width: 640, height: 480 });
    expect(headerOf(riff(chunk('VP8 ', Uint8Array.of(0, 0, 0, 0x9d, 1, 0x2a, 0x80, 2, 0xe0, 1))))).toEqual({ type: 'image/webp', width: 640, height: 480 });
  });
  it('and what is too large, or says nothing, is not', () => {
    expect(isBearable({ type: 'image/png', width: 5_000, height: 8_000 })).toBe(true);
    for (const [width, height] of [[60_000, 1], [1, 60_000], [10_000, 10_000], [0, 10]] as const) expect(isBearable({ type: 'image/png', width, height })).toBe(false);
    for (const other of ['<svg width="1" height="1">', 'GIF89', '\x89PNG\r\n\x1a\n', '\xff\xd8\xff', 'RIFF0000WEBPVP8 ', '\xff\xd8\xff\xd9']) expect(headerOf(text(other))).toBeUndefined();
  });
});
