import { expect, it } from 'vitest';
import { sizeIn } from './sizes.ts';

it('says sizes as people read them', () => {
  expect([0, 999, 1_000, 1_234_567, 4_000_000_000, 5e12].map((bytes) => sizeIn(bytes, 'en'))).toEqual(['0 bytes', '999 bytes', '1 kB', '1.2 MB', '4 GB', '5,000 GB']);
});
