/** Which announcements are shown: of which board, and whether only what is unread. */
import { useTranslation } from 'react-i18next';
import type { BoardId, BoardSummary } from '#core/session/api.ts';
import { SelectField } from '../../components/SelectField.tsx';
import { Tick } from '../../components/Tick.tsx';

interface Props {
  readonly boards: readonly BoardSummary[];
  readonly board: BoardId | undefined;
  readonly unread: boolean;
  readonly onBoard: (board: BoardId | undefined) => void;
  readonly onUnread: (unread: boolean) => void;
}

export function Filters({ boards, board, unread, onBoard, onUnread }: Props) {
  const { t } = useTranslation();
  return (
    <div className="news-filters">
      {boards.length > 1 ? (
        <SelectField
          label={t('boards.board')}
          value={board ?? ''}
          options={[{ value: '', label: t('boards.every') }, ...boards.map(({ id, name, unread: count }) => ({ value: id, label: count > 0 ? t('boards.nameAndUnread', { name, unread: count }) : name }))]}
          onChange={(value) => onBoard(value === '' ? undefined : value)}
        />
      ) : null}
      <Tick checked={unread} onChange={onUnread}>
        {t('boards.unreadOnly')}
      </Tick>
    </div>
  );
}
