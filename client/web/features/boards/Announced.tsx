/** What an announcement says, in the wording of whoever reads it: the same on its screen, in the preview and on paper. */
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnnouncementText, BoardId } from '#core/session/api.ts';
import { Choice } from '../../components/Choice.tsx';
import { directionOf } from '../../i18n/direction.ts';
import { MarkedText } from '../marks/MarkedText.tsx';
import { AttachedFiles } from './AttachedFiles.tsx';
import { EventFacts } from './EventFacts.tsx';
import { Signs } from './Signs.tsx';
import { ownLanguageName, spokenHere, wordingFor } from './wordings.ts';
import './announced.css';

interface Props {
  readonly of: AnnouncementText & { readonly expired?: boolean; readonly corrected?: unknown };
  readonly board: BoardId | undefined;
  readonly boardName: string;
  /** Below the title: when it came, and from whom. */
  readonly about?: ReactNode;
}

export function Announced({ of, board, boardName, about }: Props) {
  const { t, i18n } = useTranslation();
  const { wordings, event, files } = of;
  const [chosen, setChosen] = useState<string>();
  const wording = wordings.find(({ language }) => language === chosen) ?? wordingFor(wordings, spokenHere(i18n.language));
  const title = wording?.title.trim() ?? '';
  return (
    <article className="announced" data-testid="announced">
      <header className="announced-head">
        <Signs of={{ ...of, event: undefined }} />
        <h2 className="announced-title" dir="auto" lang={wording?.language}>
          {title === '' ? t('boards.untitled') : title}
        </h2>
        {about}
      </header>
      {wordings.length > 1 && wording !== undefined ? (
        <div className="announced-languages">
          <Choice label={t('boards.language')} value={wording.language} onChange={setChosen} options={wordings.map(({ language }) => ({ value: language, label: ownLanguageName(language) }))} />
        </div>
      ) : null}
      {event === undefined ? null : <EventFacts event={event} />}
      {wording === undefined || wording.body.trim() === '' ? null : (
        <div className="announced-body" lang={wording.language} dir={directionOf(wording.body)}>
          <MarkedText text={wording.body} />
        </div>
      )}
      <AttachedFiles board={board} from={boardName} files={files} />
    </article>
  );
}
