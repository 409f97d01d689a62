import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '#core/session/api.ts';
import { Name } from '../../components/Name.tsx';
import { VerifiedMark } from '../verify/VerifiedMark.tsx';
import { Face } from './Face.tsx';

interface Props {
  readonly person: Person;
  readonly detail?: string | undefined;
  readonly children?: ReactNode;
}

export function PersonLine({ person, detail, children }: Props) {
  const { t } = useTranslation();
  return (
    <li className="person" data-testid="person" data-name={person.name} data-id={person.id}>
      <Face person={person} />
      <div className="person-words">
        <p>
          <Name person={person} />
          <VerifiedMark person={person} />
          {person.isMe ? <span className="person-you">{t('common.youTag')}</span> : null}
        </p>
        {detail === undefined ? null : <p className="person-detail">{detail}</p>}
      </div>
      {children}
    </li>
  );
}
