/** What is half written in one place: at once in memory, soon in the session, and back again when one returns. */
import { useCallback, useContext, useEffect, useRef, useState } from 'react';
import type { MessagePlace, RoomId } from '#core/session/api.ts';
import { useSession } from '../../app/session-context.tsx';
import { draftKey, Drafts, NOTHING_WRITTEN, type Begun } from './drafts.ts';

const SOON_MS = 700;

export interface Draft {
  readonly begun: Begun;
  readonly set: (next: Begun) => void;
}

export function useDraft(room: RoomId, thread: MessagePlace | undefined): Draft {
  const session = useSession();
  const drafts = useContext(Drafts);
  const key = draftKey(room, thread);
  const [begun, show] = useState(() => drafts.get(key) ?? NOTHING_WRITTEN);
  const waiting = useRef<{ timer: ReturnType<typeof setTimeout>; next: Begun }>(undefined);

  const save = useCallback((): void => {
    if (!waiting.current) return;
    const { timer, next } = waiting.current;
    clearTimeout(timer);
    waiting.current = undefined;
    void session.saveDraft(room, { text: next.text, mentions: next.mentions, replyTo: next.replyTo?.place, thread }).catch(() => undefined);
  }, [session, room, thread]);
  const set = useCallback((next: Begun): void => {
    show(next);
    drafts.set(key, next);
    clearTimeout(waiting.current?.timer);
    waiting.current = { timer: setTimeout(save, SOON_MS), next };
    // What was sent is no draft, however soon one leaves.
    if (next.text === '' && next.replyTo === undefined) save();
  }, [drafts, key, save]);

  useEffect(() => save, [save]);
  useEffect(() => {
    if (drafts.has(key)) return;
    let here = true;
    void session.draft(room, thread).then((saved) => {
      if (!here || drafts.has(key) || saved === undefined) return;
      drafts.set(key, saved);
      show(saved);
    }, () => undefined);
    return () => {
      here = false;
    };
  }, [session, drafts, key, room, thread]);
  return { begun, set };
}
