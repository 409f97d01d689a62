/** What devices that lived through the same days must agree on: the witness was there from the first record to the last. */
import { expect } from 'vitest';
import type { MessageItem, RoomId, TimelineItem } from '#core/session/api.ts';
import type { TestPerson } from '../harness/people.ts';

export interface Dweller {
  readonly label: string;
  readonly person: TestPerson;
}

const EVERYTHING = 1_000_000;

/** @param acknowledged messages that the relay took from their senders, by id, with what they are */
export async function expectOneLife(room: RoomId, witness: Dweller, all: readonly Dweller[], acknowledged: ReadonlyMap<string, string>): Promise<void> {
  const truth = await lived(witness, room);
  const known = new Set([...truth.said.map(({ id }) => id), ...truth.threads.flatMap(({ said }) => said.map(({ id }) => id))]);
  expect([...acknowledged].filter(([id]) => !known.has(id)), 'acknowledged, and not to be found').toEqual([]);
  const roll = await rollOf(witness, room);
  for (const device of all) {
    const own = await lived(device, room);
    const ids = [...own.said.map(({ id }) => id), ...own.threads.flatMap(({ said }) => said.map(({ id }) => id))];
    expect(ids.length, `${device.label} reads nothing twice`).toBe(new Set(ids).size);
    const there = (seq: number) => own.stays.some(([from, to]) => seq > from && seq < to);
    expect(own.said.filter(({ seq }) => there(seq)), `${device.label} reads what ${witness.label} read`).toEqual(truth.said.filter(({ seq }) => there(seq)));
    const isIn = roll.includes(own.me);
    expect(own.active, `${device.label} knows whether it is in the room`).toBe(isIn);
    if (!isIn) continue;
    expect(await rollOf(device, room), `${device.label} sees the same people`).toEqual(roll);
    const since = own.stays.at(-1)?.[0] ?? 0;
    const latest = (threads: Lived['threads']) => threads.filter(({ root }) => root > since);
    expect(latest(own.threads), `${device.label} reads the same threads`).toEqual(latest(truth.threads));
  }
}

interface Said {
  readonly seq: number;
  readonly id: string;
  readonly sender: string;
  readonly text: string;
  readonly about: string;
}
interface Lived {
  readonly me: string;
  readonly active: boolean;
  readonly said: readonly Said[];
  readonly threads: readonly { readonly root: number; readonly said: readonly Said[] }[];
  /** From which record to which the device was in the room by its own account, both ends excluded. */
  readonly stays: readonly (readonly [number, number])[];
}

async function lived({ label, person: { session } }: Dweller, room: RoomId): Promise<Lived> {
  const { items } = await session.timeline(room, { limit: EVERYTHING });
  const messages = items.filter((item): item is MessageItem => item.kind === 'message' && item.state !== 'failed');
  expect(messages.filter(({ state }) => state !== 'sent').map(({ text }) => text), `${label} has nothing on the way any more`).toEqual([]);
  const threads = [];
  for (const item of messages) {
    if (item.thread === undefined) continue;
    const thread = await session.timeline(room, { limit: EVERYTHING, thread: { id: item.id, sender: item.sender.id, seq: item.seq as number } });
    threads.push({ root: item.seq as number, said: thread.items.filter((each): each is MessageItem => each.kind === 'message').map(said) });
  }
  return {
    me: (await session.overview()).me?.id as string,
    active: (await session.rooms()).find(({ id }) => id === room)?.active === true,
    said: messages.map(said),
    threads,
    stays: staysOf(items),
  };
}

/** Reactions and the like in the order of names, so that devices can be compared. */
const said = ({ seq, id, sender, text, edited, deletedBy, pinned, reactions, replyTo }: MessageItem): Said => ({
  seq: seq as number, id, sender: sender.id, text,
  about: JSON.stringify({ edited, deleted: deletedBy?.id, pinned, replyTo: replyTo?.place.id, reactions: reactions.map(({ emoji, people }) => [emoji, people.map((each) => each.id).sort()]).sort() }),
});

function staysOf(items: readonly TimelineItem[]): [number, number][] {
  const stays: [number, number][] = [];
  for (const item of items) {
    if (item.kind !== 'event') continue;
    const { what } = item.event;
    if (what === 'created' || what === 'joined' || what === 'returned') stays.push([item.seq, Number.POSITIVE_INFINITY]);
    if (what === 'removed-me') (stays.at(-1) as [number, number])[1] = item.seq;
  }
  return stays;
}

const rollOf = async ({ person }: Dweller, room: RoomId): Promise<string[]> => (await person.session.members(room)).map(({ id }) => id).sort();
