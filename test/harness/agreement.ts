/**
 * What everybody must agree on once a room has come to rest. One member who was there from the first record to the last
 * is the witness; everybody else must have read exactly what the witness read while they were in the room: the same
 * messages, at the same places, once each, and nothing from before or after.
 */
import { expect } from 'vitest';
import type { RoomId, Session, TimelineItem } from '#core/session/api.ts';

export interface Reader {
  readonly name: string;
  readonly session: Session;
}
/** A message the relay acknowledged to its sender. */
export interface Acknowledged {
  readonly id: string;
  readonly text: string;
}
export interface Line {
  readonly seq: number;
  readonly id: string;
  readonly sender: string;
  readonly text: string;
}

/** @throws an assertion that names who disagrees with the witness, and about what */
export async function expectAgreement(
  room: RoomId, witness: Reader, others: readonly Reader[], acknowledged: readonly Acknowledged[],
): Promise<readonly Line[]> {
  const whole = await timelineOf(witness, room);
  const truth = messagesOf(witness.name, whole);
  expect(new Set(truth.map(({ id }) => id)).size, `${witness.name} reads no message twice`).toBe(truth.length);

  const texts = new Map(truth.map(({ id, text }) => [id, text]));
  const lost = acknowledged.filter(({ id, text }) => texts.get(id) !== text);
  expect(lost, 'acknowledged messages that are not in the log').toEqual([]);

  const roll = await rollOf(witness.session, room);
  for (const reader of others) {
    if (!(await reader.session.rooms()).some(({ id }) => id === room)) {
      expect(await wasEverAdded(reader, whole), `${reader.name} was added and has no such room`).toBe(false);
      continue;
    }
    const stays = await staysOf(reader, whole);
    const there = (seq: number) => stays.some(([from, to]) => seq > from && seq < to);
    const read = await timelineOf(reader, room);
    expect(strange(read), `${reader.name} meets nothing strange`).toEqual([]);
    expect(messagesOf(reader.name, read), `${reader.name} reads what ${witness.name} read`).toEqual(truth.filter(({ seq }) => there(seq)));
    const isIn = stays.at(-1)?.[1] === Number.POSITIVE_INFINITY;
    const summary = (await reader.session.rooms()).find(({ id }) => id === room);
    expect(summary?.active, `${reader.name} knows whether they are in the room`).toBe(isIn);
    if (isIn) expect(await rollOf(reader.session, room), `${reader.name} sees the same people`).toEqual(roll);
  }
  expect(strange(whole), `${witness.name} meets nothing strange`).toEqual([]);
  return truth;
}

const EVERYTHING = 1_000_000;

async function timelineOf(reader: Reader, room: RoomId): Promise<readonly TimelineItem[]> {
  return (await reader.session.timeline(room, { limit: EVERYTHING })).items;
}

/** Whatever was not sent after all has no place in the log and is left out. */
function messagesOf(reader: string, items: readonly TimelineItem[]): Line[] {
  return items.flatMap((item) => {
    if (item.kind !== 'message' || item.state === 'failed') return [];
    expect(item.state, `${reader} has nothing on the way any more: ${item.text}`).toBe('sent');
    return [{ seq: item.seq as number, id: item.id, sender: item.sender.id, text: item.text }];
  });
}

/** Between honest devices and an honest relay nothing is ever hidden or refused. */
const strange = (items: readonly TimelineItem[]): unknown[] =>
  items.flatMap((item) => (item.kind === 'event' && (item.event.what === 'hidden-record' || item.event.what === 'refused-change') ? [item] : []));

async function rollOf(session: Session, room: RoomId): Promise<string[]> {
  return (await session.members(room)).map(({ id, admin }) => `${id}${admin ? ' admin' : ''}`).sort();
}

const wasEverAdded = async (reader: Reader, whole: readonly TimelineItem[]): Promise<boolean> => (await staysOf(reader, whole)).length > 0;

/** From which record to which the reader was in the room, both ends excluded. */
async function staysOf(reader: Reader, whole: readonly TimelineItem[]): Promise<[number, number][]> {
  const me = (await reader.session.overview()).me?.id;
  const stays: [number, number][] = [];
  for (const item of whole) {
    if (item.kind !== 'event') continue;
    const { event } = item;
    if (event.what === 'added' && event.people.some(({ id }) => id === me)) stays.push([item.seq, Number.POSITIVE_INFINITY]);
    // With another device: they were here all along, or had gone.
    if (event.what === 'new-device' && event.by.id === me && stays.at(-1)?.[1] !== Number.POSITIVE_INFINITY) stays.push([item.seq, Number.POSITIVE_INFINITY]);
    if (event.what === 'removed' && event.people.some(({ id }) => id === me)) (stays.at(-1) as [number, number])[1] = item.seq;
  }
  return stays;
}
