/** The buttons at the end of a room's head: what can be opened beside its timeline. */
import { Pin, UsersRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { RoomSummary } from '#core/session/api.ts';
import type { RoomPane } from '../../app/navigation.tsx';
import { IconButton } from '../../components/Button.tsx';
import { SearchTool } from '../search/SearchTool.tsx';

interface Props {
  readonly room: RoomSummary;
  readonly pane: RoomPane | undefined;
  readonly onPane: (what: 'people' | 'pins') => void;
}

export function RoomTools({ room, pane, onPane }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <IconButton label={t('room.pins')} onPress={() => onPane('pins')} aria-expanded={pane?.what === 'pins'}>
        <Pin size={20} />
      </IconButton>
      <SearchTool room={room.id} />
      <IconButton label={t('room.openPeople')} onPress={() => onPane('people')} aria-expanded={pane?.what === 'people'}>
        <UsersRound size={21} />
      </IconButton>
    </>
  );
}
