/** The names that fit what is being typed after an at sign. */
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person, RoomSummary } from '#core/session/api.ts';
import { useLive } from '../../app/session-context.tsx';
import type { Written } from './drafts.ts';
import { nameBegun } from './writing.ts';

/** Without a person: everybody. */
export interface Candidate {
  readonly person: Person | undefined;
  readonly name: string;
}
const MOST = 7;
const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();

export interface Names {
  readonly candidates: readonly Candidate[];
  readonly from: number;
  readonly at: number;
  readonly move: (by: 1 | -1) => void;
  /** Not this name: it stays as it was typed. */
  readonly dismiss: () => void;
}

export function useNamesBegun(room: RoomSummary, written: Written, caret: number): Names {
  const { t } = useTranslation();
  const begun = nameBegun(written, caret);
  const [dismissed, setDismissed] = useState<number>();
  const [moved, setMoved] = useState({ typed: '', at: 0 });
  const open = begun !== undefined && begun.from !== dismissed;
  // Only while a name is being written: a room may have a thousand, and every message in it would have them read again.
  const members = useLive(`members-${room.id}-${room.people}`, 'rooms', open ? (session) => session.members(room.id) : undefined).value;
  const typed = open ? begun.typed : undefined;
  const everybody = t('timeline.everybody');
  const candidates = useMemo(() => (typed === undefined ? [] : fitting(members ?? [], everybody, typed)), [members, everybody, typed]);
  const at = moved.typed === typed ? Math.min(moved.at, Math.max(0, candidates.length - 1)) : 0;
  return {
    candidates,
    from: begun?.from ?? 0,
    at,
    move: (by) => setMoved({ typed: typed ?? '', at: (at + by + candidates.length) % Math.max(1, candidates.length) }),
    dismiss: () => setDismissed(begun?.from),
  };
}

function fitting(members: readonly Person[], everybody: string, typed: string): readonly Candidate[] {
  const wanted = fold(typed);
  const fits = (name: string): boolean => fold(name).startsWith(wanted) || fold(name).split(/\s+/u).some((word) => word.startsWith(wanted));
  const people = members.filter((person) => !person.isMe && fits(person.name)).slice(0, MOST).map((person): Candidate => ({ person, name: person.name }));
  return members.length > 2 && fits(everybody) ? [...people, { person: undefined, name: everybody }] : people;
}
