/** The calls of conversation, as a session has them. */
import type { RoomId, Session } from '../api.ts';
import type { MessagePlace, TalkCalls } from '../api/talk.ts';
import type { Background } from '../background.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { saveDraft } from './begun.ts';
import { bookmark, followThread, markReadTo, setChoices } from './seen.ts';
import { Writing } from './writing.ts';

type Guard = <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) => (...args: Args) => Promise<Result>;
type Calls = TalkCalls & Pick<Session, 'timeline' | 'timelineSince' | 'markRead'>;

/** @param parts of the unlocked device. @throws SessionFailure `locked` | `not-admitted` */
export function talkCalls(guard: Guard, parts: () => { device: Device; background: Background }): Calls {
  const writing = () => new Writing(parts().device);
  const timeline = () => parts().background.views.timeline;
  const change = (work: (draft: Draft) => Promise<void>) => parts().device.change(work);
  return {
    send: guard(async (room, text) => writing().send(room, text)),
    react: guard(async (room, to, emoji, on) => writing().react(room, to, emoji, on)),
    edit: guard(async (room, message, text) => writing().edit(room, message, text)),
    deleteMessage: guard(async (room, message) => writing().delete(room, message)),
    pin: guard(async (room, message, on) => writing().pin(room, message, on)),
    forward: guard(async (room, message, to) => writing().forward(room, message, to)),

    timeline: guard(async (room, options) => timeline().page(room, options)),
    timelineSince: guard(async (room, since, thread) => timeline().since(room, since, thread)),
    itemsAt: guard(async (room, seqs, thread) => timeline().at(room, seqs, thread)),
    seqAt: guard(async (room, at) => timeline().seqAt(room, at)),
    versions: guard(async (room, message) => timeline().versions(room, message)),
    pins: guard(async (room) => timeline().pins(room)),
    bookmarks: guard(async () => timeline().bookmarks()),
    threads: guard(async () => timeline().threads()),
    draft: guard(async (room, thread) => timeline().draft(room, thread)),

    bookmark: guard(async (room, message, on) => change((draft) => bookmark(draft, room, message, on))),
    followThread: guard(async (room, thread, on) => change((draft) => followThread(draft, room, thread, on))),
    saveDraft: guard(async (room, outgoing) => change(async (draft) => saveDraft(draft, room, outgoing))),
    markRead: guard(async (room) => read(parts(), room, Number.MAX_SAFE_INTEGER)),
    markReadTo: guard(async (room, seq, thread) => read(parts(), room, seq, thread)),

    choices: guard(async (room) => {
      const { typing, receipts, notify } = parts().background.views.room(room).choices;
      return { typing, receipts, notify };
    }),
    setChoices: guard(async (room, choices) => change(async (draft) => setChoices(draft, room, choices))),
    nowTyping: guard(async (room, thread) => parts().background.presence.nowTyping(room, thread)),
    typing: guard(async (room) => {
      const { device, background: { views } } = parts();
      return device.typists.in(room).map((key) => views.person(key, room));
    }),
  };
}

/** What is read already, nothing need be written for. */
async function read({ device, background }: { device: Device; background: Background }, room: RoomId, seq: number, thread?: MessagePlace): Promise<void> {
  const { readSeq, unread } = background.views.room(room);
  const newest = Math.min(seq, device.lastPlaces.get(room) ?? 0);
  if (thread === undefined && (newest <= readSeq || (seq === Number.MAX_SAFE_INTEGER && unread === 0))) return;
  if (await device.change((draft) => markReadTo(draft, room, newest, thread))) background.presence.hasRead(room);
}
