/** Several tabs, one person: one of them tells, and none while any of them is looked at. */
import { useEffect, useState } from 'react';

const TELLING = 'thicket-notify';
const LOOKED_AT = 'thicket-looked-at';

/** Holds a lock until it is let go. @returns lets it go, or stops waiting for it */
function hold(name: string, mode: LockMode, onHeld: () => void = () => undefined): () => void {
  const ending = new AbortController();
  let release = (): void => undefined;
  const held = () => new Promise<void>((resolve) => {
    release = resolve;
    onHeld();
  });
  navigator.locks.request(name, { mode, signal: ending.signal }, held).catch(() => undefined);
  return () => {
    ending.abort();
    release();
  };
}

/** True in one tab of the browser. A tab that holds a lock is not put to sleep, so it goes on telling behind others. */
export function useTells(): boolean {
  const [tells, setTells] = useState(false);
  useEffect(() => {
    const letGo = hold(TELLING, 'exclusive', () => setTells(true));
    return () => {
      letGo();
      setTells(false);
    };
  }, []);
  return tells;
}

/** Lets the other tabs see that this one is looked at. @param onLook somebody came back to it */
export function useLookedAt(onLook: () => void): void {
  useEffect(() => {
    let letGo: (() => void) | undefined;
    const look = (): void => {
      if (document.hasFocus() === (letGo !== undefined)) return;
      if (letGo === undefined) {
        letGo = hold(LOOKED_AT, 'shared');
        onLook();
      } else {
        letGo();
        letGo = undefined;
      }
    };
    look();
    addEventListener('focus', look);
    addEventListener('blur', look);
    return () => {
      removeEventListener('focus', look);
      removeEventListener('blur', look);
      letGo?.();
    };
  }, [onLook]);
}

export async function isLookedAt(): Promise<boolean> {
  if (document.hasFocus()) return true;
  return ((await navigator.locks.query()).held ?? []).some(({ name }) => name === LOOKED_AT);
}
