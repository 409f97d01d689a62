/** Which pane stands beside the timeline. */
import type { RoomSummary } from '#core/session/api.ts';
import type { RoomPane } from '../../app/navigation.tsx';
import { RoomPeople } from '../people/RoomPeople.tsx';

interface Props {
  readonly room: RoomSummary;
  readonly pane: RoomPane;
  readonly onClose: () => void;
}

export function RoomPanes({ room, pane, onClose }: Props) {
  switch (pane.what) {
    case 'people':
      return <RoomPeople room={room} onClose={onClose} />;
    default:
      return null;
  }
}
