import { useSyncExternalStore } from 'react';

/** The same width as in the style sheets: below it one screen is shown at a time. */
const query = matchMedia('(max-width: 47.99rem)');

const subscribe = (listener: () => void) => {
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
};

/** Whether this is a phone's width, where a screen stands alone. */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => query.matches);
