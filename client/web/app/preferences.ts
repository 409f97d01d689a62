/** What a person likes on this device. Not secret, and readable before the vault is open: kept in localStorage. */
import { useSyncExternalStore } from 'react';
import { speak } from '../i18n/index.ts';
import { LANGUAGES, type Language } from '../i18n/languages.ts';

export type Theme = 'system' | 'light' | 'dark';
/** Minutes; 0 is never. */
export type IdleMinutes = 5 | 15 | 60 | 0;

export interface Preferences {
  readonly language: Language | 'system';
  readonly theme: Theme;
  readonly idleMinutes: IdleMinutes;
}

const KEY = 'thicket-preferences';
const DEFAULTS: Preferences = { language: 'system', theme: 'system', idleMinutes: 15 };
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const IDLE: readonly IdleMinutes[] = [5, 15, 60, 0];

/** Whatever is stored becomes valid preferences. */
export function parsePreferences(stored: string | null): Preferences {
  try {
    const raw: unknown = JSON.parse(stored ?? '{}');
    const { language, theme, idleMinutes } = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>;
    return {
      language: LANGUAGES.find(({ code }) => code === language)?.code ?? DEFAULTS.language,
      theme: THEMES.find((known) => known === theme) ?? DEFAULTS.theme,
      idleMinutes: IDLE.find((known) => known === idleMinutes) ?? DEFAULTS.idleMinutes,
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
