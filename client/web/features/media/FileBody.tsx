/** A file in a message: as a picture, a video, a voice message, or a line with its name. */
import type { MessageItem, RoomId } from '#core/session/api.ts';
import { FileLine } from '../files/FileLine.tsx';
import { Album } from './Album.tsx';
import { albumOf } from './albums.ts';
import { kindOf } from './kinds.ts';
import { Picture } from './Picture.tsx';
import { Video } from './Video.tsx';
import { Voice } from './Voice.tsx';
import './media.css';

export function FileBody({ item, room }: { readonly item: MessageItem; readonly room: RoomId }) {
  if (item.file === undefined) return null;
  const album = albumOf(item);
  if (album.length > 1) return <Album items={album} room={room} />;
  switch (kindOf(item.file)) {
    case 'picture':
      return <Picture item={item} room={room} />;
    case 'video':
      return <Video item={item} room={room} />;
    case 'voice':
      return <Voice item={item} room={room} />;
    case 'document':
      return <FileLine item={item} room={room} />;
  }
}
