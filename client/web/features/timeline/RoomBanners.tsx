/** What a person has to know about a room before they read or write in it: one line for each, under the room's head. */
import type { RoomSummary } from '#core/session/api.ts';
import { AwayBanner } from '../backup/AwayBanner.tsx';
import { ConnectionBanner } from '../connection/ConnectionBanner.tsx';
import { RoomHealthBanner } from '../repair/RoomHealthBanner.tsx';
import { ChangedBanner } from '../verify/ChangedBanner.tsx';

export function RoomBanners({ room }: { readonly room: RoomSummary }) {
  return (
    <>
      <ConnectionBanner />
      <ChangedBanner room={room} />
      <AwayBanner room={room} />
      <RoomHealthBanner room={room} />
    </>
  );
}
