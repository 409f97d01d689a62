/** What a message says, inside its bubble: words, or a file with them. */
import type { RoomId } from '#core/session/api.ts';
import { FileLine } from '../files/FileLine.tsx';
import { linkify } from './linkify.ts';
import type { MessageItem } from './rows.ts';

export function MessageBody({ item, room }: { readonly item: MessageItem; readonly room: RoomId }) {
  if (item.file !== undefined) return <FileLine file={item.file} message={item.id} room={room} />;
  return <Text text={item.text} />;
}

/** `dir=auto` on each line of its own, so that Arabic below English reads as it should. */
function Text({ text }: { readonly text: string }) {
  return (
    <p className="message-text" dir="auto" data-testid="message-text">
      {linkify(text).map((piece, index) =>
        piece.kind === 'text' ? (
          piece.text
        ) : (
          <a key={index} href={piece.text} target="_blank" rel="noreferrer noopener" dir="ltr">
            {piece.text}
          </a>
        ),
      )}
    </p>
  );
}
