/** People whose name is being typed, in a list that is moved through without leaving the text. */
import { UsersRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Face } from '../people/Face.tsx';
import { Name } from '../../components/Name.tsx';
import type { Candidate } from './use-names.ts';

interface Props {
  readonly id: string;
  readonly candidates: readonly Candidate[];
  readonly at: number;
  readonly onPick: (candidate: Candidate) => void;
}

export function NameList({ id, candidates, at, onPick }: Props) {
  const { t } = useTranslation();
  return (
    <ul className="name-list" id={id} role="listbox" aria-label={t('composer.names')}>
      {candidates.map((candidate, index) => (
        <li
          key={candidate.person?.id ?? ''}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          className="name-option"
          // The text keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onPick(candidate)}
        >
          {candidate.person === undefined ? (
            <>
              <span className="avatar avatar-s avatar-tint-1" aria-hidden="true">
                <UsersRound size={15} />
              </span>
              <span>{t('timeline.everybody')}</span>
              <span className="name-option-what">{t('composer.everybodyHelp')}</span>
            </>
          ) : (
            <>
              <Face person={candidate.person} size="s" />
              <span>
                <Name person={candidate.person} />
              </span>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
