import type { TestPerson } from './people.ts';

/** What somebody is told about their hub, and whose messages show it. */
export const alarmsOf = async (person: TestPerson): Promise<string[]> =>
  (await person.session.overview()).alarms.map(({ what, by }) => (by === undefined ? what : `${what} by ${by.name}`));
