/** What people are shown, worked out from the device's state. */
import { RoomContentSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import { Stage, type OutboxItem_Message, type StoredEvent, type StoredItem } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { decode } from '../domain/parsing.ts';
import { cleanName } from '../domain/room-policy.ts';
import { mayChangeSettings } from '../domain/room-roles.ts';
import { fromHex, hex, sha256 } from '#shared/sodium.ts';
import {
  SessionFailure, type Alarm, type FilesPage, type Person, type RefusedReason, type RoomEvent, type RoomId, type RoomMember, type RoomSummary, type TimelineItem, type TimelinePage,
} from './api.ts';
import { plainMessage } from './api/plain-message.ts';
import { looksLost } from './backup/bringing-back.ts';
import type { Device } from './device.ts';
import type { findFiles } from './files/finding.ts';
import { isOwnRoom } from './devices/own-room.ts';
import { readHistory } from './history.ts';
import { membersIn, namedMember } from './judging.ts';
import { roleIn } from './admins.ts';
import { isQuiet, settingsOf, type RoomState } from './room-state.ts';
import { pastOf } from './past-rooms.ts';
import { healthOf } from './repair/trouble.ts';
import { isPast, rulesOf } from './rooms/rules.ts';
import { isShared } from './profiles/names.ts';
import { lookIn } from './profiles/profiles.ts';
import { sharedFile } from './shared-file.ts';
import { verifiedOf } from './verify/verifying.ts';
import { Items } from './talk/items.ts';
import { Timeline } from './talk/timeline.ts';

export class Views {
  readonly #device: Device;

  readonly items: Items;
  readonly timeline: Timeline;

  constructor(device: Device) {
    this.#device = device;
    this.items = new Items(device, (memberKey, room) => this.person(memberKey, room));
    this.timeline = new Timeline(device, this);
  }

  get stageIsMember(): boolean {
    return this.#device.profile.stage === Stage.MEMBER;
  }

  me(): Person {
    return this.person(this.#device.member.key);
  }

  /** Somebody whose card is not known yet goes by their fingerprint. @param room as they look there */
  person(memberKey: Uint8Array, room?: RoomId): Person {
    const id = hex(memberKey);
    const fingerprint = fingerprintOf(memberKey);
    const look = room === undefined ? undefined : lookIn(this.#device, room, id);
    const name = look?.name || this.#device.people.get(id)?.facts.name;
    return {
      id, fingerprint,
      name: name ?? fingerprint,
      ambiguous: name !== undefined && isShared(this.#device, { id, name, room }),
      isMe: id === this.#device.memberId,
      ...(this.#device.verified.has(id) && { verified: verifiedOf(this.#device, id) }),
      ...(look && look.colour > 0 && { colour: look.colour }),
      ...(look?.picture !== undefined && room !== undefined && { picture: { room, version: look.picture } }),
    };
  }

  alarms(): Alarm[] {
    return [...this.#device.alarms.values()].map(({ id, what, member }) => {
      const key = member === undefined ? undefined : fromHex(member);
      return { id, what, by: key && this.person(key) };
    });
  }

  people(): readonly Person[] {
    return [...this.#device.people.values()].map((card) => this.person(card.facts.memberKey)).sort(byName);
  }

  async rooms(): Promise<readonly RoomSummary[]> {
    const summaries = [...this.#device.rooms.values()].filter((state) => !isOwnRoom(state)).map(async (state) => ({
      id: state.id,
      name: roomName(state),
      people: membersIn(state.room.leaves).size,
      unread: state.unread,
      readTo: state.readSeq,
      mentions: state.mentions + state.threadMentions,
      threadsUnread: state.threadsUnread,
      notify: state.choices.notify,
      draft: this.#device.begun.get(state.id)?.text?.text,
      health: healthOf(state, (key) => this.person(key)),
      ...rulesOf(state, this.#device),
      admin: roleIn(state.room, this.#device.member.key) === 'admin' && !isPast(state, this.#device),
      quiet: isQuiet(state),
      active: !isPast(state, this.#device),
      changed: this.#changedIn(state),
      away: pastOf(state.room)?.wasActive === true,
      leaving: state.room.active && isPast(state, this.#device),
      last: await this.#last(state.id),
    }));
    return (await Promise.all(summaries)).sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
  }

  #changedIn(state: RoomState): Person[] {
    if (this.#device.verified.size === 0 || isPast(state, this.#device)) return [];
    return [...membersIn(state.room.leaves)].filter(([id]) => verifiedOf(this.#device, id) === 'changed').map(([, { key }]) => this.person(key, state.id));
  }

  members(id: RoomId): readonly RoomMember[] {
    const state = this.room(id);
    const devices = this.#devices(state);
    return [...membersIn(state.room.leaves).values()].map(({ key }) => {
      const role = roleIn(state.room, key) ?? 'member';
      return { ...this.person(key, id), role, admin: role === 'admin', ...(looksLost(id, devices.get(hex(key)) ?? NONE) && { lost: true }) };
    }).sort(byName);
  }

  /** The devices of the others, by member and room, for whoever may do something about them. */
  #devices(of: RoomState): Map<string, Map<RoomId, string[]>> {
    const found = new Map<string, Map<RoomId, string[]>>();
    if (!mayChangeSettings(roleIn(of.room, this.#device.member.key))) return found;
    for (const { id, room } of this.#device.rooms.values()) {
      if (!room.active) continue;
      for (const leaf of room.leaves) {
        const member = hex(namedMember(leaf));
        const rooms = found.get(member) ?? new Map<RoomId, string[]>();
        found.set(member, rooms.set(id, [...(rooms.get(id) ?? []), hex(leaf.leafKey)]));
      }
    }
    found.delete(this.#device.memberId);
    return found;
  }

  room(id: RoomId): RoomState {
    const state = this.#device.rooms.get(id);
    if (state === undefined) throw new SessionFailure('unknown-room');
    return state;
  }

  /** Messages with files, newest first. */
  async files(id: RoomId, before: number | undefined, find: typeof findFiles): Promise<FilesPage> {
    this.room(id);
    const { items, next } = await find(this.#device, id, before);
    const messages = await this.items.of(this.items.shown(this.room(id)), items);
    return { items: items.map((stored) => messages.get(Number(stored.place))).filter((item) => item !== undefined), next };
  }

  async #last(id: RoomId): Promise<RoomSummary['last']> {
    for (const { item } of await readHistory(this.#device.vault, id, { newestFirst: true, limit: 8 })) {
      if (item.case !== 'message') continue;
      const { sender, sentAtMs, text, file } = item.value;
      return { sender: this.person(sender, id).name, text: sharedFile(file, undefined)?.name ?? text, at: Number(sentAtMs) };
    }
    return undefined;
  }

  /** Something that happened to a room. */
  event(room: RoomId, { item, place }: StoredItem): TimelineItem | undefined {
    const event = item.case === 'event' ? this.#event(item.value, room) : undefined;
    return event && { kind: 'event', id: `${room}/${place}`, seq: Number(place), event };
  }

  #event({ what, by, people, detail }: StoredEvent, room: RoomId): RoomEvent | undefined {
    const who = this.person(by, room);
    if (isPlain(what)) return { what, by: who };
    if (what === 'added' || what === 'removed' || what === 'new-device' || what === 'made-admin' || what === 'made-moderator' || what === 'made-member') return { what, by: who, people: people.map((key) => this.person(key, room)) };
    if (what === 'missing') return { what, by: who, count: Number(detail.split(' ')[1] ?? 1), expired: detail.startsWith('expired') };
    if (what === 'replanted') return { what, by: who, without: people.map((key) => this.person(key, room)) };
    if (what === 'renamed') return { what, by: who, name: cleanName(detail) };
    if (what === 'vanishing') return { what, by: who, seconds: Number(detail) || 0 };
    if (what === 'refused-change') return { what, by: by.length === 32 ? who : undefined, reason: detail as RefusedReason };
    return what === 'hidden-record' ? { what } : undefined;
  }
}

const NONE: ReadonlyMap<RoomId, readonly string[]> = new Map();

/** Events that say nothing but who did it. */
const PLAIN = ['created', 'joined', 'rejoined', 'returned', 'removed-me', 'left', 'device-added', 'device-removed', 'announcing', 'conversing', 'admins-add', 'moderators-add', 'everybody-adds', 'staying', 'quieted', 'unquieted'] as const;
const isPlain = (what: string): what is (typeof PLAIN)[number] => (PLAIN as readonly string[]).includes(what);

/** Asked of every person that is shown, so worked out once each. */
const fingerprints = new Map<string, string>();
const MOST_FINGERPRINTS = 4096;

export function fingerprintOf(memberKey: Uint8Array): string {
  const id = hex(memberKey);
  const known = fingerprints.get(id);
  if (known !== undefined) return known;
  if (fingerprints.size >= MOST_FINGERPRINTS) fingerprints.clear();
  const digits = hex(sha256(memberKey));
  const fingerprint = `${digits.slice(0, 4)} ${digits.slice(4, 8)}`;
  fingerprints.set(id, fingerprint);
  return fingerprint;
}

/** Cleaned here too: whoever made the room could have named it past its rules. */
const roomName = (state: RoomState): string => cleanName(settingsOf(state.room).name) || state.id.slice(0, 8);

const byName = (a: Person, b: Person): number => a.name.localeCompare(b.name) || a.fingerprint.localeCompare(b.fingerprint);
