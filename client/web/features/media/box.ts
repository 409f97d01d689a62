import type { CSSProperties } from 'react';

/** Pixels of the page a picture may take in a message. */
const WIDEST = 320;
const HIGHEST = 360;
const LEAST = 96;

/** The place a picture will take, known before it is there: nothing jumps when it comes. */
export function boxOf({ width, height }: { readonly width: number; readonly height: number }): CSSProperties {
  const scale = Math.min(1, WIDEST / width, HIGHEST / height);
  const wide = Math.max(LEAST, Math.round(width * scale));
  const high = Math.max(LEAST, Math.round(height * scale));
  return { inlineSize: wide, aspectRatio: `${wide} / ${high}` };
}
