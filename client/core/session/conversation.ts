/** Rooms that are made, and what becomes of what was written in them. */
import { includesKey, sameBytes } from '../domain/signing.ts';
import type { Suite } from '../mls/port.ts';
import { fromHex, hex } from '#shared/sodium.ts';
import { SessionFailure, type MemberId, type MessageId, type RoomId } from './api.ts';
import type { Background } from './background.ts';
import type { Device } from './device.ts';
import { isPassing } from './failure.ts';
import { readHistory } from './history.ts';
import { messageIdOf, updateMessage } from './outbox-state.ts';

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

  /** @throws SessionFailure `relay-refused` | `room-inactive` if it failed for good; `no-postage` if it leaves by itself when there is more */
  async delivered(room: RoomId, message: MessageId): Promise<{ seq: number }> {
    const entry = this.#inOutbox(message);
    if (entry === undefined) {
      const seq = this.#device.waiting.seqOf(message) ?? (await this.#inLog(room, message));
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
