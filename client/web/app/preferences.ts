/** What a person likes on this device. Not secret, and readable before the vault is open: kept in localStorage. */
import { useSyncExternalStore } from 'react';
import { speak } from '../i18n/index.ts';
import { LANGUAGES, type Language } from '../i18n/languages.ts';

export type Theme = 'system' | 'light' | 'dark';
/** Minutes; 0 is never. */
export type IdleMinutes = 5 | 15 | 60 | 0;
/** How much a notification says: nothing of whom and where, room and sender, or the text as well. */
export type NotifyLevel = 'off' | 'bare' | 'names' | 'text';
/** What is unread, on the icon and in the title. */
export type Badge = 'off' | 'dot' | 'number';

export interface Preferences {
  readonly language: Language | 'system';
  readonly theme: Theme;
  readonly idleMinutes: IdleMinutes;
  readonly notify: NotifyLevel;
  readonly badge: Badge;
}

const KEY = 'thicket-preferences';
const DEFAULTS: Preferences = { language: 'system', theme: 'system', idleMinutes: 15, notify: 'off', badge: 'off' };
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const IDLE: readonly IdleMinutes[] = [5, 15, 60, 0];
const LEVELS: readonly NotifyLevel[] = ['off', 'bare', 'names', 'text'];
const BADGES: readonly Badge[] = ['off', 'dot', 'number'];

/** Whatever is stored becomes valid preferences. */
export function parsePreferences(stored: string | null): Preferences {
  try {
    const raw: unknown = JSON.parse(stored ?? '{}');
    const { language, theme, idleMinutes, notify, badge } = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>;
    return {
      language: LANGUAGES.find(({ code }) => code === language)?.code ?? DEFAULTS.language,
      theme: THEMES.find((known) => known === theme) ?? DEFAULTS.theme,
      idleMinutes: IDLE.find((known) => known === idleMinutes) ?? DEFAULTS.idleMinutes,
      notify: LEVELS.find((known) => known === notify) ?? DEFAULTS.notify,
      badge: BADGES.find((known) => known === badge) ?? DEFAULTS.badge,
    };
  } catch {
    return DEFAULTS;
  }
}

const listeners = new Set<() => void>();
let current: Preferences | undefined;

const read = (): Preferences => (current ??= parsePreferences(stored()));

/** Storage may be forbidden; preferences then last as long as the page. */
function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...read(), ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Kept for this page only.
  }
  show(current);
  listeners.forEach((listener) => listener());
}

function show({ theme, language }: Preferences): void {
  applyTheme(theme);
  void speak(language, navigator.languages);
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** Call once at start: shows the chosen theme, and follows a change made in another tab. @returns what is chosen */
export function startPreferences(): Preferences {
  applyTheme(read().theme);
  window.addEventListener('storage', (event) => {
    if (event.key !== KEY) return;
    current = parsePreferences(event.newValue);
    show(current);
    listeners.forEach((listener) => listener());
  });
  return read();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, read);
