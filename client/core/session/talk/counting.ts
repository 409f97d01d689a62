/** What is unread: in rooms, and in the threads a person follows. What they wrote themselves, on any device, never is. */
import type { StoredMessage } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { sameBytes } from '../../domain/signing.ts';
import { names } from '../../domain/talk-rules.ts';
import type { RoomId } from '../api.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { threadScope } from './scopes.ts';
import { readNotes, writeNotes, type Target } from './targets.ts';

export interface Unread {
  readonly unread: number;
  readonly mentions: number;
}
export const NONE: Unread = { unread: 0, mentions: 0 };

/** What one message counts for while it is unread. */
export function worthOf({ member }: Pick<Device, 'member'>, { sender, gone, mentions }: StoredMessage): Unread {
  if (gone || sameBytes(sender, member.key)) return NONE;
  return { unread: 1, mentions: names(mentions, member.key) ? 1 : 0 };
}
const less = (a: number, b: number): number => Math.max(0, a - b);

/** A message came to stand at `place`, is another than it was, or is gone. */
export async function countMessage(draft: Draft, target: Pick<Target, 'room' | 'place' | 'root'>, before: Unread, after: Unread): Promise<void> {
  if (before.unread === after.unread && before.mentions === after.mentions) return;
  if (target.root !== undefined) {
    await countInThread(draft, target.root, target.place, before, after);
    return;
  }
  const state = draft.rooms.get(target.room);
  if (state === undefined || target.place <= state.readSeq) return;
  draft.rooms.set(state.id, {
    ...state, unread: less(state.unread + after.unread, before.unread), mentions: less(state.mentions + after.mentions, before.mentions),
  });
  draft.emit({ changed: 'rooms' });
}

async function countInThread(draft: Draft, root: Target, place: number, before: Unread, after: Unread): Promise<void> {
  const notes = await readNotes(draft, root);
  const { thread } = notes;
  if (thread === undefined || !thread.followed || place <= Number(thread.readSeq)) return;
  setThreadCount(draft, root.room, thread, { unread: less(thread.unread + after.unread, before.unread), mentions: less(thread.mentions + after.mentions, before.mentions) });
  writeNotes(draft, root, notes);
}

/** Changes what is unread in a thread, and with it the sums of its room. The notes it belongs to are still to be written. */
export function setThreadCount(draft: Draft, room: RoomId, thread: { unread: number; mentions: number }, count: Unread): void {
  const state = draft.rooms.get(room);
  if (state === undefined || (thread.unread === count.unread && thread.mentions === count.mentions)) return;
  draft.rooms.set(room, {
    ...state,
    threadsUnread: less(state.threadsUnread + count.unread, thread.unread),
    threadMentions: less(state.threadMentions + count.mentions, thread.mentions),
  });
  thread.unread = count.unread;
  thread.mentions = count.mentions;
  draft.emit({ changed: 'rooms' });
  draft.emit({ changed: 'threads' });
}

/**
 * The person has seen a room's own timeline, or a thread, up to a place: here, or on another of their devices. Never goes back.
 * @returns whether that was news
 */
export async function readUpTo(draft: Draft, room: RoomId, place: number, root?: Target): Promise<boolean> {
  const state = draft.rooms.get(room);
  if (state === undefined) return false;
  // Not beyond what can be there: what comes next is still to be read.
  const to = Math.min(place, draft.lastPlaces.get(room) ?? 0);
  if (root !== undefined) return readThread(draft, root, to);
  if (to <= state.readSeq) return false;
  const left = await countAfter(draft, room, to);
  draft.rooms.set(room, { ...state, readSeq: to, ...left });
  draft.emit({ changed: 'rooms' });
  return true;
}

async function readThread(draft: Draft, root: Target, to: number): Promise<boolean> {
  const notes = await readNotes(draft, root);
  const { thread } = notes;
  if (thread === undefined || to <= Number(thread.readSeq)) return false;
  thread.readSeq = BigInt(to);
  if (thread.followed) setThreadCount(draft, root.room, thread, await countAfter(draft, threadScope(root.room, root.message), to));
  writeNotes(draft, root, notes);
  return true;
}

async function countAfter(draft: Draft, scope: string, place: number): Promise<Unread> {
  let [unread, mentions] = [0, 0];
  for (const { item } of await draft.history.after(scope, place)) {
    const worth = item.case === 'message' ? worthOf(draft.device, item.value) : NONE;
    unread += worth.unread;
    mentions += worth.mentions;
  }
  return { unread, mentions };
}
