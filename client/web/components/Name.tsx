import { useTranslation } from 'react-i18next';
import type { Person } from '#core/session/api.ts';
import './name.css';

/** A display name, kept apart from the direction of the text around it; with the fingerprint where names clash. */
export function Name({ person }: { readonly person: Person }) {
  const { t } = useTranslation();
  return (
    <>
      <bdi className="name">{person.name}</bdi>
      {person.ambiguous ? (
        <span className="name-fingerprint" title={t('people.sameName')}>
          {person.fingerprint}
        </span>
      ) : null}
    </>
  );
}
