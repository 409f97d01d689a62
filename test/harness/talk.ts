/** What people say to each other and about it, in a few words. */
import { expect } from 'vitest';
import type { MessageItem, MessagePlace, RoomId, SessionEvent, TimelineItem } from '#core/session/api.ts';
import { type TestPerson, until } from './people.ts';

const messages = (items: readonly TimelineItem[]): MessageItem[] => items.filter((item) => item.kind === 'message');

/** Messages of a room or a thread as this device has them, oldest first, without asking the relay. */
export const here = async (person: TestPerson, room: RoomId, thread?: MessagePlace): Promise<MessageItem[]> =>
  messages((await person.session.timeline(room, { limit: 10_000, ...(thread && { thread }) })).items);

/** The message that says this, now or before it was changed. */
export async function said(person: TestPerson, room: RoomId, text: string, thread?: MessagePlace): Promise<MessageItem> {
  const found = (await here(person, room, thread)).find((item) => item.text === text);
  if (found === undefined) throw new Error(`${person.name} does not see "${text}"`);
  return found;
}
export async function placeOf(person: TestPerson, room: RoomId, text: string, thread?: MessagePlace): Promise<MessagePlace> {
  const { place } = await said(person, room, text, thread);
  if (place === undefined) throw new Error(`"${text}" has no place yet`);
  return place;
}

/** Sends, and waits until this device has it back from the log. */
export async function write(person: TestPerson, room: RoomId, text: string, more: { replyTo?: MessagePlace; thread?: MessagePlace } = {}): Promise<MessagePlace> {
  const id = await person.session.send(room, { text, ...more });
  await person.session.delivered(room, id);
  await person.session.catchUp();
  return placeOf(person, room, text, more.thread);
}

/** Everything said so far has come to everybody. */
export async function settle(people: readonly TestPerson[], room: RoomId): Promise<void> {
  for (const person of people) {
    const id = await person.session.send(room, `${person.name} is done ${(count += 1)}`);
    await person.session.delivered(room, id);
  }
  for (const person of people) await person.session.catchUp();
}
let count = 0;

/** Waits until what this person's device shows of a message is so. */
export async function shows(person: TestPerson, room: RoomId, place: MessagePlace, is: (item: MessageItem) => boolean, what: string): Promise<MessageItem> {
  let found: MessageItem | undefined;
  await until(async () => {
    await person.session.catchUp();
    found = (await here(person, room, place.thread)).find(({ id }) => id === place.id);
    return found !== undefined && is(found);
  }, `${person.name} to see ${what}`);
  return found as MessageItem;
}

/** The room's line in the list. */
export async function summary(person: TestPerson, room: RoomId) {
  const found = (await person.session.rooms()).find(({ id }) => id === room);
  expect(found).toBeDefined();
  return found as NonNullable<typeof found>;
}

/** What a session tells while something happens. */
export async function told(person: TestPerson, during: () => Promise<unknown>): Promise<SessionEvent[]> {
  const events: SessionEvent[] = [];
  const stop = person.session.subscribe((event) => events.push(event));
  await during();
  stop();
  return events;
}
