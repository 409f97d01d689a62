/** Whether two people in view go by one name: a name somebody gave themselves in a room counts like that of a card. */
import { asSeen } from '../../domain/look-alikes.ts';
import type { MemberId, RoomId } from '../api.ts';
import type { Device } from '../device.ts';

/** Compared as a person would read them; asked for every name that is drawn, so worked out once each. */
const compared = new Map<string, string>();
const MOST_COMPARED = 4096;

function comparable(name: string): string {
  const known = compared.get(name);
  if (known !== undefined) return known;
  if (compared.size >= MOST_COMPARED) compared.clear();
  const same = asSeen(name);
  compared.set(name, same);
  return same;
}

/** Who goes by each name, by cards and in rooms; worked out anew when one of the two is other than it was. */
interface Bearers {
  readonly cards: ReadonlyMap<string, readonly MemberId[]>;
  readonly rooms: ReadonlyMap<string, ReadonlyMap<string, readonly MemberId[]>>;
  readonly versions: readonly [people: number, looks: number];
}
const bearers = new WeakMap<Device, Bearers>();

function bearersOf(device: Device): Bearers {
  const { people, looks } = device;
  const known = bearers.get(device);
  if (known?.versions[0] === people.version && known.versions[1] === looks.version) return known;
  const rooms = new Map<string, Map<string, MemberId[]>>();
  for (const [scope, { name }] of looks) if (name !== '') note(roomIn(rooms, scope), name, memberIn(scope));
  const cards = new Map<string, MemberId[]>();
  for (const [member, { facts }] of people) note(cards, facts.name, member);
  const fresh: Bearers = { cards, rooms, versions: [people.version, looks.version] };
  bearers.set(device, fresh);
  return fresh;
}

function note(names: Map<string, MemberId[]>, name: string, member: MemberId): void {
  const same = comparable(name);
  const known = names.get(same);
  if (known === undefined) names.set(same, [member]);
  else known.push(member);
}
function roomIn(rooms: Map<string, Map<string, MemberId[]>>, scope: string): Map<string, MemberId[]> {
  const room = scope.slice(0, scope.indexOf('/'));
  const names = rooms.get(room) ?? new Map<string, MemberId[]>();
  rooms.set(room, names);
  return names;
}
const memberIn = (scope: string): MemberId => scope.slice(scope.indexOf('/') + 1);

/** @param room where it is drawn */
export function isShared(device: Device, { id, name, room }: { id: MemberId; name: string; room: RoomId | undefined }): boolean {
  const { cards, rooms } = bearersOf(device);
  const wanted = comparable(name);
  const isOthers = (members: readonly MemberId[] | undefined) => members?.some((member) => member !== id) ?? false;
  return isOthers(cards.get(wanted)) || (room !== undefined && isOthers(rooms.get(room)?.get(wanted)));
}
