import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Person } from '#core/session/api.ts';
import './verify.css';

/** By a name: that the safety phrase was compared with them, or was before a device came. */
export function VerifiedMark({ person: { verified = 'no' } }: { readonly person: Person }) {
  const { t } = useTranslation();
  if (verified === 'no') return null;
  const [Mark, words] = verified === 'yes' ? [ShieldCheck, t('verify.verified')] : [ShieldAlert, t('verify.changed')];
  return (
    <span className={`verify-mark verify-mark-${verified}`} role="img" aria-label={words} title={words} data-testid="verified" data-verified={verified}>
      <Mark size={16} aria-hidden="true" />
    </span>
  );
}
