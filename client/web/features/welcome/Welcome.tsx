/** Nothing on this device yet: what this is, and that one needs a link. */
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { setArrived, useArrived } from '../../app/arrived.ts';
import { parseLink, type Link } from '../../app/link.ts';
import { Button } from '../../components/Button.tsx';
import { Gate } from '../../components/Gate.tsx';
import { LinkField } from '../../components/LinkField.tsx';

export function Welcome({ onLink, onRestore }: { readonly onLink: (link: Link) => void; readonly onRestore: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const toBoard = useArrived() !== undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const link = parseLink(text);
    if (link?.kind === 'board') setArrived(link.link);
    else if (link) onLink(link);
    else setWrong(true);
  };
  return (
    <Gate title={t('welcome.title')} lead={t('welcome.lead')}>
      <form className="gate-form" onSubmit={submit} noValidate>
        <p>{t('welcome.needInvitation')}</p>
        <LinkField
          label={t('welcome.linkLabel')}
          value={text}
          wrong={wrong}
          onChange={(value) => {
            setText(value);
            setWrong(false);
          }}
        />
        {toBoard ? <p role="status">{t('welcome.boardLink')}</p> : null}
        <Button weight="primary" type="submit" wide isDisabled={text.trim() === ''}>
          {t('welcome.continue')}
        </Button>
        <p className="gate-note">{t('welcome.howToGet')}</p>
        <details className="gate-more">
          <summary>{t('devices.alreadyHave')}</summary>
          <p>{t('devices.alreadyHow')}</p>
        </details>
        <Button weight="plain" onPress={onRestore}>
          {t('restore.open')}
        </Button>
      </form>
    </Gate>
  );
}
