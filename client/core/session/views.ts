/** What people are shown, worked out from the device's state. */
import { RoomContentSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import { Stage, type OutboxItem_Message, type StoredEvent, type StoredItem } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { decode } from '../domain/parsing.ts';
import { ambiguousNames, sameName } from '../domain/people.ts';
import { cleanName } from '../domain/room-policy.ts';
import { fromHex, hex, sha256 } from '#shared/sodium.ts';
import {
  SessionFailure, type Alarm, type FilesPage, type Person, type RefusedReason, type RoomEvent, type RoomId, type RoomMember, type RoomSummary, type TimelineItem, type TimelinePage,
} from './api.ts';
import { plainMessage } from './api/plain-message.ts';
import type { Device } from './device.ts';
import type { findFiles } from './files/finding.ts';
import { isOwnRoom } from './devices/own-room.ts';
import { readHistory } from './history.ts';
import { namedMember } from './judging.ts';
import { roleIn } from './admins.ts';
import { isQuiet, settingsOf, type RoomState } from './room-state.ts';
import { healthOf } from './repair/trouble.ts';
import { isPast, rulesOf } from './rooms/rules.ts';
import { sharedFile } from './shared-file.ts';

const PAGE = 60;

export class Views {
  readonly #device: Device;

  constructor(device: Device) {
    this.#device = device;
  }

  get stageIsMember(): boolean {
    return this.#device.profile.stage === Stage.MEMBER;
  }

  me(): Person {
    return this.person(this.#device.member.key);
  }

  /** Somebody whose card is not known yet goes by their fingerprint. */
  person(memberKey: Uint8Array): Person {
    const id = hex(memberKey);
    const fingerprint = fingerprintOf(memberKey);
    const name = this.#device.people.get(id)?.facts.name;
    return {
      id, fingerprint,
      name: name ?? fingerprint,
      ambiguous: name !== undefined && ambiguousNames(this.#device.people.values()).has(sameName(name)),
      isMe: id === this.#device.memberId,
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
      people: membersOf(state).size,
      unread: state.unread,
      mentions: 0,
      threadsUnread: 0,
      notify: 'all' as const,
      draft: undefined,
      health: healthOf(state, (key) => this.person(key)),
      ...rulesOf(state, this.#device),
      admin: roleIn(state.room, this.#device.member.key) === 'admin' && !isPast(state, this.#device),
      quiet: isQuiet(state),
      active: !isPast(state, this.#device),
      leaving: state.room.active && isPast(state, this.#device),
      last: await this.#last(state.id),
    }));
    return (await Promise.all(summaries)).sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
  }

  members(id: RoomId): readonly RoomMember[] {
    const state = this.room(id);
    return [...membersOf(state).values()].map((key) => {
      const role = roleIn(state.room, key) ?? 'member';
      return { ...this.person(key), role, admin: role === 'admin' };
    }).sort(byName);
  }

  room(id: RoomId): RoomState {
    const state = this.#device.rooms.get(id);
    if (state === undefined) throw new SessionFailure('unknown-room');
    return state;
  }

  async timeline(id: RoomId, options: { before?: number; limit?: number } = {}): Promise<TimelinePage> {
    this.room(id);
    const limit = options.limit ?? PAGE;
    const found = await readHistory(this.#device.vault, id, {
      newestFirst: true, limit: limit + 1, ...(options.before !== undefined && { to: options.before - 1 }),
    });
    const shown = found.slice(0, limit).reverse();
    const items = shown.map((stored) => this.#item(id, stored)).filter((item) => item !== undefined);
    return {
      items: options.before === undefined ? [...withoutRepeats(items), ...this.#unsent(id)] : withoutRepeats(items),
      more: found.length > limit,
    };
  }

  async timelineSince(id: RoomId, since: number): Promise<readonly TimelineItem[]> {
    this.room(id);
    const found = await readHistory(this.#device.vault, id, { from: since + 1 });
    return withoutRepeats(found.map((stored) => this.#item(id, stored)).filter((item) => item !== undefined));
  }

  /** Messages with files, newest first. */
  async files(id: RoomId, before: number | undefined, find: typeof findFiles): Promise<FilesPage> {
    this.room(id);
    const { items, next } = await find(this.#device, id, before);
    return { items: items.map((stored) => this.#item(id, stored)).filter((item) => item?.kind === 'message'), next };
  }

  async #last(id: RoomId): Promise<RoomSummary['last']> {
    for (const stored of await readHistory(this.#device.vault, id, { newestFirst: true, limit: 8 })) {
      const item = this.#item(id, stored);
      if (item?.kind === 'message') return { sender: item.sender.name, text: item.file?.name ?? item.text, at: item.at };
    }
    return undefined;
  }

  #item(room: RoomId, { item, place }: StoredItem): TimelineItem | undefined {
    const seq = Number(place);
    if (item.case === 'message') {
      const { id, sender, sentAtMs, text, file, forwarded } = item.value;
      return plainMessage({ id: hex(id), seq, sender: this.person(sender), at: Number(sentAtMs), text, file: sharedFile(file, forwarded ? undefined : Number(sentAtMs)) });
    }
    const event = item.case === 'event' ? this.#event(item.value) : undefined;
    return event && { kind: 'event', id: `${room}/${seq}`, seq, event };
  }

  #event({ what, by, people, detail }: StoredEvent): RoomEvent | undefined {
    const who = this.person(by);
    if (isPlain(what)) return { what, by: who };
    if (what === 'added' || what === 'removed' || what === 'made-admin' || what === 'made-moderator' || what === 'made-member') return { what, by: who, people: people.map((key) => this.person(key)) };
    if (what === 'missing') return { what, by: who, count: Number(detail.split(' ')[1] ?? 1), expired: detail.startsWith('expired') };
    if (what === 'replanted') return { what, by: who, without: people.map((key) => this.person(key)) };
    if (what === 'renamed') return { what, by: who, name: cleanName(detail) };
    if (what === 'vanishing') return { what, by: who, seconds: Number(detail) || 0 };
    if (what === 'refused-change') return { what, by: by.length === 32 ? who : undefined, reason: detail as RefusedReason };
    return what === 'hidden-record' ? { what } : undefined;
  }

  /** What this device wrote and the log has not shown it yet. */
  #unsent(id: RoomId): TimelineItem[] {
    const items: TimelineItem[] = [];
    for (const [, { what }] of [...this.#device.outbox].sort(([a], [b]) => a - b)) {
      if (what.case !== 'message' || hex(what.value.mailbox) !== id) continue;
      const item = this.#unsentItem(what.value);
      if (item !== undefined) items.push(item);
    }
    return items;
  }

  #unsentItem(message: OutboxItem_Message): TimelineItem | undefined {
    const content = decode(RoomContentSchema, message.content);
    if (content?.body.case !== 'text' && content?.body.case !== 'file') return undefined;
    const acknowledged = message.acknowledgedSeq > 0n;
    return plainMessage({
      id: hex(content.id),
      seq: acknowledged ? Number(message.acknowledgedSeq) : undefined,
      sender: this.me(),
      at: Number(content.sentAtMs),
      text: content.body.case === 'text' ? content.body.value.text : content.body.value.caption,
      file: content.body.case === 'file' ? sharedFile(content.body.value, Number(content.sentAtMs)) : undefined,
      state: message.failed ? 'failed' : acknowledged ? 'sent' : 'sending',
    });
  }
}

/** Events that say nothing but who did it. */
const PLAIN = ['created', 'joined', 'removed-me', 'left', 'device-added', 'device-removed', 'announcing', 'conversing', 'admins-add', 'moderators-add', 'everybody-adds', 'staying', 'quieted', 'unquieted'] as const;
const isPlain = (what: string): what is (typeof PLAIN)[number] => (PLAIN as readonly string[]).includes(what);

export function fingerprintOf(memberKey: Uint8Array): string {
  const digits = hex(sha256(memberKey));
  return `${digits.slice(0, 4)} ${digits.slice(4, 8)}`;
}

/** Cleaned here too: whoever made the room could have named it past its rules. */
const roomName = (state: RoomState): string => cleanName(settingsOf(state.room).name) || state.id.slice(0, 8);

function membersOf(state: RoomState): Map<string, Uint8Array> {
  return new Map(state.room.leaves.map(namedMember).map((key) => [hex(key), key]));
}

const byName = (a: Person, b: Person): number => a.name.localeCompare(b.name) || a.fingerprint.localeCompare(b.fingerprint);

/** A run of hidden records is one line. */
function withoutRepeats(items: readonly TimelineItem[]): TimelineItem[] {
  const hidden = (item: TimelineItem | undefined) => item?.kind === 'event' && item.event.what === 'hidden-record';
  return items.filter((item, index) => !(hidden(item) && hidden(items[index - 1])));
}
