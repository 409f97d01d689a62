import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { POST_BODY_SIZES } from './limits.ts';
import { pad, unpad } from './padding.ts';

describe('padding', () => {
  it('gives back what was put in, and only sizes from the list come out', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 70_000 }), fc.integer({ min: 0, max: 100 }), (content, overhead) => {
      const padded = pad(content, POST_BODY_SIZES, overhead);
      if (padded === undefined) return content.length + 4 + overhead > 65_536;
      const fits = (POST_BODY_SIZES as readonly number[]).includes(padded.length + overhead);
      return fits && Buffer.compare(unpad(padded) as Uint8Array, content) === 0;
    }));
  });
  it('takes the smallest size that fits, to the byte', () => {
    expect(pad(new Uint8Array(1024 - 44), POST_BODY_SIZES, 40)).toHaveLength(1024 - 40);
    expect(pad(new Uint8Array(1024 - 43), POST_BODY_SIZES, 40)).toHaveLength(4096 - 40);
  });
  it('refuses a length beyond the end and a filling that says something', () => {
    const padded = pad(Uint8Array.of(1, 2, 3), POST_BODY_SIZES, 0) as Uint8Array;
    expect(unpad(padded.slice(0, 5))).toBeUndefined();
    expect(unpad(new Uint8Array(3))).toBeUndefined();
    padded[500] = 1;
    expect(unpad(padded)).toBeUndefined();
  });
});
