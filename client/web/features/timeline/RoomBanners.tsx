/** What a person has to know about a room before they read or write in it: one line for each, under the room's head. */
import type { RoomSummary } from '#core/session/api.ts';
import { ConnectionBanner } from '../connection/ConnectionBanner.tsx';
import { RoomHealthBanner } from '../repair/RoomHealthBanner.tsx';

export function RoomBanners({ room }: { readonly room: RoomSummary }) {
  return (
    <>
      <ConnectionBanner />
      <RoomHealthBanner room={room} />
    </>
  );
}
