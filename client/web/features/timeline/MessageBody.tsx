/** What a message says, inside its bubble: words, or a file with them. */
import type { RoomId } from '#core/session/api.ts';
import { FileLine } from '../files/FileLine.tsx';
import { MarkedText } from '../marks/MarkedText.tsx';
import type { MessageItem } from './rows.ts';

export function MessageBody({ item, room }: { readonly item: MessageItem; readonly room: RoomId }) {
  return (
    <>
      {item.file === undefined ? null : <FileLine file={item.file} message={item.id} room={room} />}
      {item.text === '' ? null : <MarkedText text={item.text} mentions={item.mentions} />}
    </>
  );
}
