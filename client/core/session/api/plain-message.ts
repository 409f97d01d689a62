import type { MessageItem, MessagePlace, MessageState } from './talk.ts';

/** A message about which nothing more is to be said than who wrote what when. */
export const plainMessage = (
  said: Pick<MessageItem, 'id' | 'seq' | 'sender' | 'at' | 'text' | 'file'> & { readonly state?: MessageState; readonly thread?: MessagePlace | undefined },
): MessageItem => {
  const { thread, ...item } = said;
  return {
    kind: 'message', state: 'sent', mentions: [], namesMe: false, reactions: [], edited: false, pinned: false, bookmarked: false, forwarded: false,
    readBy: [], may: { edit: false, delete: false, pin: false }, ...item,
    place: said.seq === undefined ? undefined : { id: said.id, sender: said.sender.id, seq: said.seq, ...(thread && { thread }) },
  };
};
