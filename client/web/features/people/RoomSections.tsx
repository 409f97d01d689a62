/** What the pane of a room holds below its people: one part for each thing that can be looked up or chosen there. */
import type { RoomSummary } from '#core/session/api.ts';
import { RoomChoices } from './RoomChoices.tsx';
import { RoomFiles } from '../media/RoomFiles.tsx';
import { RoomWay } from './RoomWay.tsx';

export function RoomSections({ room }: { readonly room: RoomSummary }) {
  return (
    <>
      <RoomChoices room={room} />
      <RoomFiles room={room} />
      <RoomWay room={room} />
    </>
  );
}
