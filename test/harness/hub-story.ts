/** A hub on a real relay, told in a few words: who is there, who shares a room, and whether it works. */
import { expect } from 'vitest';
import type { RoomEvent, RoomId } from '#core/session/api.ts';
import { foundHub, type PersonOptions, type TestPerson, until, welcome } from './people.ts';
import { startTestRelay, type TestRelay } from './relay.ts';

export interface Hub {
  readonly relay: TestRelay;
  /** The founder first. */
  readonly people: readonly TestPerson[];
  end(): Promise<void>;
}

/** @param names the first founds, the others join by link; options by name */
export async function hubOf(names: readonly string[], options: Readonly<Record<string, PersonOptions>> = {}): Promise<Hub> {
  const relay = await startTestRelay();
  const [first = 'alice', ...others] = names;
  if (relay.foundingLink === undefined) throw new Error('a fresh relay has a founding link');
  const founder = await foundHub(relay.foundingLink, first, options[first]);
  const people = [founder];
  for (const name of others) people.push(await welcome(founder, name, options[name]));
  const end = async () => {
    await Promise.all(people.map((person) => person.session.lock()));
    await relay.stop();
  };
  return { relay, people, end };
}

/** A room of the first with all the others in it. */
export async function roomOf(people: readonly TestPerson[], name = 'Stairwell B'): Promise<RoomId> {
  const [owner, ...others] = people as [TestPerson, ...TestPerson[]];
  const room = await owner.session.createRoom(name);
  for (const other of others) await owner.add(room, other.name);
  await Promise.all(others.map((other) => other.session.catchUp()));
  return room;
}

export async function eventsOf<What extends RoomEvent['what']>(person: TestPerson, room: RoomId, what: What): Promise<Extract<RoomEvent, { what: What }>[]> {
  return (await person.timeline(room)).flatMap((item) =>
    item.kind === 'event' && item.event.what === what ? [item.event as Extract<RoomEvent, { what: What }>] : []);
}

export const namesIn = async (person: TestPerson, room: RoomId): Promise<string[]> => (await person.session.members(room)).map(({ name }) => name);

let said = 0;

/** Everybody speaks, and everybody reads everybody. */
export async function worksOn(people: readonly TestPerson[], room: RoomId): Promise<void> {
  const words: string[] = [];
  for (const person of people) {
    said += 1;
    words.push(`${person.name} says ${said}`);
    await person.say(room, words.at(-1) as string);
  }
  for (const person of people) expect((await person.texts(room)).slice(-words.length), `what ${person.name} reads`).toEqual(words);
}

/** Waits until everybody has moved on to the replanted room. */
export async function replanted(people: readonly TestPerson[], room: RoomId): Promise<void> {
  for (const person of people) {
    await until(async () => (await eventsOf(person, room, 'replanted')).length > 0, `${person.name} to see the room replanted`);
  }
}
