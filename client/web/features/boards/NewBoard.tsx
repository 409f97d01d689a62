/** A steward makes a board: its name, who finds it, who may read it, and how many sign. */
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardId } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Choice } from '../../components/Choice.tsx';
import { Field } from '../../components/Field.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { Problem } from '../../components/Problem.tsx';

export function NewBoard({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: (board: BoardId) => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [found, setFound] = useState<'listed' | 'link'>('listed');
  const [joining, setJoining] = useState<'open' | 'approved'>('open');
  const [signatures, setSignatures] = useState<1 | 2>(1);
  const make = useAct(async (session) => {
    const board = await session.createBoard(name.trim(), { listed: found === 'listed', joining, signatures });
    onClose();
    onMade(board);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!make.pending && name.trim() !== '') void make.run();
  };
  return (
    <Modal title={t('boards.makeTitle')} open onClose={onClose}>
      <form className="modal-form" onSubmit={submit} noValidate>
        <p className="modal-text">{t('boards.makeHelp')}</p>
        <Field label={t('boards.makeName')} placeholder={t('boards.makePlaceholder')} value={name} onChange={setName} maxLength={64} autoComplete="off" autoFocus />
        <Choice label={t('boards.makeFound')} value={found} onChange={setFound} options={[{ value: 'listed', label: t('boards.foundListed') }, { value: 'link', label: t('boards.foundLink') }]} />
        <Choice label={t('boards.makeJoining')} value={joining} onChange={setJoining} options={[{ value: 'open', label: t('boards.joiningOpen') }, { value: 'approved', label: t('boards.joiningApproved') }]} />
        <Choice label={t('boards.makeSignatures')} help={t('boards.signaturesHelp')} value={signatures} onChange={setSignatures} options={[{ value: 1, label: t('boards.signOne') }, { value: 2, label: t('boards.signTwo') }]} />
        <Problem code={make.failure} />
        <ModalButtons>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button weight="primary" type="submit" isPending={make.pending} isDisabled={name.trim() === ''}>
            {make.pending ? t('boards.making') : t('boards.make')}
          </Button>
        </ModalButtons>
      </form>
    </Modal>
  );
}
