/** With an invitation of somebody who may invite, a restored device asks to be let in as the person it belongs to. */
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { parseLink } from '../../app/link.ts';
import { useAct } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { LinkField } from '../../components/LinkField.tsx';
import { Modal, ModalButtons } from '../../components/Modal.tsx';
import { PassphraseField } from '../../components/PassphraseField.tsx';
import { Problem } from '../../components/Problem.tsx';

export default function ComeBack({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [wrong, setWrong] = useState(false);
  const ask = useAct((session, link: string) => session.comeBack(link, { passphrase }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const link = parseLink(text);
    if (link?.kind !== 'join') return setWrong(true);
    if (!ask.pending) void ask.run(link.link);
  };
  return (
    <Modal title={t('backup.awayTitle')} open onClose={() => ask.pending || onClose()} grave>
      <form className="modal-form" onSubmit={submit} noValidate>
        <p className="modal-text">{t('backup.awayLead')}</p>
        <LinkField
          label={t('backup.awayLink')}
          value={text}
          wrong={wrong}
          onChange={(value) => {
            setText(value);
            setWrong(false);
          }}
          autoFocus
        />
        <PassphraseField label={t('backup.awayPassphrase')} value={passphrase} onChange={setPassphrase} autoComplete="current-password" />
        <p className="modal-text">{t('backup.awayThen')}</p>
        <Problem code={ask.failure} />
        <ModalButtons>
          <Button onPress={onClose} isDisabled={ask.pending}>
            {t('common.cancel')}
          </Button>
          <Button weight="primary" type="submit" isPending={ask.pending} isDisabled={text.trim() === '' || passphrase === ''}>
            {ask.pending ? t('backup.awayWorking') : t('backup.awaySubmit')}
          </Button>
        </ModalButtons>
      </form>
    </Modal>
  );
}
