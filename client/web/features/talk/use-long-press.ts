/** A finger that rests on something. Scrolling, a second finger and letting go are no rest. */
import { useRef, type PointerEvent } from 'react';

const REST_MS = 420;
const SLIP = 10;

export function useLongPress(onRest: () => void) {
  const held = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number }>(undefined);
  const release = (): void => {
    clearTimeout(held.current?.timer);
    held.current = undefined;
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      release();
      if (event.pointerType !== 'touch' || !event.isPrimary) return;
      held.current = { timer: setTimeout(onRest, REST_MS), x: event.clientX, y: event.clientY };
    },
    onPointerMove: (event: PointerEvent) => {
      const from = held.current;
      if (from && Math.hypot(event.clientX - from.x, event.clientY - from.y) > SLIP) release();
    },
    onPointerUp: release,
    onPointerCancel: release,
    onContextMenu: (event: { preventDefault(): void }) => {
      if (held.current !== undefined || matchMedia('(pointer: coarse)').matches) event.preventDefault();
    },
  };
}
