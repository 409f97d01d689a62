/** Which board, announcement or reader somebody means, and waiting until something stands on a board. */
import { SessionFailure, type Announcement, type BoardId, type BoardSummary, type Person, type Proposal, type Session } from '#core/session/api.ts';
import type { Context } from '../command.ts';
import { CliFailure } from '../failure.ts';
import { findAnnouncement, findBoard, findPerson } from '../find.ts';

const PAGE = 200;
const LOOK_MS = 150;

/** The board of the first place. */
export const boardMeant = async ({ session, places: [typed = ''] }: Context): Promise<BoardSummary> => findBoard(await session.boards(), typed);

/** A board this profile coordinates. @throws SessionFailure `not-allowed` */
export async function deskMeant(context: Context): Promise<BoardSummary & { readonly desk: NonNullable<BoardSummary['desk']> }> {
  const board = await boardMeant(context);
  if (board.desk === undefined) throw new SessionFailure('not-allowed');
  return { ...board, desk: board.desk };
}

/** One where what this person signs is believed. @returns the name under which this profile announces as a bot */
export async function announcingMeant(context: Context): Promise<{ board: BoardSummary; bot: string | undefined }> {
  const board = await deskMeant(context);
  if (!board.desk.mayAnnounce) throw new CliFailure('not-named');
  return { board, bot: await botOf(context.session, board.id) };
}

/** The same for what bots do not do. */
export async function writingMeant(context: Context): Promise<BoardSummary> {
  const { board, bot } = await announcingMeant(context);
  if (bot !== undefined) throw new CliFailure('bot-only-announces');
  return board;
}

export async function botOf(session: Session, board: BoardId): Promise<string | undefined> {
  const me = (await session.overview()).me?.id;
  return (await session.bots(board)).find(({ member }) => member === me)?.name;
}

export async function everything(session: Session, query: { board?: BoardId; unread?: boolean; coming?: boolean }): Promise<Announcement[]> {
  // Pages by time: of what is coming, the order is another one, and there is little of it.
  if (query.coming === true) return [...(await session.announcements({ ...query, limit: PAGE })).items];
  const all = new Map<string, Announcement>();
  let before: number | undefined;
  for (;;) {
    const { items, more } = await session.announcements({ ...query, limit: PAGE, ...(before !== undefined && { before }) });
    for (const item of items) all.set(item.id, item);
    // Pinned ones stand before the others, and come once more in their place.
    if (!more || items.length === 0) return [...all.values()];
    before = items.at(-1)?.seq;
  }
}

/** The announcement of the second place. */
export async function announcementMeant({ session, places: [, typed = ''] }: Context, board: BoardId): Promise<Announcement> {
  return findAnnouncement(await everything(session, { board }), typed);
}

/** Of readers this device knows by name, and of nobody else. */
export async function readerMeant(session: Session, board: BoardId, typed: string): Promise<Person> {
  const readers = await session.findReaders(board, typed);
  return findPerson(readers.length > 0 ? readers : await session.people(), typed);
}

/** Reads on until it holds. Ends without it when the command is to end. */
export async function readUntil({ session, ending }: Pick<Context, 'session' | 'ending'>, holds: () => Promise<boolean>): Promise<void> {
  while (!ending.aborted) {
    await session.catchUp();
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** A draft or a proposal by its id. */
export const waitingMeant = (waiting: readonly Proposal[], typed: string): Proposal => findAnnouncement(waiting, typed);

/** How often the log is looked at is none of this: only that it came back. @returns undefined where that is not known */
export async function known(session: Session, board: BoardId, id: string): Promise<Announcement | undefined> {
  try {
    return await session.announcement(board, id);
  } catch (thrown) {
    if (thrown instanceof SessionFailure && thrown.code === 'unknown-announcement') return undefined;
    throw thrown;
  }
}
