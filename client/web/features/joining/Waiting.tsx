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
  const { returning } = overview;
  // Whoever only asks to come back has a past here, which is never erased for a link that was of no use.
  const leave = useAct((session) => (returning ? session.stopAsking() : session.erase()));
  const { joinProblem } = overview;
  const offline = overview.connection === 'offline' || joinProblem === 'offline';
  // What passes by itself is no end of it.
  if (joinProblem !== undefined && joinProblem !== 'offline' && joinProblem !== 'relay-busy')
    return (
      <Gate title={t('waiting.problemTitle')}>
        <Problem code={joinProblem} />
        {returning ? <p className="gate-note">{t('waiting.backProblem')}</p> : null}
        <Problem code={leave.failure} />
        <Button weight="primary" wide isPending={leave.pending} onPress={() => void leave.run()}>
          {returning ? t('waiting.backToRooms') : t('waiting.startOver')}
        </Button>
      </Gate>
    );
  return (
    <Gate title={overview.linking ? t('devices.waitingTitle') : t('waiting.title')} lead={overview.linking ? t('devices.waitingHow') : returning ? t('waiting.backHow') : t('waiting.how')}>
      <Phrase words={overview.phrase ?? []} label={t('waiting.phraseLabel')} size="l" />
      <p className="gate-status" role="status">
        {offline ? null : <Spinner />}
        {offline ? t('waiting.statusOffline') : overview.linking ? t('devices.waitingStatus') : t('waiting.status')}
      </p>
      <hr className="gate-rule" />
      <p className="gate-note">{t('waiting.canClose')}</p>
      {returning ? <Problem code={leave.failure} /> : null}
      <Button weight="plain" isPending={leave.pending} onPress={() => (returning ? void leave.run() : setErasing(true))}>
        {overview.linking ? t('devices.waitingGiveUp') : returning ? t('waiting.stopAsking') : t('waiting.giveUp')}
      </Button>
      <EraseDialog open={erasing} onClose={() => setErasing(false)} />
    </Gate>
  );
}
