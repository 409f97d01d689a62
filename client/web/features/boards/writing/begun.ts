/** What was begun on this device and not kept as a draft yet. It outlives a look elsewhere, and goes with the keys. */
import type { AnnouncementText, Session } from '#core/session/api.ts';

const known = new WeakMap<Session, Map<string, AnnouncementText>>();

function begunOf(session: Session): Map<string, AnnouncementText> {
  const there = known.get(session);
  if (there) return there;
  const begun = new Map<string, AnnouncementText>();
  known.set(session, begun);
  session.subscribe((event) => {
    if (event.changed === 'overview' && begun.size > 0) void session.overview().then(({ stage }) => stage === 'open' || begun.clear(), () => undefined);
  });
  return begun;
}

export const begunAt = (session: Session, key: string): AnnouncementText | undefined => begunOf(session).get(key);

/** @param text undefined: it was sent, kept or thrown away */
export function setBegun(session: Session, key: string, text: AnnouncementText | undefined): void {
  if (text === undefined) begunOf(session).delete(key);
  else begunOf(session).set(key, text);
}
