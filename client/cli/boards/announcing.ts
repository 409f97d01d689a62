/** Having something announced, and saying what became of it: it is in the log, or it waits for a signature or for its time. */
import type { Announcement, BoardSummary, Proposal } from '#core/session/api.ts';
import type { Context } from '../command.ts';
import { timeText } from '../times.ts';
import { known, readUntil } from './meaning.ts';

const WHO_SENDS = 'A coordinator\'s device that is there at that time sends it, first yours; a `thicket board read BOARD --follow` of a coordinator counts as one, a bot does not. '
  + 'If none is there, it goes late: with the first that comes back.';

export function proposalWords({ missing, publishAt, late }: Pick<Proposal, 'missing' | 'publishAt' | 'late'>): string {
  const signature = missing > 0 ? `It waits for ${missing === 1 ? 'one more coordinator' : `${missing} more coordinators`} to sign it.` : '';
  const time = late ? 'Its time has passed without a coordinator\'s device; it goes now.' : publishAt > 0 ? `It goes out ${timeText(publishAt)}. ${WHO_SENDS}` : '';
  return [signature, time].filter((words) => words !== '').join(' ');
}

/** A new announcement, by its id. */
export async function reportAnnounced(context: Context, { id: board, name }: BoardSummary, id: string): Promise<void> {
  const { session, out } = context;
  const waiting = (await session.proposals(board)).find((proposal) => proposal.id === id);
  if (waiting !== undefined) return sayWaiting(context, waiting);
  await readUntil(context, async () => (await known(session, board, id)) !== undefined);
  const seq = (await known(session, board, id))?.seq;
  out.say({ id, seq, announced: true }, `Announced on ${name} (${id.slice(0, 8)}).`);
}

function sayWaiting({ out }: Context, { id, missing, publishAt, late }: Proposal): void {
  out.say({ id, announced: false, missing, publishAt }, `${id.slice(0, 8)}: ${proposalWords({ missing, publishAt, late })}`);
}

/**
 * Something that is said of an announcement: carries it out, then waits until it shows or a proposal of it is there.
 * @param shows whether the announcement is as it is to be
 */
export async function changeAnnouncement(context: Context, board: BoardSummary, before: Announcement, does: { act: () => Promise<void>; shows: (now: Announcement) => boolean; done: string }): Promise<void> {
  const { session, out } = context;
  const earlier = new Set((await session.proposals(board.id)).map(({ id }) => id));
  await does.act();
  const waiting = (await session.proposals(board.id)).find(({ id, of }) => of === before.id && !earlier.has(id));
  if (waiting !== undefined) return sayWaiting(context, waiting);
  await readUntil(context, async () => {
    const now = await known(session, board.id, before.id);
    return now !== undefined && does.shows(now);
  });
  out.say({ id: before.id, announced: true }, does.done);
}
