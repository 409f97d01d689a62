/** A picture, drawn: what somebody sent is decoded in a worker and comes to a canvas, never to an element that opens files. */
import { useEffect, useRef, useState, type CSSProperties } from 'react';
import { picture } from './pictures.ts';

interface Props {
  readonly bytes: Blob | Uint8Array;
  /** What it shows, for those who do not see it; empty where words beside it say so. */
  readonly label: string;
  /** Pixels of the longer side, at most. */
  readonly longest: number;
  /** Pixels that are decoded, at most. */
  readonly most?: number;
  readonly onFailed?: () => void;
  readonly onDrawn?: () => void;
  readonly style?: CSSProperties;
}

/** A preview has a few hundred pixels on each side; one with more of them was made to do harm. */
export const MOST_OF_PREVIEW = 1_000_000;

export function Still({ bytes, label, longest, most, onFailed, onDrawn, style }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [drawn, setDrawn] = useState(false);
  const failed = useRef(onFailed);
  failed.current = onFailed;
  const done = useRef(onDrawn);
  done.current = onDrawn;
  useEffect(() => {
    let gone = false;
    const blob = bytes instanceof Blob ? bytes : new Blob([Uint8Array.from(bytes)]);
    void picture({ what: 'show', bytes: blob, longest, ...(most !== undefined && { most }) }).then((bitmap) => {
      if (gone) return bitmap?.close();
      const context = canvas.current?.getContext('bitmaprenderer');
      if (bitmap === undefined || !context) return failed.current?.();
      const { canvas: element } = context;
      element.width = bitmap.width;
      element.height = bitmap.height;
      context.transferFromImageBitmap(bitmap);
      setDrawn(true);
      done.current?.();
    });
    return () => {
      gone = true;
    };
  }, [bytes, longest, most]);
  const named = label === '' ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return <canvas ref={canvas} className="still" data-testid="still" data-drawn={drawn} {...(style && { style })} {...named} />;
}
