/** A link to a board that this page was opened with, until somebody is there to read it. In memory only. */
import { useSyncExternalStore } from 'react';

let arrived: string | undefined;
const listeners = new Set<() => void>();

export function setArrived(link: string | undefined): void {
  arrived = link;
  listeners.forEach((listener) => listener());
}
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};
export const useArrived = (): string | undefined => useSyncExternalStore(subscribe, () => arrived);
