/** Two people compare what the hub has shown each of them, by a way that does not lead through the hub. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Comparison } from '#core/session/api.ts';
import { useAct, useLive } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Field } from '../../components/Field.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { useSay } from '../../components/Toasts.tsx';

export default function CompareDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const say = useSay();
  const own = useLive('standing', 'overview', (session) => session.standing()).value;
  const [theirs, setTheirs] = useState('');
  const [result, setResult] = useState<Comparison>();
  const compare = useAct(async (session, line: string) => setResult(await session.compareStanding(line)));
  const copy = () => void navigator.clipboard.writeText(own ?? '').then(() => say(t('common.copied')), () => undefined);
  return (
    <Modal title={t('repair.compareTitle')} open onClose={onClose}>
      <p className="modal-text">{t('repair.compareBody')}</p>
      <Button onPress={copy} isDisabled={own === undefined}>
        {t('repair.copyLine')}
      </Button>
      <Field
        label={t('repair.theirLine')}
        value={theirs}
        onChange={(text) => {
          setTheirs(text);
          setResult(undefined);
        }}
        problem={compare.failure === undefined ? undefined : t('repair.noLine')}
      />
      <p className="modal-text" role="status">
        {result === undefined ? '' : t(`repair.${verdictOf(result)}`)}
      </p>
      <ModalButtons>
        <Button onPress={onClose}>{t('common.cancel')}</Button>
        <Button weight="primary" isPending={compare.pending} isDisabled={theirs.trim() === ''} onPress={() => void compare.run(theirs)}>
          {t('repair.compareNow')}
        </Button>
      </ModalButtons>
    </Modal>
  );
}

const verdictOf = ({ alikeUpTo, differsAt }: Comparison): 'different' | 'alike' | 'incomparable' =>
  differsAt !== undefined ? 'different' : alikeUpTo !== undefined ? 'alike' : 'incomparable';
