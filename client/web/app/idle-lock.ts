/** Locks when nobody has touched any tab for a while. A person active in one tab keeps all of them open. */
import { useEffect } from 'react';
import type { Session } from '#core/session/api.ts';
import type { Wire } from '../workers/protocol.ts';

const TELL_EVERY_MS = 10_000;
const LOOK_EVERY_MS = 5_000;
const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

export function useIdleLock(session: Session, wire: Wire, minutes: number): void {
  useEffect(() => {
    if (minutes === 0) return;
    let last = Date.now();
    let told = 0;
    const touched = (): void => {
      last = Date.now();
      if (last - told < TELL_EVERY_MS) return;
      told = last;
      wire.post({ type: 'active' });
    };
    // Timers sleep with the machine, so the clock is compared when it wakes as well.
    const look = (): void => {
      if (Date.now() - last >= minutes * 60_000) void session.lock().catch(() => undefined);
    };
    const stop = wire.listen((message) => {
      if (message.type === 'active') last = Date.now();
    });
    const timer = setInterval(look, LOOK_EVERY_MS);
    SIGNS.forEach((sign) => addEventListener(sign, touched, { passive: true }));
    document.addEventListener('visibilitychange', look);
    return () => {
      stop();
      clearInterval(timer);
      SIGNS.forEach((sign) => removeEventListener(sign, touched));
      document.removeEventListener('visibilitychange', look);
    };
  }, [session, wire, minutes]);
}
