/** Whether two people in view go by one name: a name somebody gave themselves in a room counts like that of a card. */
import { sameName } from '../../domain/people.ts';
import type { MemberId, RoomId } from '../api.ts';
import type { Device } from '../device.ts';
import { namesIn } from './profiles.ts';

/** Compared as a person would read them; asked for every name that is drawn, so worked out once each. */
const compared = new Map<string, string>();
const MOST_COMPARED = 4096;

function comparable(name: string): string {
  const known = compared.get(name);
  if (known !== undefined) return known;
  if (compared.size >= MOST_COMPARED) compared.clear();
  const same = sameName(name);
  compared.set(name, same);
  return same;
}

/** @param room where it is drawn */
export function isShared(device: Device, { id, name, room }: { id: MemberId; name: string; room: RoomId | undefined }): boolean {
  const wanted = comparable(name);
  for (const [member, { facts }] of device.people) if (member !== id && comparable(facts.name) === wanted) return true;
  if (room === undefined) return false;
  for (const [member, theirs] of namesIn(device, room)) if (member !== id && comparable(theirs) === wanted) return true;
  return false;
}
