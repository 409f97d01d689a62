/** Which pane stands beside the timeline. */
import { lazy } from 'react';
import type { RoomSummary } from '#core/session/api.ts';
import { PinsPane, RoomPeople, ThreadPane } from '../../app/later.ts';
import type { RoomPane } from '../../app/navigation.tsx';

const GalleryPane = lazy(async () => ({ default: (await import('../media/GalleryPane.tsx')).GalleryPane }));

interface Props {
  readonly room: RoomSummary;
  readonly pane: RoomPane;
  readonly onClose: () => void;
}

export function RoomPanes({ room, pane, onClose }: Props) {
  switch (pane.what) {
    case 'people':
      return <RoomPeople room={room} onClose={onClose} />;
    case 'pins':
      return <PinsPane room={room} onClose={onClose} />;
    case 'thread':
      return <ThreadPane key={pane.thread.id} room={room} thread={pane.thread} at={pane.at} onClose={onClose} />;
    case 'files':
      return <GalleryPane room={room} onClose={onClose} />;
  }
}
