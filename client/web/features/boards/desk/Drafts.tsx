/** What coordinators began to write. All of them see it, and may go on with it. */
import { useTranslation } from 'react-i18next';
import type { BoardDraft, BoardId } from '#core/session/api.ts';
import { useNavigation } from '../../../app/navigation.tsx';
import { useAct } from '../../../app/session-context.tsx';
import { shortTime } from '../../../app/times.ts';
import { Button } from '../../../components/Button.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { spokenHere, wordingFor } from '../wordings.ts';
import { useDesk } from './use-desk.ts';

export function Drafts({ board }: { readonly board: BoardId }) {
  const { t } = useTranslation();
  const { value, failure } = useDesk('drafts', board, (session) => session.boardDrafts(board));
  if (failure === undefined && !value?.length) return null;
  return (
    <section className="section" aria-label={t('boards.drafts')}>
      <h2 className="section-title">{t('boards.drafts')}</h2>
      <Problem code={failure} />
      <ul className="section">
        {value?.map((draft) => (
          <DraftCard key={draft.id} draft={draft} />
        ))}
      </ul>
    </section>
  );
}

function DraftCard({ draft }: { readonly draft: BoardDraft }) {
  const { t, i18n } = useTranslation();
  const { open } = useNavigation();
  const { board, id, text, by, at } = draft;
  const drop = useAct((session) => session.saveBoardDraft(board, undefined, id));
  const title = wordingFor(text.wordings, spokenHere(i18n.language))?.title.trim() ?? '';
  const shown = title === '' ? t('boards.untitled') : title;
  return (
    <li className="card desk-card" data-testid="draft">
      <p className="desk-title" dir="auto">
        {shown}
      </p>
      <p className="desk-facts">
        <bdi>{by.isMe ? t('common.youTag') : by.name}</bdi> · {shortTime(at, i18n.language)}
      </p>
      <Problem code={drop.failure} />
      <div className="boards-buttons">
        <Button weight="plain" isPending={drop.pending} aria-label={t('boards.dropDraftOf', { title: shown })} onPress={() => void drop.run()}>
          {t('boards.dropDraft')}
        </Button>
        <Button aria-label={t('boards.goOnOf', { title: shown })} onPress={() => open({ screen: 'writing', board, draft: id })}>
          {t('boards.goOn')}
        </Button>
      </div>
    </li>
  );
}
