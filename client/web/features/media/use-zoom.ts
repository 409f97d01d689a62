/** Making a picture larger: with two fingers, the wheel, a double press or a button; moved with one finger while it is large, and swiped to the next while it is not. */
import { useEffect, useRef, useState, type CSSProperties, type RefObject } from 'react';

const LARGEST = 6;
const LARGE = 2.5;
/** Pixels of a swipe that count. */
const SWIPE = 60;

interface Moves {
  readonly onBefore: (() => void) | undefined;
  readonly onAfter: (() => void) | undefined;
  readonly onDown: () => void;
}
interface Point {
  readonly x: number;
  readonly y: number;
}
const HOME = { scale: 1, x: 0, y: 0 };

export function useZoom(stage: RefObject<HTMLElement | null>, moves: Moves): { readonly isLarge: boolean; readonly toggle: () => void; readonly style: CSSProperties } {
  const [place, setPlace] = useState(HOME);
  const now = useRef(place);
  now.current = place;
  const latest = useRef(moves);
  latest.current = moves;
  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const fingers = new Map<number, Point>();
    let begun: Point | undefined;
    let apart = 0;
    const grow = (by: number): void => {
      const scale = Math.min(LARGEST, Math.max(1, now.current.scale * by));
      setPlace(scale === 1 ? HOME : { ...now.current, scale });
    };
    const distance = (): number => {
      const [a, b] = [...fingers.values()];
      return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
    };
    const down = (event: PointerEvent): void => {
      if (event.target instanceof Element && event.target.closest('button')) return;
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      begun = fingers.size === 1 ? { x: event.clientX, y: event.clientY } : undefined;
      apart = distance();
    };
    const move = (event: PointerEvent): void => {
      const before = fingers.get(event.pointerId);
      if (before === undefined) return;
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (fingers.size === 2) {
        const wide = distance();
        if (apart > 0) grow(wide / apart);
        apart = wide;
      } else if (now.current.scale > 1) {
        setPlace({ ...now.current, x: now.current.x + event.clientX - before.x, y: now.current.y + event.clientY - before.y });
      }
    };
    const up = (event: PointerEvent): void => {
      fingers.delete(event.pointerId);
      if (begun === undefined || now.current.scale > 1 || event.type === 'pointercancel') return;
      const [x, y] = [event.clientX - begun.x, event.clientY - begun.y];
      begun = undefined;
      if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) {
        const forward = document.documentElement.dir === 'rtl' ? x > 0 : x < 0;
        (forward ? latest.current.onAfter : latest.current.onBefore)?.();
      } else if (y > 2 * SWIPE && event.pointerType === 'touch') latest.current.onDown();
    };
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      grow(Math.exp(-event.deltaY / 300));
    };
    const double = (): void => setPlace(now.current.scale > 1 ? HOME : { ...HOME, scale: LARGE });
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
    element.addEventListener('pointerleave', up);
    element.addEventListener('wheel', wheel, { passive: false });
    element.addEventListener('dblclick', double);
    return () => {
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', up);
      element.removeEventListener('pointerleave', up);
      element.removeEventListener('wheel', wheel);
      element.removeEventListener('dblclick', double);
    };
  }, [stage]);
  return {
    isLarge: place.scale > 1,
    toggle: () => setPlace(place.scale > 1 ? HOME : { ...HOME, scale: LARGE }),
    style: { transform: `translate(${place.x}px, ${place.y}px) scale(${place.scale})` },
  };
}
