import { createContext } from 'react';

const MOST = 6;

/** What was looked for since unlocking, the latest first. Provided by the open session, so that locking forgets it. */
export const Recent = createContext<string[]>([]);

/** Changes the list in place. */
export function remember(recent: string[], text: string): void {
  const typed = text.trim();
  if (typed === '') return;
  const known = recent.findIndex((one) => one === typed || typed.startsWith(one));
  if (known >= 0) recent.splice(known, 1);
  recent.unshift(typed);
  recent.length = Math.min(recent.length, MOST);
}
