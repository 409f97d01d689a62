/** What is being written here, what it answers or changes, and how it is sent. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { MessagePlace, OutgoingText, Person, Quote, RoomSummary, SessionFailureCode } from '#core/session/api.ts';
import { useAct } from '../../app/session-context.tsx';
import { useAnswering, useTalk } from '../talk/talk-context.tsx';
import { NOTHING_WRITTEN, type Written } from './drafts.ts';
import { useDraft } from './use-draft.ts';
import { retyped, trimmed } from './writing.ts';

export interface Letter {
  readonly written: Written;
  readonly write: (next: Written) => void;
  /** The text after somebody typed. */
  readonly type: (text: string) => void;
  readonly answering: (Pick<Quote, 'text' | 'file' | 'sender' | 'place'> & { readonly how: 'reply' | 'edit' }) | undefined;
  readonly cancel: () => void;
  /** @returns what a file that leaves now answers; from then on nothing does */
  readonly takeReply: () => MessagePlace | undefined;
  /** @returns whether there was one */
  readonly editLast: () => boolean;
  readonly send: () => Promise<void>;
  readonly failure: SessionFailureCode | undefined;
}

interface Change extends Written {
  readonly place: MessagePlace;
  readonly sender: Person;
  readonly before: string;
}

export function useLetter(room: RoomSummary, thread: MessagePlace | undefined): Letter {
  const { begun, set } = useDraft(room.id, thread);
  const talk = useTalk();
  const { answering, answer } = useAnswering();
  /** An edit stands beside the draft, which waits behind it. */
  const [change, setChange] = useState<Change>();
  const latest = useRef({ begun, change });
  latest.current = { begun, change };

  useEffect(() => {
    if (answering === undefined) return;
    const { item } = answering;
    const place = item.place;
    answer(undefined);
    if (place === undefined) return;
    if (answering.how === 'edit') {
      const mentions = item.mentions.map(({ start, length, person }) => ({ start, length, member: person?.id }));
      return setChange({ text: item.text, mentions, place, sender: item.sender, before: item.text });
    }
    setChange(undefined);
    set({ ...latest.current.begun, replyTo: { place, sender: item.sender, text: item.text, file: item.file } });
  }, [answering, answer, set]);

  const write = useCallback((next: Written): void => {
    const { begun: now, change: changing } = latest.current;
    if (changing) setChange({ ...changing, text: next.text, mentions: next.mentions });
    else set({ text: next.text, mentions: next.mentions, replyTo: now.replyTo });
  }, [set]);
  const post = useAct((session, text: OutgoingText) => session.send(room.id, plain(text)));
  const edit = useAct((session, place: MessagePlace, text: OutgoingText) => session.edit(room.id, place, text));
  const send = async (): Promise<void> => {
    if (change) {
      // What says the same needs no saying.
      if (trimmed(change).text === change.before || (await edit.run(change.place, trimmed(change))) === 'done') setChange(undefined);
      return;
    }
    set(NOTHING_WRITTEN);
    // Queued durably or not at all: what was not taken goes back to where it was written.
    if ((await post.run({ ...trimmed(begun), replyTo: begun.replyTo?.place, thread })) !== 'done' && latest.current.begun.text === '') set(begun);
  };
  return {
    written: change ?? begun,
    write,
    type: (text) => write(retyped(change ?? begun, text)),
    answering: change ? { how: 'edit', text: change.before, file: undefined, sender: change.sender, place: change.place } : begun.replyTo && { how: 'reply', ...begun.replyTo },
    cancel: () => {
      if (change) setChange(undefined);
      else set({ ...begun, replyTo: undefined });
    },
    takeReply: () => {
      const { begun: now } = latest.current;
      if (now.replyTo !== undefined) set({ ...now, replyTo: undefined });
      return now.replyTo?.place;
    },
    editLast: () => {
      const own = talk?.view.current?.lastOwn();
      if (own) answer({ how: 'edit', item: own });
      return own !== undefined;
    },
    send,
    failure: change ? edit.failure : post.failure,
  };
}

/** A text with nothing to it goes as it is. */
const plain = (text: OutgoingText): string | OutgoingText =>
  (text.mentions ?? []).length === 0 && text.replyTo === undefined && text.thread === undefined ? text.text : text;
