/** What a message says, inside its bubble: words, or a file with them. */
import type { RoomId } from '#core/session/api.ts';
import { FileBody } from '../media/FileBody.tsx';
import { MarkedText } from '../marks/MarkedText.tsx';
import type { MessageItem } from './rows.ts';

export function MessageBody({ item, room }: { readonly item: MessageItem; readonly room: RoomId }) {
  return (
    <>
      <FileBody item={item} room={room} />
      {item.text === '' ? null : <MarkedText text={item.text} mentions={item.mentions} />}
    </>
  );
}
