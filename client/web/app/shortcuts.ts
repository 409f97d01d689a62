/** Keys that work everywhere in the open app. */
import { useEffect, useRef } from 'react';

const mac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);
/** As printed on the keyboard in front of the person. */
export const KEYS = {
  find: mac ? '⌘K' : 'Ctrl+K',
  search: mac ? '⌘F' : 'Ctrl+F',
  lock: mac ? '⌘⇧L' : 'Ctrl+Shift+L',
  next: mac ? '⌥↓  ⌥↑' : 'Alt+↓  Alt+↑',
  close: 'Esc',
  keys: mac ? '⌘/' : 'Ctrl+/',
  bold: mac ? '⌘B' : 'Ctrl+B',
  italic: mac ? '⌘I' : 'Ctrl+I',
  code: mac ? '⌘E' : 'Ctrl+E',
} as const;

export interface Shortcuts {
  readonly find: () => void;
  /** In a room: in that room. Where one is searching already the browser has its own. */
  readonly search: () => boolean;
  readonly lock: () => void;
  /** 1 is the next room, -1 the one before. */
  readonly step: (by: 1 | -1) => void;
  readonly close: () => void;
  /** The list of all of them. */
  readonly keys: () => void;
}

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing'>;

/** What a key asks for. An input method at work owns its keys. */
export function meaningOf(event: Pressed): 'find' | 'search' | 'lock' | 'next' | 'previous' | 'close' | 'keys' | undefined {
  if (event.isComposing) return undefined;
  const command = event.ctrlKey || event.metaKey;
  if (command && !event.shiftKey && !event.altKey && event.code === 'KeyK') return 'find';
  if (command && !event.shiftKey && !event.altKey && event.code === 'KeyF') return 'search';
  if (command && !event.altKey && event.key === '/') return 'keys';
  if (command && event.shiftKey && !event.altKey && event.code === 'KeyL') return 'lock';
  if (event.altKey && !command && event.key === 'ArrowDown') return 'next';
  if (event.altKey && !command && event.key === 'ArrowUp') return 'previous';
  return event.key === 'Escape' ? 'close' : undefined;
}

export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const meaning = meaningOf(event);
      // A dialog or menu that is open takes its own Escape and prevents the default.
      if (meaning === undefined || event.defaultPrevented) return;
      const { find, search, lock, step, close, keys } = latest.current;
      if (meaning === 'search') {
        if (search()) event.preventDefault();
        return;
      }
      if (meaning !== 'close') event.preventDefault();
      ({ find, lock, next: () => step(1), previous: () => step(-1), close, keys })[meaning]();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
}
