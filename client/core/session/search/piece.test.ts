import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { sodiumReady, utf8 } from '#shared/sodium.ts';
import { StoredMessageSchema } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { termsOf } from '../../domain/search-words.ts';
import { Reader, Writer } from './numbers.ts';
import { PieceBuilder, readPiece, withAll } from './piece.ts';
import { Words, writeWords } from './words.ts';

beforeAll(sodiumReady);

const bitsOf = (bits: Uint32Array): number[] => [...bits].flatMap((word, index) => Array.from({ length: 32 }, (_, bit) => ((word >>> bit) & 1 ? index * 32 + bit : -1)).filter((bit) => bit >= 0));
const pieceOf = (texts: readonly string[]) => {
  const builder = new PieceBuilder(10);
  for (const [index, text] of texts.entries()) builder.add(11 + index * 3, create(StoredMessageSchema, { text, sender: new Uint8Array(32), sentAtMs: BigInt(index * 1000) }), '', 1e15);
  const piece = readPiece(10_000, builder.done());
  if (piece === undefined) throw new Error('no piece');
  return piece;
};

describe('numbers', () => {
  it('come back as they were', () => {
    fc.assert(fc.property(fc.array(fc.maxSafeNat()), (numbers) => {
      const writer = new Writer();
      for (const number of numbers) writer.number(number);
      const reader = new Reader(writer.done());
      expect(numbers.map(() => reader.number())).toEqual(numbers);
      expect(reader.ended).toBe(true);
    }));
  });
  it('that end too early are refused', () => expect(() => new Reader(Uint8Array.of(0x80)).number()).toThrow(RangeError));
});

describe('words', () => {
  const word = fc.oneof(fc.stringMatching(/^[abc]{1,4}$/), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }));
  it('are found by themselves and by their beginnings, as if each were looked at', () => {
    fc.assert(fc.property(fc.array(fc.uniqueArray(word, { maxLength: 8 }), { maxLength: 70 }), word, fc.boolean(), (messages, text, whole) => {
      const found = new Map<string, number[]>();
      for (const [message, inIt] of messages.entries()) for (const one of inIt) found.set(one, [...(found.get(one) ?? []), message]);
      const bits = new Uint32Array(Math.ceil(messages.length / 32));
      new Words(writeWords(found), messages.length).find({ text, whole }, bits);
      const plainly = messages.flatMap((inIt, message) => (inIt.some((one) => (whole ? one === text : one.startsWith(text))) ? [message] : []));
      expect(bitsOf(bits)).toEqual(plainly);
    }), { numRuns: 500 });
  });
  it('bytes that are none are refused, or harmless', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      try {
        new Words(bytes, 40).find({ text: 'a', whole: false }, new Uint32Array(2));
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(RangeError);
      }
    }));
  });
});

describe('a piece', () => {
  const texts = ['The rent strike begins', 'La reunión es mañana', 'strike while it is hot', '我们在北京开会'];

  it('finds messages with all of the words', () => {
    const find = (...terms: string[]) => bitsOf(withAll(pieceOf(texts), terms.map((text) => ({ text, whole: false }))));
    expect(find('strike')).toEqual([0, 2]);
    expect(find('str', 'rent')).toEqual([0]);
    expect(find('reunion', 'man')).toEqual([1]);
    expect(find('京开')).toEqual([3]);
    expect(find()).toEqual([0, 1, 2, 3]);
    expect(find('nothing')).toEqual([]);
  });
  it('knows place and time of each', () => {
    const { places, times, newest, after, to } = pieceOf(texts);
    expect([[...places], [...times], newest, after, to]).toEqual([[11, 14, 17, 20], [0, 1, 2, 3], 3, 10, 10_000]);
  });
  it('takes no message for one of the future', () => {
    const builder = new PieceBuilder(0);
    builder.add(1, create(StoredMessageSchema, { text: 'x', sender: new Uint8Array(32), sentAtMs: 2n ** 63n }), '', 5_000);
    expect(readPiece(1, builder.done())?.newest).toBe(5);
  });
  it('that was damaged is none', () => {
    const builder = new PieceBuilder(0);
    builder.add(1, create(StoredMessageSchema, { text: 'some words here', sender: new Uint8Array(32) }), '', 5_000);
    const bytes = builder.done();
    expect(readPiece(1, bytes.subarray(0, bytes.length - 3))).toBeUndefined();
    expect(readPiece(1, utf8('rubbish'))).toBeUndefined();
  });
  it('holds the words of its messages and no other', () => {
    const builder = new PieceBuilder(0);
    builder.add(1, create(StoredMessageSchema, { text: 'canary', sender: new Uint8Array(32) }), '', 5_000);
    expect(new TextDecoder().decode(builder.done())).toContain('canary');
    expect(termsOf('canary')).toEqual(new Set(['canary']));
  });
});
