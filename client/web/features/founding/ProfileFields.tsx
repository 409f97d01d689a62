/** Name and passphrase, the same for whoever founds and whoever joins. */
import { useState } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Field } from '../../components/Field.tsx';
import { PassphraseField } from '../../components/PassphraseField.tsx';
import { strengthOf, suggestPassphrase } from './passphrase.ts';

export interface Profile {
  readonly name: string;
  readonly passphrase: string;
  readonly repeated: string;
}
export const EMPTY_PROFILE: Profile = { name: '', passphrase: '', repeated: '' };

/** Whether a form with this profile may be sent. */
export const isComplete = ({ name, passphrase, repeated }: Profile): boolean =>
  name.trim() !== '' && strengthOf(passphrase) !== 'short' && passphrase === repeated;

interface Props {
  readonly profile: Profile;
  readonly onChange: (profile: Profile) => void;
  readonly focusName: boolean;
  /** For a name that is not a person's. */
  readonly nameLabel?: string;
  readonly nameHelp?: string;
}

export function ProfileFields({ profile, onChange, focusName, nameLabel, nameHelp }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <Field
        label={nameLabel ?? t('profile.name')}
        help={nameHelp ?? t('profile.nameHelp')}
        value={profile.name}
        onChange={(value) => onChange({ ...profile, name: value })}
        maxLength={64}
        autoComplete="off"
        autoFocus={focusName}
      />
      <PassphraseFields profile={profile} onChange={onChange} />
    </>
  );
}

/** A new passphrase, typed twice or suggested. */
export function PassphraseFields({ profile, onChange }: Pick<Props, 'profile' | 'onChange'>) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  const [suggested, setSuggested] = useState(false);
  const { name, passphrase, repeated } = profile;
  const different = repeated !== '' && !passphrase.startsWith(repeated);
  const suggest = async () => {
    const words = await suggestPassphrase();
    onChange({ name, passphrase: words, repeated: words });
    setShown(true);
    setSuggested(true);
  };
  return (
    <>
      <div className="profile-passphrase">
        <PassphraseField
          label={t('profile.passphrase')}
          value={passphrase}
          onChange={(value) => {
            onChange({ ...profile, passphrase: value });
            setSuggested(false);
          }}
          help={helpFor(t, passphrase, suggested)}
          autoComplete="new-password"
          shown={shown}
          onShow={setShown}
        />
        <Button weight="plain" onPress={() => void suggest()}>
          {t('profile.suggest')}
        </Button>
      </div>
      <PassphraseField
        label={t('profile.repeat')}
        value={repeated}
        onChange={(value) => onChange({ ...profile, repeated: value })}
        problem={different ? t('profile.different') : undefined}
        autoComplete="new-password"
        shown={shown}
        onShow={setShown}
      />
    </>
  );
}

function helpFor(t: TFunction, passphrase: string, suggested: boolean): string {
  if (suggested) return t('profile.suggested');
  if (passphrase === '') return t('profile.passphraseHelp');
  return t({ short: 'profile.strengthShort', fair: 'profile.strengthFair', good: 'profile.strengthGood' }[strengthOf(passphrase)] as 'profile.strengthGood');
}
