/**
 * Who writes just now, and how far people have read: light words, off unless a person turns them on for a room. They leave
 * seldom, because each is a record for everybody, and none of them while postage is short.
 */
import { create } from '@bufbuild/protobuf';
import { ReceiptSchema, TypingSchema } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { sameBytes } from '../../domain/signing.ts';
import { mayWriteIn } from '../../domain/room-roles.ts';
import { hex } from '#shared/sodium.ts';
import type { MessagePlace, PostageState, RoomId } from '../api.ts';
import type { Said } from '../contents.ts';
import type { Device } from '../device.ts';
import { placeOf } from '../history.ts';
import { enqueueContent } from '../newcoming.ts';
import { isQuiet, settingsOf, type RoomState } from '../room-state.ts';
import { refOf } from './scopes.ts';
import { unsentIn } from './unsent.ts';

const TYPING_EVERY_MS = 20_000;
/** Clocks differ; what is older comes from the past, read now. */
const TYPING_FRESH_MS = 5 * 60_000;
const RECEIPT_EVERY_MS = 60_000;
/** What is read in one go makes one receipt. */
const RECEIPT_PAUSE_MS = 2_000;
/** With fewer tokens than this left for the week, messages need them. */
const LITTLE_POSTAGE = 60;
/** Places that one receipt is looked after. */
const LOOK_BACK = 500;

export function takeTyping({ draft, state, content, sender }: Said<'typing'>): void {
  const { device } = draft;
  const isFresh = device.connection === 'online' && Math.abs(device.now() - Number(content.sentAtMs)) < TYPING_FRESH_MS;
  if (!isFresh || isQuiet(state) || sameBytes(sender, device.member.key)) return;
  draft.afterwards(() => device.typists.writes(state.id, sender));
}

/** Counts only where this person shows it as well. Never goes back, and never beyond what was there to read. */
export async function takeReceipt({ draft, state, record, sender, value }: Said<'receipt'>): Promise<void> {
  if (!state.choices.receipts || sameBytes(sender, draft.device.member.key)) return;
  const readers = draft.readers.get(state.id) ?? new Map<string, number>();
  const before = readers.get(hex(sender)) ?? 0;
  const to = Math.min(Number(value.readSeq), record.seq);
  if (to <= before) return;
  draft.readers.set(state.id, new Map(readers).set(hex(sender), to));
  const seen = await draft.history.after(state.id, Math.max(before, to - LOOK_BACK));
  const own = seen.filter((stored) => placeOf(stored) <= to && stored.item.case === 'message' && sameBytes(stored.item.value.sender, draft.device.member.key));
  if (own.length > 0) draft.emit({ changed: 'messages', room: state.id, seqs: own.map(placeOf) });
}

/** What this device says of it. */
export class Presence {
  readonly #device: Device;
  readonly #postage: () => PostageState;
  readonly #typed = new Map<RoomId, number>();
  readonly #receipts = new Map<RoomId, { at: number; seq: number; timer: ReturnType<typeof setTimeout> | undefined }>();
  #stopped = false;

  constructor(device: Device, postage: () => PostageState) {
    this.#device = device;
    this.#postage = postage;
  }

  stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#receipts.values()) clearTimeout(timer);
    this.#device.typists.stop();
  }

  async nowTyping(room: RoomId, thread?: MessagePlace): Promise<void> {
    const state = this.#device.rooms.get(room);
    if (state === undefined || !state.choices.typing || isQuiet(state) || !this.#maySay(state)) return;
    if (!mayWriteIn(settingsOf(state.room), this.#device.member.key)) return;
    const now = this.#device.now();
    if (now - (this.#typed.get(room) ?? Number.NEGATIVE_INFINITY) < TYPING_EVERY_MS) return;
    this.#typed.set(room, now);
    await this.#device.change(async (draft) => {
      // Behind something that waits it would come too late.
      if (unsentIn(draft.outbox.entries(), room).some(({ item }) => !item.failed && item.acknowledgedSeq === 0n)) return;
      enqueueContent(draft, state, { case: 'typing', value: create(TypingSchema, thread && { thread: refOf(thread) }) });
    });
  }

  /** The person has read on: soon, and at most once a minute, others may know. */
  hasRead(room: RoomId): void {
    const known = this.#receipts.get(room) ?? { at: Number.NEGATIVE_INFINITY, seq: 0, timer: undefined };
    const state = this.#device.rooms.get(room);
    if (this.#stopped || known.timer !== undefined || state?.choices.receipts !== true) return;
    const pause = Math.max(RECEIPT_PAUSE_MS, known.at + RECEIPT_EVERY_MS - this.#device.now());
    this.#receipts.set(room, { ...known, timer: setTimeout(() => void this.#tellRead(room).catch(() => undefined), pause) });
  }

  async #tellRead(room: RoomId): Promise<void> {
    const known = this.#receipts.get(room);
    const state = this.#device.rooms.get(room);
    if (known === undefined) return;
    const said = state !== undefined && state.choices.receipts && state.readSeq > known.seq && this.#maySay(state);
    this.#receipts.set(room, { at: said ? this.#device.now() : known.at, seq: said ? state.readSeq : known.seq, timer: undefined });
    if (!said || this.#stopped) return;
    await this.#device.change(async (draft) => {
      for (const { order, item, content } of unsentIn(draft.outbox.entries(), room)) if (content.body.case === 'receipt' && item.sealed === undefined) draft.outbox.delete(order);
      enqueueContent(draft, state, { case: 'receipt', value: create(ReceiptSchema, { readSeq: BigInt(state.readSeq) }) });
    });
  }

  #maySay({ room }: RoomState): boolean {
    const { left, waiting } = this.#postage();
    return room.active && this.#device.connection === 'online' && !waiting && left >= LITTLE_POSTAGE;
  }
}
