/** Puts the app on the page over any session: the real one, or the one made up for development. */
import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nProvider } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Session } from '#core/session/api.ts';
import { startWords } from '../i18n/index.ts';
import '../theme/tokens.css';
import '../theme/fonts.css';
import '../theme/base.css';
import { App, type Engine } from './App.tsx';
import { startPreferences } from './preferences.ts';
import { SessionProvider } from './session-context.tsx';

export async function mount(session: Session, engine: Engine): Promise<void> {
  const { language } = startPreferences();
  await startWords(language, navigator.languages);
  const root = document.getElementById('root');
  if (!root) throw new Error('the page has no root element');
  createRoot(root).render(
    <StrictMode>
      <Speaking>
        <SessionProvider session={session}>
          <App engine={engine} />
        </SessionProvider>
      </Speaking>
    </StrictMode>,
  );
  fetchFonts();
}

/** The library's own words and directions follow the language, too. */
function Speaking({ children }: { readonly children: ReactNode }) {
  const { i18n } = useTranslation();
  return <I18nProvider locale={i18n.language}>{children}</I18nProvider>;
}

/**
 * Fetches the letters of every script soon after the start. Left to the browser, a script's letters would be fetched
 * when the first message in it arrives, and a watched server would learn in which language somebody was just written to.
 */
function fetchFonts(): void {
  const fetchAll = (): void => document.fonts.forEach((face) => void face.load().catch(() => undefined));
  if ('requestIdleCallback' in window) requestIdleCallback(fetchAll, { timeout: 4000 });
  else setTimeout(fetchAll, 1000);
}
