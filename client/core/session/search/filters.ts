/** What somebody looks for, in terms of this device: names become people and rooms, days a time. */
import { fromBinary } from '@bufbuild/protobuf';
import { StoredPinSchema } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import type { Device } from '../device.ts';
import { cleanName } from '../../domain/room-policy.ts';
import { parseSearch, type Has, type Is, type ParsedSearch } from '../../domain/search-query.ts';
import { fold } from '../../domain/search-words.ts';
import type { SearchRequest } from '../api/search.ts';
import { settingsOf } from '../room-state.ts';
import { MARKS, type Piece } from './piece.ts';
import { roomOf, scopeOf } from '../talk/scopes.ts';

export interface Filters {
  readonly parsed: ParsedSearch;
  /** Whether anything in it may be found. */
  readonly wanted: (scope: string) => boolean;
  /** Whether this message of a piece may be. */
  readonly allows: (scope: string, piece: Piece, message: number) => boolean;
  /** Whether `allows` says yes to every message of the piece. */
  readonly allowsAll: boolean;
  readonly unclear: readonly string[];
}

export async function filtersOf(device: Device, request: SearchRequest): Promise<Filters> {
  const parsed = parseSearch(request.text);
  const people = any(request.from, parsed.from.map((name) => peopleNamed(device, name)));
  const rooms = any(request.rooms, parsed.in.map((name) => roomsNamed(device, name)));
  const is = new Set<Is>([...parsed.is, ...(request.is ?? [])]);
  const bits = marksWanted([...parsed.has, ...(request.has ?? [])], parsed.mentionsMe || request.mentionsMe === true);
  const since = Math.max(parsed.since ?? 0, request.since ?? 0) / 1000;
  const until = Math.min(parsed.until ?? Number.POSITIVE_INFINITY, request.until ?? Number.POSITIVE_INFINITY) / 1000;
  const kept = await placesKept(device, is);
  const named = (names: readonly string[], operator: string, found: (device: Device, name: string) => ReadonlySet<string>) =>
    names.filter((name) => found(device, name).size === 0).map((name) => `${operator}:${name}`);
  return {
    parsed,
    unclear: [...parsed.unclear, ...named(parsed.from, 'from', peopleNamed), ...named(parsed.in, 'in', roomsNamed)],
    wanted: (scope) => rooms === undefined || rooms.has(roomOf(scope)),
    allowsAll: people === undefined && bits === 0 && since === 0 && until === Number.POSITIVE_INFINITY && is.size === 0,
    allows: (scope, piece, message) => {
      const time = piece.times[message] as number;
      const sender = piece.senders[piece.sender[message] as number] ?? '';
      return ((piece.marks[message] as number) & bits) === bits && time >= since && time < until
        && (people === undefined || people.has(sender)) && (!is.has('mine') || sender === device.memberId)
        && kept.every((places) => places.has(`${scope}/${piece.places[message]}`));
    },
  };
}

/** @returns undefined where nothing is asked */
function any(given: readonly string[] | undefined, named: readonly ReadonlySet<string>[]): ReadonlySet<string> | undefined {
  if (given === undefined && named.length === 0) return undefined;
  const union = named.length === 0 ? undefined : new Set(named.flatMap((one) => [...one]));
  if (given === undefined) return union;
  return new Set(union === undefined ? given : given.filter((id) => union.has(id)));
}

function peopleNamed(device: Device, name: string): ReadonlySet<string> {
  if (fold(name) === 'me') return new Set([device.memberId]);
  return new Set([...device.people].filter(([, card]) => isNamed(card.facts.name, name)).map(([id]) => id));
}

function roomsNamed(device: Device, name: string): ReadonlySet<string> {
  return new Set([...device.rooms.values()].filter((state) => isNamed(cleanName(settingsOf(state.room).name), name)).map(({ id }) => id));
}

/** By its beginning, or by that of a later word of it. */
function isNamed(name: string, wanted: string): boolean {
  const folded = ` ${fold(name)}`;
  return folded.includes(` ${fold(wanted)}`);
}

const marksWanted = (has: readonly Has[], mentionsMe: boolean): number => has.reduce((bits, one) => bits | MARKS[one], mentionsMe ? MARKS['names-me'] : 0);

/** Places of what is pinned, and of what this person keeps: all of these sets are asked for. */
async function placesKept(device: Device, is: ReadonlySet<Is>): Promise<ReadonlySet<string>[]> {
  const kept: Set<string>[] = [];
  if (is.has('saved')) kept.push(new Set((await device.vault.all('bookmarks')).map(({ scope, order }) => `${scope}/${order}`)));
  if (is.has('pinned')) kept.push(await pinned(device));
  return kept;
}

async function pinned(device: Device): Promise<Set<string>> {
  const places = new Set<string>();
  for (const { scope, order, value } of await device.vault.all('pins')) places.add(`${pinScope(scope, value)}/${order}`);
  return places;
}

/** A pin stands with its room and says in which thread it is. */
function pinScope(room: string, value: Uint8Array): string {
  const { thread } = fromBinary(StoredPinSchema, value);
  return scopeOf(room, thread);
}

