/** Which of the few large screens is shown: it follows the session's stage. */
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Overview } from '#core/session/api.ts';
import { Toasts, useSay } from '../components/Toasts.tsx';
import { Founding } from '../features/founding/Founding.tsx';
import { LinkThis } from '../features/devices/LinkThis.tsx';
import { Joining } from '../features/joining/Joining.tsx';
import { Waiting } from '../features/joining/Waiting.tsx';
import { Unlock } from '../features/unlock/Unlock.tsx';
import { Welcome } from '../features/welcome/Welcome.tsx';
import type { Wire } from '../workers/protocol.ts';
import { setArrived } from './arrived.ts';
import { useIdleLock } from './idle-lock.ts';
import { takeLink, type Link } from './link.ts';
import { usePreferences } from './preferences.ts';
import { OpenSession, useLive, useSession, type Outcome } from './session-context.tsx';
import { fetchShell, Shell } from './later.ts';
import { Splash } from './Splash.tsx';
import { nameTitle } from './title.ts';

/** Not needed to show anything: fetched beside the first screen. */
const NewVersion = lazy(async () => ({ default: (await import('./NewVersion.tsx')).NewVersion }));

/** Few come this way, and it brings the list of words along. */
const Restore = lazy(() => import('../features/backup/Restore.tsx'));

export interface Engine {
  readonly wire: Wire;
  /** Fills when the engine could not be started in this tab. */
  readonly broken: Promise<void>;
}

export function App({ engine }: { readonly engine: Engine }) {
  return (
    <Toasts>
      <Stages engine={engine} />
      <Suspense>
        <NewVersion />
      </Suspense>
    </Toasts>
  );
}

function Stages({ engine }: { readonly engine: Engine }) {
  const session = useSession();
  const { value: overview, failure } = useLive('overview', 'overview', (live) => live.overview());
  const [link, setLink] = useLink();
  const { idleMinutes } = usePreferences();
  useIdleLock(session, engine.wire, overview?.stage === 'open' || overview?.stage === 'waiting' ? idleMinutes : 0);
  const [busy, setBusy] = useState(false);
  const [restoring, setRestoring] = useState(false);
  /**
   * Founding, joining and restoring pass through other stages before they are sure. Their form stays until they have worked, and
   * when they have come to nothing it stays too, with its words about why.
   */
  const hold = (attempt: Promise<Outcome>): void => {
    setBusy(true);
    void attempt.then(async (outcome) => {
      if (outcome === 'done' || (await session.overview()).stage !== 'empty') {
        setBusy(false);
        setRestoring(false);
      }
    });
  };
  const leave = (): void => {
    setLink(undefined);
    setBusy(false);
    setRestoring(false);
  };
  useStageNews(overview, busy, link, setLink);
  useEffect(fetchShell, []);

  // `locked`: the engine went while it was asked, and its keys with it. What it told is not shown while the next one starts.
  if (!overview || failure === 'locked') return <Splash broken={engine.broken} />;
  switch (busy ? 'empty' : overview.stage) {
    case 'locked':
      return <Unlock />;
    case 'waiting':
      return <Waiting overview={overview} />;
    case 'open':
      return (
        <OpenSession overview={overview}>
          <Suspense fallback={<Splash broken={engine.broken} />}>
            <Shell />
          </Suspense>
        </OpenSession>
      );
    case 'empty':
      if (link?.kind === 'found') return <Founding link={link.link} onBack={leave} hold={hold} />;
      if (link?.kind === 'link') return <LinkThis link={link.link} onBack={leave} hold={hold} />;
      if (link?.kind === 'join') return <Joining link={link.link} onBack={leave} hold={hold} />;
      if (restoring)
        return (
          <Suspense fallback={<Splash broken={engine.broken} />}>
            <Restore onBack={leave} hold={hold} />
          </Suspense>
        );
      return <Welcome onLink={setLink} onRestore={() => setRestoring(true)} />;
  }
}

/** A link to a board asks for nobody's first screen: it waits for the boards. */
function takeHere(): Link | undefined {
  const link = takeLink(location, history);
  if (link?.kind !== 'board') return link;
  setArrived(link.link);
  return undefined;
}

/** The link this page was opened with, or one put into the address bar later. */
function useLink() {
  const [link, setLink] = useState<Link | undefined>(takeHere);
  useEffect(() => {
    const look = (): void => setLink((old) => takeHere() ?? old);
    look();
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  return [link, setLink] as const;
}

/** What a person should hear when the stage changes: that they are in, or that a link was of no use here. */
function useStageNews(overview: Overview | undefined, busy: boolean, link: Link | undefined, setLink: (link: Link | undefined) => void): void {
  const { t } = useTranslation();
  const say = useSay();
  const before = useRef<Overview['stage']>(undefined);
  const stage = overview?.stage;
  const hub = overview?.hubName ?? t('app.name');
  useEffect(() => {
    if (stage === undefined || busy) return;
    if (before.current === 'waiting' && stage === 'open') say(overview?.arriving === undefined ? t('waiting.admitted', { hub }) : t('devices.admitted'));
    // Founding and joining pass through here with their own link still in hand.
    if (link && stage !== 'empty') {
      if (before.current === undefined || before.current === stage) say(t('welcome.alreadyMember'));
      setLink(undefined);
    }
    before.current = stage;
  }, [stage, busy, hub, link, setLink, say, t]);
  useEffect(() => {
    nameTitle(overview?.stage === 'open' && overview.hubName !== undefined ? overview.hubName : t('app.name'));
  }, [overview?.stage, overview?.hubName, t]);
}
