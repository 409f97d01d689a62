import type { MessageItem, MessageState } from './talk.ts';

/** A message about which nothing more is to be said than who wrote what when. */
export const plainMessage = (said: Pick<MessageItem, 'id' | 'seq' | 'sender' | 'at' | 'text' | 'file'> & { readonly state?: MessageState }): MessageItem => ({
  kind: 'message', state: 'sent', mentions: [], namesMe: false, reactions: [], edited: false, pinned: false, bookmarked: false, forwarded: false,
  readBy: [], may: { edit: false, delete: false, pin: false }, ...said,
});
