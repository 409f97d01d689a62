/** What a person must be told about their hub, kept until they have understood it. */
import type { Alarm, AlarmKind } from './api.ts';
import type { Draft } from './draft.ts';

const KINDS: readonly AlarmKind[] = ['rolled-back', 'other-issuer-key'];

/** One of a kind at a time: the same news again, before anybody has seen it, is no more news. */
export function raiseAlarm(draft: Draft, what: AlarmKind): void {
  if (draft.alarms.get(what) !== undefined) return;
  draft.alarms.set(what, { id: what, what });
  draft.emit({ changed: 'overview' });
}

export function dismissAlarm(draft: Draft, id: string): void {
  if (draft.alarms.get(id) === undefined) return;
  draft.alarms.delete(id);
  draft.emit({ changed: 'overview' });
}

export const alarmBytes = ({ what }: Alarm): Uint8Array => new TextEncoder().encode(what);

/** @returns undefined for a kind that this version does not know */
export function alarmFrom(bytes: Uint8Array): Alarm | undefined {
  const text = new TextDecoder().decode(bytes);
  const what = KINDS.find((kind) => kind === text);
  return what && { id: what, what };
}
