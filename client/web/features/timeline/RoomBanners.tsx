/** What a person has to know about a room before they read or write in it: one line for each, under the room's head. */
import type { RoomSummary } from '#core/session/api.ts';
import { ConnectionBanner } from '../connection/ConnectionBanner.tsx';

export function RoomBanners(_: { readonly room: RoomSummary }) {
  return (
    <>
      <ConnectionBanner />
    </>
  );
}
