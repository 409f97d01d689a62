/** A board in a few words: what is announced, and who reads what. */
import type { Announcement, AnnouncementText, BoardId } from '#core/session/api.ts';
import { type TestPerson, until } from './people.ts';

export const saying = (title: string, more: Partial<AnnouncementText> = {}): AnnouncementText => ({
  wordings: [{ language: 'en', title, body: `${title}, in full` }], priority: 'normal', pinned: false, files: [], expiresAt: 0, acknowledge: false, event: undefined, poll: undefined, ...more,
});

export const boardOf = async (person: TestPerson, board: BoardId) => (await person.session.boards()).find(({ id }) => id === board);

export async function announcementsFor(person: TestPerson, board: BoardId): Promise<readonly Announcement[]> {
  await person.session.catchUp();
  return (await person.session.announcements({ board })).items;
}
export const titlesFor = async (person: TestPerson, board: BoardId): Promise<string[]> => (await announcementsFor(person, board)).map(({ wordings }) => wordings[0]?.title ?? '');

export async function catchUp(...people: TestPerson[]): Promise<void> {
  for (const person of people) await person.session.catchUp();
}

/** @param desk coordinators, one of whom answers */
export async function subscribe(reader: TestPerson, board: BoardId, ...desk: TestPerson[]): Promise<void> {
  await reader.session.catchUp();
  await reader.session.subscribeBoard(board);
  await until(async () => (await catchUp(reader, ...desk, reader), (await boardOf(reader, board))?.reading === 'yes'), `${reader.name} to read it`, 30_000);
}

/** Resolves when the log shows it. */
export async function announce(by: TestPerson, board: BoardId, text: AnnouncementText): Promise<string> {
  const id = await by.session.announce(board, text);
  await until(async () => (await announcementsFor(by, board)).some((one) => one.id === id), 'it to be announced');
  return id;
}

/** @param desk the coordinators' room of the board, as `steward` has it */
export async function toDesk(steward: TestPerson, newcomer: TestPerson, board: BoardId): Promise<void> {
  const desk = (await boardOf(steward, board))?.desk?.room as string;
  await steward.session.addMember(desk, (await newcomer.session.overview()).me?.id as string);
  await until(async () => (await catchUp(newcomer, steward), (await boardOf(newcomer, board))?.desk?.mayAnnounce === true), `${newcomer.name} to be named in the bulletin`, 30_000);
}
