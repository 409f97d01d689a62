/** From what somebody typed to the room, person or request they mean. */
import { SessionFailure, type Announcement, type BoardSummary, type JoinRequest, type MessageItem, type MessagePlace, type OwnDevice, type Person, type RoomSummary, type TimelineItem } from '#core/session/api.ts';
import { CliFailure } from './failure.ts';

const ID_PREFIX = 8;
const FINGERPRINT = 8;

/** A room by its name where that is unique, else by at least eight digits of its id. A room one is in wins over a past one. */
export function findRoom<Room extends Pick<RoomSummary, 'id' | 'name' | 'active'>>(rooms: readonly Room[], typed: string): Room {
  const named = rooms.filter((room) => sameName(room.name, typed));
  const current = named.filter((room) => room.active);
  const chosen = only(named) ?? only(current) ?? only(rooms.filter((room) => isIdOf(room.id, typed)));
  if (chosen !== undefined) return chosen;
  if (named.length > 1) throw new CliFailure('ambiguous-room');
  throw new SessionFailure('unknown-room');
}

/**
 * A person by display name where it is unique, else by fingerprint. Names are chosen freely, also to look like somebody
 * else's fingerprint: where both readings fit, and to different people, neither is taken.
 */
export function findPerson<Someone extends Pick<Person, 'id' | 'name' | 'fingerprint'>>(people: readonly Someone[], typed: string): Someone {
  const whole = people.find((person) => person.id === typed.toLowerCase());
  if (whole !== undefined) return whole;
  const digits = typed.toLowerCase().replace(/[\s-]/g, '');
  const fingerprinted = digits.length === FINGERPRINT ? people.filter((person) => bare(person.fingerprint) === digits) : [];
  const named = people.filter((person) => sameName(person.name, typed));
  const meant = new Set([...named, ...fingerprinted]);
  const chosen = only([...meant]);
  if (chosen !== undefined) return chosen;
  throw new SessionFailure(meant.size === 0 ? 'unknown-member' : 'ambiguous-member');
}

/** A message that has come back in the log: by its seq, its id, or the beginning of that. @throws CliFailure `unknown-message` */
export function findMessage(items: readonly TimelineItem[], typed: string): MessageItem & { readonly place: MessagePlace } {
  const isMeant = (item: TimelineItem): item is MessageItem & { readonly place: MessagePlace } =>
    item.kind === 'message' && item.place !== undefined && ((/^\d+$/.test(typed) && item.seq === Number(typed)) || isIdOf(item.id, typed));
  const chosen = only(items.filter(isMeant));
  if (chosen === undefined) throw new CliFailure('unknown-message');
  return chosen;
}

/** A request by its id, or the beginning of it. */
export function findRequest<Request extends Pick<JoinRequest, 'id'>>(requests: readonly Request[], typed: string): Request {
  const meant = requests.filter((request) => isIdOf(request.id, typed));
  const chosen = only(meant);
  if (chosen !== undefined) return chosen;
  if (meant.length > 1) throw new CliFailure('ambiguous-request');
  throw new SessionFailure('unknown-request');
}

/** A device by its name where that is unique, else by the beginning of its id. */
export function findDevice<Some extends Pick<OwnDevice, 'id' | 'name'>>(devices: readonly Some[], typed: string): Some {
  const chosen = only(devices.filter(({ name }) => sameName(name, typed))) ?? only(devices.filter(({ id }) => isIdOf(id, typed)));
  if (chosen === undefined) throw new SessionFailure('unknown-device');
  return chosen;
}

/** A board by its name where that is unique, else by at least eight digits of its id. One that is open wins over a closed one. */
export function findBoard<Board extends Pick<BoardSummary, 'id' | 'name' | 'closed'>>(boards: readonly Board[], typed: string): Board {
  const named = boards.filter((board) => sameName(board.name, typed));
  const chosen = only(named) ?? only(named.filter(({ closed }) => !closed)) ?? only(boards.filter(({ id }) => isIdOf(id, typed)));
  if (chosen !== undefined) return chosen;
  if (named.length > 1) throw new CliFailure('ambiguous-board');
  throw new SessionFailure('unknown-board');
}

/** An announcement by its seq or its id, a draft or a proposal by its id; or by the beginning of that. @throws SessionFailure `unknown-announcement` */
export function findAnnouncement<Some extends Pick<Announcement, 'id'> & { readonly seq?: number }>(announcements: readonly Some[], typed: string): Some {
  const chosen = only(announcements.filter(({ id, seq }) => isIdOf(id, typed) || (/^\d+$/.test(typed) && seq === Number(typed))));
  if (chosen === undefined) throw new SessionFailure('unknown-announcement');
  return chosen;
}

/** How this person is to be named on the command line. */
export const nameOf = (person: Pick<Person, 'name' | 'fingerprint' | 'ambiguous'>): string =>
  (person.ambiguous ? person.fingerprint : person.name);

const only = <T>(found: readonly T[]): T | undefined => (found.length === 1 ? found[0] : undefined);
const sameName = (a: string, b: string): boolean => a.normalize('NFC') === b.normalize('NFC');
const bare = (fingerprint: string): string => fingerprint.toLowerCase().replace(/\s/g, '');
const isIdOf = (id: string, typed: string): boolean => id === typed || (typed.length >= ID_PREFIX && id.startsWith(typed.toLowerCase()));
