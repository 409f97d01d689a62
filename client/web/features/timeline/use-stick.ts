/** Stays at the bottom while somebody is at the bottom, whatever grows or shrinks; leaves alone who has scrolled up. */
import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** Pixels from the bottom that still count as being at the bottom. */
const AT_END = 48;

export interface Stick {
  readonly atEnd: boolean;
  readonly toEnd: () => void;
  /** To be called when the rows have another height, before they are painted. It has the page laid out, so no more often. */
  readonly follow: () => void;
  /** Where one is, after it was moved by no hand. */
  readonly look: () => void;
}

const sizesOf = ({ scrollHeight, clientHeight }: HTMLElement): string => `${scrollHeight} ${clientHeight}`;
const distance = (scroll: HTMLElement): number => scroll.scrollHeight - scroll.clientHeight - scroll.scrollTop;

/**
 * @param newest whether what is loaded ends with the newest: without it, its end is no place to stay at
 * @param elsewhere it opens at another place than its end
 */
export function useStick(scroll: RefObject<HTMLElement | null>, rows: RefObject<HTMLElement | null>, newest: boolean, elsewhere: boolean): Stick {
  const [atEnd, setAtEnd] = useState(!elsewhere);
  const sticking = useRef(!elsewhere);
  const whole = useRef(newest);
  whole.current = newest;

  useLayoutEffect(() => {
    const element = scroll.current;
    const content = rows.current;
    if (!element || !content) return;
    let sizes = sizesOf(element);
    // Rows that turn out higher or lower move things too. Only a move while nothing changed its size is somebody's wish.
    const scrolled = (): void => {
      const now = sizesOf(element);
      const same = now === sizes;
      sizes = now;
      if (!same) return follow();
      sticking.current = whole.current && distance(element) <= AT_END;
      setAtEnd(sticking.current);
    };
    const follow = (): void => {
      sizes = sizesOf(element);
      if (sticking.current && whole.current) element.scrollTop = element.scrollHeight;
    };
    const observer = new ResizeObserver(follow);
    observer.observe(element);
    observer.observe(content);
    element.addEventListener('scroll', scrolled, { passive: true });
    follow();
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', scrolled);
    };
  }, [scroll, rows]);

  const follow = useCallback(() => {
    const element = scroll.current;
    if (element && sticking.current && whole.current) element.scrollTop = element.scrollHeight;
  }, [scroll]);
  const toEnd = useCallback(() => {
    sticking.current = true;
    setAtEnd(true);
    const element = scroll.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, [scroll]);
  const look = useCallback(() => {
    const element = scroll.current;
    if (!element) return;
    sticking.current = whole.current && distance(element) <= AT_END;
    setAtEnd(sticking.current);
  }, [scroll]);
  return { atEnd, toEnd, follow, look };
}
