/** What the pane of a room holds below its people: one part for each thing that can be looked up or chosen there. */
import type { RoomSummary } from '#core/session/api.ts';
import { LookSection } from '../look/LookSection.tsx';
import { RoomChoices } from './RoomChoices.tsx';
import { RoomFiles } from '../media/RoomFiles.tsx';
import { RoomEnd } from './RoomEnd.tsx';
import { RoomRules } from './RoomRules.tsx';
import { RoomWay } from './RoomWay.tsx';

export function RoomSections({ room }: { readonly room: RoomSummary }) {
  return (
    <>
      <LookSection room={room} />
      <RoomChoices room={room} />
      <RoomFiles room={room} />
      <RoomRules room={room} />
      <RoomWay room={room} />
      <RoomEnd room={room} />
    </>
  );
}
