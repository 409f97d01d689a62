import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { KiB, LIMITS, MiB } from '#shared/limits.ts';
import { isBlobSize } from '#shared/padme.ts';
import { equalBytes, hex, randomBytes, sodiumReady, utf8 } from '#shared/sodium.ts';
import { contentOf, emptyDigest, layoutOf, nextDigest, openPiece, pieceOf, sealPiece, spanOf, type Layout } from './format.ts';

beforeAll(sodiumReady);

const whole = (size: number): Layout => layoutOf(size) as Layout;
const pieces = (file: Uint8Array, layout: Layout): Uint8Array[] =>
  Array.from({ length: layout.pieces }, (_, index) => pieceOf(layout, index, file.subarray(spanOf(layout, index).from, spanOf(layout, index).to)));

describe('the layout of a file', () => {
  it('is a PADMÉ size with room for everything, at most 12 % and the floor above it', () => {
    fc.assert(fc.property(fc.oneof(fc.integer({ min: 0, max: 3 * MiB }), fc.integer({ min: 0, max: 3_800 * MiB })), (size) => {
      const layout = whole(size);
      const last = spanOf(layout, layout.pieces - 1);
      return isBlobSize(layout.sealed) && layout.sealed >= size + 8 + 40 * layout.pieces && last.to === size
        && layout.sealed <= Math.max(LIMITS.blobFloor, (size + 8 + 40 * (layout.pieces + 1)) * 1.13);
    }), { numRuns: 2_000 });
    expect([0, 1, 16 * KiB - 48, 16 * KiB - 47, MiB].map((size) => whole(size).sealed)).toEqual([16 * KiB, 16 * KiB, 16 * KiB, 17 * KiB, MiB + 32 * KiB]);
    expect([-1, 1.5, LIMITS.blob, LIMITS.blob + 1, Number.NaN].map(layoutOf)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('covers the file with its pieces, without gap or overlap', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 40 * MiB }), (size) => {
      const layout = whole(size);
      let at = 0;
      for (let index = 0; index < layout.pieces; index += 1) {
        const { from, to } = spanOf(layout, index);
        if (from !== at && from !== to) return false;
        at = Math.max(at, to);
      }
      return at === size;
    }));
  });
});

describe('the pieces of a file', () => {
  it('give it back, and each opens in its own place of a file of its own length alone', () => {
    const file = randomBytes(2 * MiB + 100);
    const layout = whole(file.length);
    const key = randomBytes(32);
    const sealed = pieces(file, layout).map((piece, index) => sealPiece(key, layout, index, piece));
    expect(sealed.map(({ length }) => length)).toEqual([MiB, MiB, layout.sealed - 2 * MiB]);
    const opened = sealed.map((each, index) => contentOf(layout, index, openPiece(key, layout, index, each) as Uint8Array) as Uint8Array);
    expect(equalBytes(Buffer.concat(opened), file)).toBe(true);
    expect(openPiece(key, layout, 1, sealed[0] as Uint8Array)).toBeUndefined();
    expect(openPiece(key, { ...layout, pieces: 2 }, 0, sealed[0] as Uint8Array)).toBeUndefined();
    expect(openPiece(randomBytes(32), layout, 0, sealed[0] as Uint8Array)).toBeUndefined();
    expect(openPiece(key, layout, 0, (sealed[0] as Uint8Array).slice(1))).toBeUndefined();
  });

  it('are never sealed twice alike', () => {
    const layout = whole(10);
    const [key, piece] = [randomBytes(32), pieces(randomBytes(10), whole(10))[0] as Uint8Array];
    expect(hex(sealPiece(key, layout, 0, piece))).not.toBe(hex(sealPiece(key, layout, 0, piece)));
  });

  it('are refused with another length inside, or with a filling that says something', () => {
    const layout = whole(10);
    const piece = pieceOf(layout, 0, utf8('ten bytes.'));
    expect(contentOf(layout, 0, piece)).toEqual(utf8('ten bytes.'));
    expect(contentOf(whole(11), 0, piece)).toBeUndefined();
    piece[piece.length - 1] = 1;
    expect(contentOf(layout, 0, piece)).toBeUndefined();
  });

  it('make a digest that changes with any of them and with their order', () => {
    const [a, b] = [utf8('first'), utf8('second')];
    const over = (...all: Uint8Array[]) => hex(all.reduce(nextDigest, emptyDigest()));
    expect(new Set([over(), over(a), over(b), over(a, b), over(b, a), over(a, a)]).size).toBe(6);
  });
});
