/** Pictures that were sent together are one message to look at: those behind the first join it, unless something was said about one of them. Pure. */
import type { MessageItem, TimelineItem } from '#core/session/api.ts';
import { kindOf } from './kinds.ts';

/** The first of an album, with all of it. */
export interface AlbumItem extends MessageItem {
  readonly album: readonly MessageItem[];
}

export const albumOf = (item: MessageItem): readonly MessageItem[] => ('album' in item ? (item as AlbumItem).album : [item]);

const isShown = ({ file, deletedBy }: MessageItem): boolean => deletedBy === undefined && file?.album !== undefined && kindOf(file) === 'picture';
/** Words, answers and reactions belong to one of them, and that one stands alone. */
const isSpokenOf = ({ text, reactions, thread, replyTo, pinned, state }: MessageItem): boolean =>
  text !== '' || reactions.length > 0 || thread !== undefined || replyTo !== undefined || pinned || state === 'failed';

const joins = (first: TimelineItem | undefined, item: TimelineItem): first is MessageItem =>
  first?.kind === 'message' && item.kind === 'message' && isShown(first) && isShown(item) && !isSpokenOf(item) &&
  first.file?.album === item.file?.album && first.sender.id === item.sender.id;

export function withAlbums(items: readonly TimelineItem[]): readonly TimelineItem[] {
  const shown: TimelineItem[] = [];
  for (const item of items) {
    const first = shown.at(-1);
    if (item.kind === 'message' && joins(first, item)) shown[shown.length - 1] = { ...first, album: [...albumOf(first), item] } as AlbumItem;
    else shown.push(item);
  }
  return shown;
}
