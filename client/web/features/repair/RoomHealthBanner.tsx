/** A room that does not go on: what happened in one sentence, and the button that mends it. */
import { Wrench } from 'lucide-react';
import { lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomSummary } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { longDay } from '../../app/times.ts';
import { Button } from '../../components/Button.tsx';
import { Later } from '../../components/Later.tsx';
import { Name } from '../../components/Name.tsx';
import { gaps, Sentence } from '../../components/Sentence.tsx';
import { useSay } from '../../components/Toasts.tsx';

const SetUpAnew = lazy(() => import('./SetUpAnew.tsx'));

export function RoomHealthBanner({ room }: { readonly room: RoomSummary }) {
  const { health } = room;
  const [open, setOpen] = useState(false);
  const { t } = useTranslation();
  if (health.is === 'fine') return null;
  return (
    <div className="connection connection-alarm" role="status" data-testid="room-health" data-health={health.is}>
      <Wrench size={18} aria-hidden="true" />
      <p>
        <What room={room} />
      </p>
      {health.is === 'stuck' && room.admin ? (
        <Button weight="plain" onPress={() => setOpen(true)}>
          {t('repair.setUpAnew')}
        </Button>
      ) : null}
      {health.is !== 'stuck' && !room.admin && !health.asked ? <AskButton room={room} /> : null}
      {health.is === 'out-of-step' && room.admin && room.people > 1 && !health.asked ? <AskButton room={room} /> : null}
      <Later over>{open ? <SetUpAnew room={room} onClose={() => setOpen(false)} /> : null}</Later>
    </div>
  );
}

function What({ room }: { readonly room: RoomSummary }) {
  const { t, i18n } = useTranslation();
  const { health } = room;
  if (health.is === 'fine') return null;
  if (health.asked) return t('repair.asked');
  if (health.is === 'mending') {
    if (health.by === undefined) return t('repair.mending');
    return <Sentence text={t('repair.mendingAfter', gaps('by'))} parts={{ by: <Name person={health.by} /> }} />;
  }
  const since = longDay(health.since, i18n.language);
  if (health.is === 'stuck') return room.admin ? t('repair.stuckAdmin', { since }) : t('repair.stuck', { since });
  return t(health.why === 'missed-messages' ? 'repair.missedMessages' : 'repair.missedChange', { since });
}

function AskButton({ room }: { readonly room: RoomSummary }) {
  const { t } = useTranslation();
  const say = useSay();
  const ask = useAct((session) => session.askToBeAdded(room.id));
  const press = async () => {
    const outcome = await ask.run();
    if (outcome !== 'done') say(t(`failure.${outcome}`));
  };
  return (
    <Button weight="plain" isPending={ask.pending} onPress={() => void press()}>
      {t('repair.askToBeAdded')}
    </Button>
  );
}
