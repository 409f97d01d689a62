/** Who changed what, read off the room before and after: never off what anybody says of it. */
import { MayAdd, type RoomSettings } from '../content/gen/thicket/content/v1/content_pb.ts';
import { roleOf, type LeavesOf, type Role } from '../domain/room-roles.ts';
import { includesKey, sameBytes } from '../domain/signing.ts';
import type { Leaf, RoomChange } from '../mls/port.ts';
import { hex } from '#shared/sodium.ts';
import type { RoomEvent } from './api.ts';
import type { Draft } from './draft.ts';
import { leavesIn, namedMember } from './judging.ts';
import { putEvent } from './room-events.ts';
import { settingsOf, type RoomState } from './room-state.ts';

interface Told {
  readonly what: RoomEvent['what'];
  /** Whoever made the change, unless it says otherwise. */
  readonly who?: Uint8Array;
  readonly people?: Uint8Array[];
  readonly detail?: string;
}

/** Puts into the timeline what a commit did. */
export async function tellChange(draft: Draft, before: RoomState, after: RoomState, change: RoomChange, seq: number): Promise<void> {
  const by = namedMember(change.committer);
  const me = draft.device.member.key;
  if (!after.room.active && includesKey(before.leavers, me)) putEvent(draft, after.id, seq, 'left', me);
  else if (!after.room.active) putEvent(draft, after.id, seq, 'removed-me', by);
  else if (before.planted?.seq === 0n) putEvent(draft, after.id, seq, 'replanted', by, before.planted.without);
  else for (const { who, what, people, detail } of await withNewDevices(draft, before, change, told(before, after, change, by))) putEvent(draft, after.id, seq, what, who ?? by, people, detail);
}

function told(before: RoomState, after: RoomState, change: RoomChange, by: Uint8Array): Told[] {
  if (change.added.length > 0) return toldOfPeople(change.added, by, 'added', 'device-added', []);
  if (change.removed.length > 0) return toldOfPeople(change.removed, by, 'removed', 'device-removed', before.leavers, keysOf(change.removed));
  return toldOfSettings(settingsOf(before.room), settingsOf(after.room), leavesIn(after.room.leaves));
}

/** Members, not leaves: several devices of somebody are somebody once. */
function toldOfPeople(leaves: readonly Leaf[], by: Uint8Array, what: 'added' | 'removed', ownDevice: RoomEvent['what'], leavers: readonly Uint8Array[], detail = ''): Told[] {
  const people = withoutTwins(leaves.map(namedMember));
  const leaving = people.filter((key) => includesKey(leavers, key));
  const others = people.filter((key) => !sameBytes(key, by) && !includesKey(leaving, key));
  return [
    ...(includesKey(people, by) ? [{ what: ownDevice }] : []),
    ...leaving.map((who) => ({ what: 'left' as const, who })),
    ...(others.length > 0 ? [{ what, people: others, detail }] : []),
  ];
}

/** Of devices that go: so that it shows whether the same ones come again. */
const MOST_KEYS = 64;
const keysOf = (leaves: readonly Leaf[]): string => leaves.slice(0, MOST_KEYS).map(({ leafKey }) => hex(leafKey)).join(' ');
/** So far back a removal is looked for. */
const LOOK_BACK = 128;

/** Somebody who comes with a device that was not among theirs, while they are here or after they went with others: nobody new. */
async function withNewDevices(draft: Draft, before: RoomState, { added, committer }: RoomChange, events: readonly Told[]): Promise<readonly Told[]> {
  const index = events.findIndex(({ what }) => what === 'added');
  const people = events[index]?.people;
  if (people === undefined) return events;
  const lost = await lostDevices(draft, before.id);
  const isOther = (person: Uint8Array): boolean => {
    if (before.room.leaves.some((leaf) => sameBytes(namedMember(leaf), person))) return true;
    const gone = lost.get(hex(person)) ?? '';
    return gone !== '' && !added.some((leaf) => sameBytes(namedMember(leaf), person) && gone.includes(hex(leaf.leafKey)));
  };
  const others = people.filter(isOther);
  const fresh = people.filter((person) => !includesKey(others, person));
  return [
    ...events.filter((_, at) => at !== index),
    ...(fresh.length > 0 ? [{ what: 'added' as const, people: fresh }] : []),
    ...others.map((who) => ({ what: 'new-device' as const, who, people: [namedMember(committer)] })),
  ];
}

/** By member, the devices with which they were last removed. */
async function lostDevices(draft: Draft, room: string): Promise<ReadonlyMap<string, string>> {
  const lost = new Map<string, string>();
  const last = draft.lastPlaces.get(room) ?? 0;
  // What a draft before this one brought may not be among the latest yet.
  for (const { item } of [...(await draft.history.latest(room, LOOK_BACK)).reverse(), ...(await draft.history.after(room, Math.max(last - LOOK_BACK, 0)))]) {
    if (item.case !== 'event' || item.value.what !== 'removed') continue;
    for (const person of item.value.people) lost.set(hex(person), item.value.detail);
  }
  return lost;
}

const withoutTwins = (keys: readonly Uint8Array[]): Uint8Array[] => keys.filter((key, index) => !includesKey(keys.slice(0, index), key));

const ROLE_EVENTS = { admin: 'made-admin', moderator: 'made-moderator', member: 'made-member' } as const satisfies Record<Role, RoomEvent['what']>;

const ADDING_EVENTS: ReadonlyMap<number, RoomEvent['what']> = new Map([
  [MayAdd.ADMINS, 'admins-add'], [MayAdd.MODERATORS, 'moderators-add'], [MayAdd.EVERYBODY, 'everybody-adds'],
]);

/** Where the names of people who had gone are taken out, nothing is to be told. */
function toldOfSettings(before: RoomSettings, after: RoomSettings, leavesOf: LeavesOf): Told[] {
  const events: Told[] = [];
  const named = withoutTwins([...before.admins, ...before.moderators, ...after.admins, ...after.moderators]);
  for (const role of ['admin', 'moderator', 'member'] as const) {
    const people = named.filter((key) => roleOf(after, key, leavesOf) === role && roleOf(before, key, leavesOf) !== role);
    if (people.length > 0) events.push({ what: ROLE_EVENTS[role], people });
  }
  if (after.name !== before.name) events.push({ what: 'renamed', detail: after.name });
  if (after.announcementOnly !== before.announcementOnly) events.push({ what: after.announcementOnly ? 'announcing' : 'conversing' });
  if (after.mayAdd !== before.mayAdd) events.push({ what: ADDING_EVENTS.get(after.mayAdd) ?? 'admins-add' });
  if (after.vanishAfterS !== before.vanishAfterS) events.push(after.vanishAfterS === 0 ? { what: 'staying' } : { what: 'vanishing', detail: String(after.vanishAfterS) });
  if (after.quiet !== before.quiet) events.push({ what: after.quiet ? 'quieted' : 'unquieted' });
  return events;
}
