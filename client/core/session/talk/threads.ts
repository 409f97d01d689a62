/** Threads: what is known of one beside the message above it, and whether this person follows it. */
import { create } from '@bufbuild/protobuf';
import { StoredThreadSchema, type StoredMessage, type StoredThread } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { names } from '../../domain/talk-rules.ts';
import { sameBytes } from '../../domain/signing.ts';
import { hex } from '#shared/sodium.ts';
import type { Draft } from '../draft.ts';
import { setThreadCount, worthOf, NONE } from './counting.ts';
import { readNotes, tellChanged, writeNotes, type Target } from './targets.ts';

/** Shown beside the number of replies. */
const MOST_WRITERS = 3;

const followedKey = ({ room, place }: Target) => ({ collection: 'threads', scope: room, order: place }) as const;

/** A message came into the thread under `root`: whoever began it, wrote in it or is named in it follows it. */
export async function growThread(draft: Draft, root: Target, message: StoredMessage, place: number): Promise<void> {
  const me = draft.device.member.key;
  const notes = await readNotes(draft, root);
  const thread = notes.thread ?? newThread();
  notes.thread = thread;
  const begun = thread.replies === 0 && sameBytes(root.message.sender, me);
  thread.replies += 1;
  thread.lastAtMs = message.sentAtMs;
  thread.writers = [message.sender, ...thread.writers.filter((writer) => !sameBytes(writer, message.sender))].slice(0, MOST_WRITERS);
  if (!thread.followed && (begun || sameBytes(message.sender, me) || names(message.mentions, me))) setFollowed(draft, root, thread, true);
  thread.lastSeq = BigInt(place);
  if (thread.followed) {
    const worth = place > Number(thread.readSeq) ? worthOf(draft.device, message) : NONE;
    setThreadCount(draft, root.room, thread, { unread: thread.unread + worth.unread, mentions: thread.mentions + worth.mentions });
    draft.emit({ changed: 'threads' });
  }
  writeNotes(draft, root, notes);
  draft.emit({ changed: 'timeline', room: root.room, thread: hex(root.message.id) });
}

/** A message of it was deleted: it still stands there, but says nothing. */
export async function shrinkThread(draft: Draft, root: Target): Promise<void> {
  const notes = await readNotes(draft, root);
  if (notes.thread === undefined || notes.thread.replies === 0) return;
  notes.thread.replies -= 1;
  writeNotes(draft, root, notes);
}

/** By the person's own choice. What is there already counts as read. @returns whether that was news */
export async function follow(draft: Draft, root: Target, on: boolean): Promise<boolean> {
  const notes = await readNotes(draft, root);
  const thread = notes.thread ?? newThread();
  if (thread.followed === on) return false;
  notes.thread = thread;
  setFollowed(draft, root, thread, on);
  writeNotes(draft, root, notes);
  draft.emit({ changed: 'threads' });
  return true;
}

function setFollowed(draft: Draft, root: Target, thread: StoredThread, on: boolean): void {
  setThreadCount(draft, root.room, thread, NONE);
  if (on && thread.lastSeq > thread.readSeq) thread.readSeq = thread.lastSeq;
  thread.followed = on;
  if (on) draft.entries.put(followedKey(root), new Uint8Array(0));
  else draft.entries.delete(followedKey(root));
  tellChanged(draft, root);
}

const newThread = (): StoredThread => create(StoredThreadSchema);
