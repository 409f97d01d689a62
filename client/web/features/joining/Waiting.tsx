/** Knocked, not yet let in: the four words to read out, and an honest word on how it stands. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Overview } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Gate } from '../../components/Gate.tsx';
import { Phrase } from '../../components/Phrase.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { EraseDialog } from '../unlock/EraseDialog.tsx';

export function Waiting({ overview }: { readonly overview: Overview }) {
  const { t } = useTranslation();
  const [erasing, setErasing] = useState(false);
  const erase = useAct((session) => session.erase());
  if (overview.joinProblem !== undefined)
    return (
      <Gate title={t('waiting.problemTitle')}>
        <Problem code={overview.joinProblem} />
        <Problem code={erase.failure} />
        <Button weight="primary" wide isPending={erase.pending} onPress={() => void erase.run()}>
          {t('waiting.startOver')}
        </Button>
      </Gate>
    );
  const offline = overview.connection === 'offline';
  return (
    <Gate title={overview.linking ? t('devices.waitingTitle') : t('waiting.title')} lead={overview.linking ? t('devices.waitingHow') : t('waiting.how')}>
      <Phrase words={overview.phrase ?? []} label={t('waiting.phraseLabel')} size="l" />
      <p className="gate-status" role="status">
        {offline ? null : <Spinner />}
        {offline ? t('waiting.statusOffline') : overview.linking ? t('devices.waitingStatus') : t('waiting.status')}
      </p>
      <hr className="gate-rule" />
      <p className="gate-note">{t('waiting.canClose')}</p>
      <Button weight="plain" onPress={() => setErasing(true)}>
        {overview.linking ? t('devices.waitingGiveUp') : t('waiting.giveUp')}
      </Button>
      <EraseDialog open={erasing} onClose={() => setErasing(false)} />
    </Gate>
  );
}
