/** People and rooms for the tests of this folder. */
import { create, toBinary } from '@bufbuild/protobuf';
import { hubId, mailboxId, type HubId, type MailboxId } from '#shared/ids.ts';
import { RoomSettingsSchema } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { ed25519KeyPair, randomBytes, utf8 } from '#shared/sodium.ts';
import { createMls } from '../mls.ts';
import type { Judge, Leaf, Opened, OwnKeyPackage, PendingCommit, Room, RoomChange, SigningKeys, Suite } from '../port.ts';

export const mls = createMls();
export const SUITES: readonly Suite[] = ['classical', 'xwing'];
export const HUB = hubId(new Uint8Array(16).fill(7)) as HubId;

/** Nods everything through, and remembers what it was asked. */
export function lenient(): Judge & { readonly leaves: Leaf[]; readonly changes: RoomChange[] } {
  const leaves: Leaf[] = [];
  const changes: RoomChange[] = [];
  return {
    leaves,
    changes,
    leaf: (leaf) => (leaves.push(leaf), undefined),
    change: (change) => (changes.push(change), undefined),
  };
}
export const anything = lenient();

export const newMailbox = (): MailboxId => mailboxId(randomBytes(16)) as MailboxId;

export const settingsFor = (mailbox: MailboxId, name = 'the tenants', hub: HubId = HUB): Uint8Array =>
  toBinary(RoomSettingsSchema, create(RoomSettingsSchema, { mailbox, name, hub, admins: [] }));

export interface Somebody {
  readonly name: string;
  readonly keys: SigningKeys;
  readonly own: OwnKeyPackage;
}
export async function somebody(name: string, suite: Suite): Promise<Somebody> {
  const keys = ed25519KeyPair();
  return { name, keys, own: await mls.newKeyPackage(suite, utf8(name), keys, 30) };
}

export const nameOf = (leaf: Leaf): string => new TextDecoder().decode(leaf.credential);
export const textOf = (opened: Opened): string =>
  opened.kind === 'message' ? `${nameOf(opened.sender)}: ${new TextDecoder().decode(opened.content)}` : `${opened.kind}`;

/** A room with these people in it, everybody at the same epoch, all but the first added by one commit. */
export async function roomOf(suite: Suite, names: readonly string[]): Promise<{ mailbox: MailboxId; people: Somebody[]; rooms: Room[] }> {
  const mailbox = newMailbox();
  const people = await Promise.all(names.map((name) => somebody(name, suite)));
  const [founder, ...others] = people as [Somebody, ...Somebody[]];
  const room = await mls.create(suite, mailbox, founder.own, settingsFor(mailbox));
  if (others.length === 0) return { mailbox, people, rooms: [room] };
  const pending = await mls.add(room, others.map(({ own }) => own.keyPackage));
  const joined = await Promise.all(
    others.map(({ own }, i) => mls.join(pending.welcomes[i] as Uint8Array, own, { mailbox, hub: HUB }, anything)),
  );
  return { mailbox, people, rooms: [pending.next, ...joined.map(({ room: entered }) => entered)] };
}

/** Follows a commit and returns the new room. @throws if it was refused */
export async function follow(room: Room, pending: PendingCommit): Promise<Room> {
  const opened = await mls.open(room, 'commit', pending.body, anything);
  if (opened.kind !== 'commit') throw new Error(`not followed: ${JSON.stringify(opened, (_, value: unknown) => (value instanceof Uint8Array ? '...' : value))}`);
  return opened.next;
}

/** Random numbers below a bound, from a seed that is printed when it was not given, so that a failure can be run again. */
export function seeded(seed = Math.floor(Math.random() * 2 ** 32)): (below: number) => number {
  console.log(`seed ${seed}`);
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
