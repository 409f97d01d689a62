import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button.tsx';
import { Field } from './Field.tsx';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly help?: string | undefined;
  readonly problem?: string | undefined;
  readonly autoComplete: 'new-password' | 'current-password';
  readonly autoFocus?: boolean;
  readonly shown?: boolean;
  readonly onShow?: (shown: boolean) => void;
}

export function PassphraseField({ shown: outer, onShow, autoFocus = false, ...rest }: Props) {
  const { t } = useTranslation();
  const [inner, setInner] = useState(false);
  const shown = outer ?? inner;
  const toggle = () => (onShow ?? setInner)(!shown);
  return (
    <Field
      {...rest}
      // The page is this field: whoever opens it came to type the passphrase.
      autoFocus={autoFocus}
      type={shown ? 'text' : 'password'}
      autoCorrect="off"
      spellCheck="false"
      end={
        <IconButton label={shown ? t('profile.hide') : t('profile.show')} onPress={toggle}>
          {shown ? <EyeOff size={19} /> : <Eye size={19} />}
        </IconButton>
      }
    />
  );
}
