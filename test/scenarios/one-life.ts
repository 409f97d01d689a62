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
  const known = new Set(everyId(truth));
  expect([...acknowledged].filter(([id]) => !known.has(id)), 'acknowledged, and not to be found').toEqual([]);
  const roll = await rollOf(witness, room);
  for (const device of all) {
    const own = await lived(device, room);
    const ids = everyId(own);
    expect(ids.length, `${device.label} reads nothing twice`).toBe(new Set(ids).size);
    const there = (seq: number) => own.stays.some(([from, to]) => seq > from && seq < to);
    expect(inOrder(own, there), `${device.label} reads what ${witness.label} read`).toEqual(inOrder(truth, there));
    const isIn = roll.includes(own.me);
    expect(own.active, `${device.label} knows whether it is in the room`).toBe(isIn);
    if (!isIn) continue;
    expect(await rollOf(device, room), `${device.label} sees the same people`).toEqual(roll);
    // What was changed, deleted or remarked upon while a device was away it does not know; of what came since it knows all.
    const since = own.stays.at(-1)?.[0] ?? 0;
    // Without the message above it a thread stands in the room's own timeline, and can itself be answered with a thread there.
    const above = new Set(truth.said.filter(({ seq }) => seq > since).map(({ id }) => id));
    const stray = new Set([...truth.threads, ...own.threads].filter(({ id }) => !above.has(id)).flatMap(({ said }) => said.map(({ id }) => id)));
    const lately = ({ said }: Lived) => said.filter(({ seq, id }) => seq > since && !stray.has(id));
    expect(lately(own), `${device.label} sees of each what ${witness.label} sees`).toEqual(lately(truth));
    const latest = (threads: Lived['threads']) => threads.filter(({ id }) => above.has(id) && !stray.has(id));
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
  /** By the message above them. */
  readonly threads: readonly { readonly id: string; readonly said: readonly Said[] }[];
  /** From which record to which the device was in the room by its own account, both ends excluded. */
  readonly stays: readonly (readonly [number, number])[];
}

const everything = ({ said, threads }: Lived): Said[] => [...said, ...threads.flatMap((thread) => thread.said)];
const everyId = (life: Lived): string[] => everything(life).map(({ id }) => id);
/** Which records a device read while it was there, whether it knows what thread they belong to or not. */
const inOrder = (life: Lived, there: (seq: number) => boolean): { seq: number; id: string; sender: string }[] =>
  everything(life).filter(({ seq }) => there(seq)).map(({ seq, id, sender }) => ({ seq, id, sender })).sort((a, b) => a.seq - b.seq);

async function lived({ label, person: { session } }: Dweller, room: RoomId): Promise<Lived> {
  const { items } = await session.timeline(room, { limit: EVERYTHING });
  const messages = items.filter((item): item is MessageItem => item.kind === 'message' && item.state !== 'failed');
  expect(messages.filter(({ state }) => state !== 'sent').map(({ text }) => text), `${label} has nothing on the way any more`).toEqual([]);
  const threads = [];
  for (const item of messages) {
    if (item.thread === undefined) continue;
    const thread = await session.timeline(room, { limit: EVERYTHING, thread: { id: item.id, sender: item.sender.id, seq: item.seq as number } });
    threads.push({ id: item.id, said: thread.items.filter((each): each is MessageItem => each.kind === 'message').map(said) });
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
