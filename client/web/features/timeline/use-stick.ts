/** Stays at the bottom while somebody is at the bottom, whatever grows or shrinks; leaves alone who has scrolled up. */
import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** Pixels from the bottom that still count as being at the bottom. */
const AT_END = 48;

export interface Stick {
  readonly atEnd: boolean;
  readonly toEnd: () => void;
}

const distance = (scroll: HTMLElement): number => scroll.scrollHeight - scroll.clientHeight - scroll.scrollTop;

export function useStick(scroll: RefObject<HTMLElement | null>, rows: RefObject<HTMLElement | null>): Stick {
  const [atEnd, setAtEnd] = useState(true);
  const sticking = useRef(true);

  useLayoutEffect(() => {
    const element = scroll.current;
    const content = rows.current;
    if (!element || !content) return;
    let before = element.scrollTop;
    const set = (next: boolean): void => {
      sticking.current = next;
      setAtEnd(next);
    };
    // Rows that grow under the eye move things too; only a move upwards is somebody's wish to leave the bottom.
    const scrolled = (): void => {
      const near = distance(element) <= AT_END;
      if (near || element.scrollTop < before - 1) set(near);
      before = element.scrollTop;
    };
    const follow = (): void => {
      if (sticking.current) element.scrollTop = element.scrollHeight;
      before = element.scrollTop;
    };
    const sizes = new ResizeObserver(follow);
    sizes.observe(element);
    sizes.observe(content);
    element.addEventListener('scroll', scrolled, { passive: true });
    follow();
    return () => {
      sizes.disconnect();
      element.removeEventListener('scroll', scrolled);
    };
  }, [scroll, rows]);

  const toEnd = useCallback(() => {
    sticking.current = true;
    setAtEnd(true);
    const element = scroll.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, [scroll]);
  return { atEnd, toEnd };
}
