/** What a person must be told about their hub, kept until they have understood it. */
import type { AlarmKind, MemberId } from './api.ts';
import type { Draft } from './draft.ts';

const KINDS: readonly AlarmKind[] = ['rolled-back', 'other-issuer-key', 'forked', 'reordered', 'own-copy'];

export interface KnownAlarm {
  readonly id: string;
  readonly what: AlarmKind;
  /** Whose messages show it. */
  readonly member: MemberId | undefined;
}

/** One of a kind at a time: the same news again, before anybody has seen it, is no more news. */
export function raiseAlarm(draft: Draft, what: AlarmKind, member?: MemberId): void {
  const id = idOf(what, member);
  if (draft.alarms.get(id) !== undefined) return;
  draft.alarms.set(id, { id, what, member });
  draft.emit({ changed: 'overview' });
}

/** @returns what it was */
export function dismissAlarm(draft: Draft, id: string): AlarmKind | undefined {
  const alarm = draft.alarms.get(id);
  if (alarm === undefined) return undefined;
  draft.alarms.delete(id);
  draft.emit({ changed: 'overview' });
  return alarm.what;
}

const idOf = (what: AlarmKind, member: MemberId | undefined): string => (member === undefined ? what : `${what}:${member}`);

export const alarmBytes = ({ id }: KnownAlarm): Uint8Array => new TextEncoder().encode(id);

/** @returns undefined for a kind that this version does not know */
export function alarmFrom(bytes: Uint8Array): KnownAlarm | undefined {
  const id = new TextDecoder().decode(bytes);
  const [text, member] = id.split(':');
  const what = KINDS.find((kind) => kind === text);
  return what && { id, what, member };
}
