/** Reads something from the session and reads it again when an event says that it changed. */
import { SessionFailure, type Session, type SessionEvent, type SessionFailureCode } from '#core/session/api.ts';

export const codeOf = (error: unknown): SessionFailureCode => (error instanceof SessionFailure ? error.code : 'internal');

export interface Fresh<T> {
  readonly load: (session: Session) => Promise<T>;
  readonly changedBy: (event: SessionEvent) => boolean;
  readonly onValue: (value: T) => void;
  readonly onFailure: (code: SessionFailureCode) => void;
  /** Milliseconds between the end of a reading and the next one. */
  readonly rest?: number;
}

/**
 * One read at a time: what changes while a read is under way is read once more afterwards, so a burst of events costs
 * two reads and the last value always wins.
 */
export function keepFresh<T>(session: Session, fresh: Fresh<T>): { refresh: () => void; stop: () => void } {
  let reading = false;
  let again = false;
  let stopped = false;
  const rested = (): void => {
    reading = false;
    if (!again) return;
    again = false;
    refresh();
  };
  const refresh = (): void => {
    if (stopped) return;
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    fresh
      .load(session)
      .then(
        (value) => stopped || fresh.onValue(value),
        (error: unknown) => stopped || fresh.onFailure(codeOf(error)),
      )
      .finally(() => {
        if (fresh.rest === undefined) rested();
        else setTimeout(rested, fresh.rest);
      });
  };
  const unsubscribe = session.subscribe((event) => fresh.changedBy(event) && refresh());
  refresh();
  return {
    refresh,
    stop: () => {
      stopped = true;
      unsubscribe();
    },
  };
}
