/** Writing in rooms, and what a person has read of them. */
import { create } from '@bufbuild/protobuf';
import { TextSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import { includesKey, sameBytes } from '../domain/signing.ts';
import type { Suite } from '../mls/port.ts';
import { fromHex, hex } from '#shared/sodium.ts';
import { SessionFailure, type MemberId, type MessageId, type OutgoingText, type RoomId } from './api.ts';
import type { Background } from './background.ts';
import type { Device } from './device.ts';
import { isPassing } from './failure.ts';
import { readHistory } from './history.ts';
import { enqueueContent } from './newcoming.ts';
import { isPast, rulesOf } from './rooms/rules.ts';
import { messageIdOf, updateMessage } from './outbox-state.ts';

const LONGEST_TEXT = 16_000;
/** How far back a delivered message is looked for. */
const LOOK_BACK = 4096;

export class Conversation {
  readonly #device: Device;
  readonly #background: Background;

  constructor(device: Device, background: Background) {
    this.#device = device;
    this.#background = background;
  }

  /** Works without a connection: the relay hears of the room when it can be reached. */
  async createRoom(name: string, suite: Suite): Promise<RoomId> {
    const { changes } = this.#background;
    const id = await changes.create(name, suite);
    try {
      await changes.open(id);
    } catch (thrown) {
      if (!isPassing(thrown)) throw thrown;
    }
    return id;
  }

  async setAdmin(room: RoomId, member: MemberId, admin: boolean): Promise<void> {
    const key = fromHex(member);
    if (key === undefined) throw new SessionFailure('unknown-member');
    await this.#background.changes.changeSettings(room, (settings) => {
      const others = settings.admins.filter((known) => !sameBytes(known, key));
      if (!admin && others.length === 0) throw new SessionFailure('not-allowed');
      if (admin && includesKey(settings.admins, key)) return settings;
      return { ...settings, admins: admin ? [...others, key] : others };
    });
  }

  /** @throws SessionFailure `message-empty` | `message-too-long` | `room-inactive` */
  async send(room: RoomId, given: string | OutgoingText): Promise<MessageId> {
    const text = (typeof given === 'string' ? given : given.text).replace(/\s+$/u, '');
    if (text.length === 0) throw new SessionFailure('message-empty');
    if (text.length > LONGEST_TEXT) throw new SessionFailure('message-too-long');
    return this.#device.change(async (draft) => {
      const state = draft.rooms.get(room);
      if (state === undefined) throw new SessionFailure('unknown-room');
      if (isPast(state, this.#device)) throw new SessionFailure('room-inactive');
      if (!rulesOf(state, this.#device).mayWrite) throw new SessionFailure('not-allowed');
      const id = enqueueContent(draft, state, { case: 'text', value: create(TextSchema, { text }) });
      draft.emit({ changed: 'timeline', room });
      return hex(id);
    });
  }

  /** @throws SessionFailure `relay-refused` | `room-inactive` if it failed for good; `no-postage` if it leaves by itself when there is more */
  async delivered(room: RoomId, message: MessageId): Promise<{ seq: number }> {
    const entry = this.#inOutbox(message);
    if (entry === undefined) {
      const seq = await this.#inLog(room, message);
      if (seq === undefined) throw new SessionFailure('internal');
      return { seq };
    }
    const { item } = entry;
    if (item.failed) throw new SessionFailure('relay-refused');
    if (item.acknowledgedSeq > 0n) return { seq: Number(item.acknowledgedSeq) };
    if (item.postage.length === 0 && this.#background.drawing.state.waiting) throw new SessionFailure('no-postage');
    return this.#device.waiting.forDelivery(message);
  }

  async retry(_room: RoomId, message: MessageId): Promise<void> {
    const entry = this.#inOutbox(message);
    if (entry === undefined) return;
    await this.#device.change(async (draft) => {
      updateMessage(draft, entry.order, { failed: false, missed: 0 });
      draft.afterwards(() => this.#background.outbox.wake());
    });
  }

  async markRead(room: RoomId): Promise<void> {
    if ((this.#device.rooms.get(room)?.unread ?? 0) === 0) return;
    await this.#device.change(async (draft) => {
      const state = draft.rooms.get(room);
      if (state === undefined || state.unread === 0) return;
      draft.rooms.set(room, { ...state, unread: 0, readSeq: draft.cursors.get(draft.device.shardOf(state.mailbox)) ?? 0 });
      draft.emit({ changed: 'rooms' });
    });
  }

  #inOutbox(message: MessageId) {
    for (const [order, { what }] of this.#device.outbox) {
      if (what.case === 'message' && messageIdOf(what.value) === message) return { order, item: what.value };
    }
    return undefined;
  }

  async #inLog(room: RoomId, message: MessageId): Promise<number | undefined> {
    for (const { item, place } of await readHistory(this.#device.vault, room, { newestFirst: true, limit: LOOK_BACK })) {
      if (item.case === 'message' && hex(item.value.id) === message) return Number(place);
    }
    return undefined;
  }
}
