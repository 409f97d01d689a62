/**
 * Sends what is queued: each room's messages one after another, in the order they were written, and drops beside
 * them. A body is durable before it leaves and leaves again, the same to the byte, until the relay answers; so a crash
 * or a lost reply can neither lose nor double a message.
 */
import { roughly } from '#shared/chance.ts';
import type { RelayRefusal } from '#shared/errors.ts';
import { Kind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { MailboxId, Signature, Slot } from '#shared/ids.ts';
import { DROP_MAILBOX } from '#shared/mailboxes.ts';
import { recordCost, TOKEN_BYTES } from '#shared/postage.ts';
import { postMessage } from '#shared/signing.ts';
import { create } from '@bufbuild/protobuf';
import { OutboxItem_SealedSchema, type OutboxItem, type OutboxItem_Announcing, type OutboxItem_Message, type OutboxItem_Sealed } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { hex, sha256 } from '#shared/sodium.ts';
import { sealAnnouncing, unsealAnnouncing, updateAnnouncing } from './boards/queue.ts';
import type { Device } from './device.ts';
import { OwnGate } from './devices/own-gate.ts';
import { isOwnRoom } from './devices/own-room.ts';
import type { Draft } from './draft.ts';
import { asSessionFailure, isPassing } from './failure.ts';
import type { LogReader } from './log-reader.ts';
import { fail, idOf, isDone, isStale, isTooLate, laneOf, orDuplicate } from './outgoing.ts';
import { byChance, Pauses } from './pace.ts';
import { contentOf, messageIdOf, setPostage, unseal, updateMessage } from './outbox-state.ts';
import { paying } from './paying.ts';
import { isPostageRefusal, payFor, takeRelayWeek } from './postage-stock.ts';
import { QuietGate } from './quiet-gate.ts';
import { countOwn } from './repair/hearing.ts';
import { stand } from './repair/standing.ts';
import { isHeld, isQuiet } from './room-state.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** After so many refusals that catching up did not explain, a message is shown as failed. */
const TRIES = 8;
/** Between tries of a drop that was refused so often. */
const STUBBORN_PAUSE_MS = 10 * 60_000;

export class Outbox {
  readonly #device: Device;
  readonly #log: LogReader;
  readonly #running = new Map<string, Promise<void>>();
  readonly #tries = new Map<number, number>();
  #stopped = false;
  readonly #pauses = new Pauses();
  readonly #holds = new Pauses();
  #hold: Promise<void> | undefined;
  #holdUntil = 0;
  #pauseHooks: (() => void)[] = [];
  readonly #quiet: QuietGate;
  readonly #own: OwnGate;
  readonly #openRoom: (room: string) => Promise<void>;

  /** @param openRoom tells the relay of a room that was made without a connection */
  constructor(device: Device, log: LogReader, openRoom: (room: string) => Promise<void>) {
    this.#device = device;
    this.#log = log;
    this.#openRoom = openRoom;
    this.#quiet = new QuietGate(device.now, () => this.#tellPaused());
    this.#own = new OwnGate(device.pace, () => this.#tellPaused());
  }

  /** Starts a lane for every room that has something to send. Cheap to call often. */
  wake(): void {
    this.#pauses.hurry();
    for (const item of this.#device.outbox.values()) {
      const lane = laneOf(item);
      if (this.#stopped || this.#running.has(lane)) continue;
      const run = this.#runLane(lane).finally(() => {
        this.#running.delete(lane);
        if (!this.#stopped && this.#first(lane) !== undefined) this.wake();
      });
      this.#running.set(lane, run);
    }
  }

  /** What was queued leaves a while from now: this device's pass has just shown itself, and must not stand beside it. */
  wakeLater(): void {
    const waits = [...this.#device.outbox.values()].some(({ what }) => !isDone(what));
    this.#holdUntil = performance.now() + byChance(this.#device.pace.queued);
    if (waits) this.#hold ??= this.#holdOn();
    this.wake();
  }

  async #holdOn(): Promise<void> {
    while (!this.#stopped && performance.now() < this.#holdUntil) await this.#holds.wait(this.#holdUntil - performance.now(), { firm: true });
    this.#hold = undefined;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#quiet.stop();
    this.#own.stop();
    this.#holds.stop();
    this.#pauses.stop();
    await Promise.all(this.#running.values());
  }

  /** Resolves when everything that can be sent now has been acknowledged; what a quiet room holds back can not. */
  async flush(): Promise<void> {
    this.wake();
    while (this.#running.size > this.#quiet.holding + this.#own.holding) {
      await Promise.race([...this.#running.values(), new Promise<void>((resolve) => this.#pauseHooks.push(resolve))]);
    }
  }

  /** Resolves when everything is acknowledged or has to wait: for the network, for room on a disk, or for its half minute. */
  async settle(): Promise<void> {
    this.wake();
    while (this.#running.size > this.#pauses.size + this.#quiet.holding + this.#own.holding) {
      await Promise.race([...this.#running.values(), new Promise<void>((resolve) => this.#pauseHooks.push(resolve))]);
    }
  }

  async #runLane(lane: string): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (!this.#stopped) {
      const first = this.#first(lane);
      if (first === undefined) return;
      await this.#hold;
      await this.#turn(lane, first[1]);
      // The wait may have been long: it may have been sent, held or given up meanwhile, or the device be closing.
      const next = this.#first(lane);
      if (this.#stopped || next?.[0] !== first[0]) continue;
      try {
        await this.#send(...next);
        pause = FIRST_PAUSE_MS;
      } catch (thrown) {
        if (await this.#gaveUp(next[0], thrown)) continue;
        if (this.#device.closed) return;
        const isStubborn = this.#isStubborn(next[0]);
        await this.#pause(roughly(isStubborn ? STUBBORN_PAUSE_MS : pause));
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  /** In a quiet room, waits for the half minute with everything else that is queued there; in that of one's own devices, for its own. */
  async #turn(lane: string, item: OutboxItem): Promise<void> {
    const room = this.#device.rooms.get(lane);
    if (room === undefined || !room.room.active) return;
    if (isOwnRoom(room)) return this.#own.turn(item);
    if (!isQuiet(room)) return;
    await this.#quiet.turn(lane, idOf(item), () => [...this.#device.outbox.values()].filter((other) => laneOf(other) === lane).map(idOf));
  }

  #tellPaused(): void {
    for (const tell of this.#pauseHooks.splice(0)) tell();
  }

  #first(lane: string): [number, OutboxItem] | undefined {
    const room = this.#device.rooms.get(lane);
    if (room !== undefined && isHeld(room)) return undefined;
    let first: [number, OutboxItem] | undefined;
    for (const [order, item] of this.#device.outbox) {
      if (laneOf(item) !== lane || isDone(item.what)) continue;
      const isLater = first !== undefined && (this.#isStubborn(order) === this.#isStubborn(first[0]) ? first[0] < order : this.#isStubborn(order));
      if (!isLater) first = [order, item];
    }
    return first;
  }

  async #send(order: number, item: OutboxItem): Promise<void> {
    try {
      if (item.what.case === 'drop') await this.#sendDrop(order, item.what.value.body);
      if (item.what.case === 'message') await this.#sendMessage(order, item.what.value);
      if (item.what.case === 'announcing') await this.#announce(order, item.what.value);
    } catch (thrown) {
      if (!isPostageRefusal(thrown)) throw thrown;
      await this.#payAnew(order, thrown);
    }
  }

  /** Spent by a later life of this vault, or of a week that is over: others pay. Or the relay lies, so not at once each time. */
  async #payAnew(order: number, refusal: RelayRefusal): Promise<void> {
    const { replacements } = this.#device;
    while (replacements.wait() > 0 && !this.#stopped) await this.#pause(replacements.wait(), { firm: true });
    if (this.#stopped) return;
    this.#device.replaced(`item ${order}`);
    takeRelayWeek(this.#device, refusal);
    await this.#device.change(async (draft) => setPostage(draft, order, new Uint8Array(0)));
  }

  /** Refused so often that others go first. It is tried again, with long pauses: nobody else can send it. */
  #isStubborn(order: number): boolean {
    return (this.#tries.get(order) ?? 0) >= TRIES;
  }

  async #sendDrop(order: number, body: Uint8Array): Promise<void> {
    const postage = await this.#pay(order, recordCost(body.length));
    const posted = this.#device.relay.post({ mailbox: DROP_MAILBOX, kind: 'drop', slot: 0 as Slot, body, signature: undefined, postage });
    await orDuplicate(posted);
    this.#device.paidFor(`item ${order}`);
    this.#tries.delete(order);
    await this.#device.change(async (draft) => draft.outbox.delete(order));
  }

  async #sendMessage(order: number, message: OutboxItem_Message): Promise<void> {
    // Not before the log was read: from an older copy of the vault it would be sealed with a key that is used up.
    if (message.sealed === undefined) await this.#device.read();
    const room = this.#device.rooms.get(hex(message.mailbox));
    if (room !== undefined && !room.opened) await this.#openRoom(room.id);
    const sealed = message.sealed ?? (await this.#seal(order, message));
    if (sealed === undefined) return;
    const postage = await this.#pay(order, recordCost(sealed.body.length));
    // Looked up after sealing: a room that was replanted meanwhile has another mailbox.
    const mailbox = this.#device.rooms.get(hex(message.mailbox))?.mailbox;
    if (mailbox === undefined) return;
    try {
      const place = await orDuplicate(this.#device.relay.post({
        mailbox, kind: 'post', slot: Number(sealed.slot) as Slot,
        body: sealed.body, signature: sealed.signature as Signature, postage,
      }));
      await this.#acknowledge(order, sealed, place.seq);
    } catch (thrown) {
      if (!isStale(thrown)) throw thrown;
      // The log says why: it shows the commit that ended the slot, or our own body before it.
      const isUnexplained = (): boolean => {
        const still = this.#device.outbox.get(order);
        return still?.what.case === 'message' && still.what.value.sealed?.body === sealed.body;
      };
      await this.#log.follow(() => !isUnexplained());
      if (isUnexplained()) throw thrown;
    }
  }

  async #announce(order: number, { sealed: kept, board }: OutboxItem_Announcing): Promise<void> {
    const device = this.#device;
    if (kept === undefined) await device.read();
    const sealed = kept ?? (await sealAnnouncing(device, order));
    if (sealed === undefined) return;
    const postage = await this.#pay(order, recordCost(sealed.body.length));
    const slot = Number(sealed.slot) as Slot;
    try {
      const { seq } = await orDuplicate(device.relay.post({ mailbox: board as MailboxId, kind: 'post', slot, body: sealed.body, signature: sealed.signature as Signature, postage }));
      device.paidFor(`item ${order}`);
      await device.change(async (draft) => updateAnnouncing(draft, order, { acknowledgedSeq: BigInt(seq) }));
    } catch (thrown) {
      if (!isStale(thrown)) throw thrown;
      // Another era has begun: it is sealed for that one.
      await this.#log.follow(() => device.boards.get(hex(board))?.era !== sealed.slot);
      if (device.boards.get(hex(board))?.era === sealed.slot) throw thrown;
      await device.change(async (draft) => unsealAnnouncing(draft, order));
    }
  }

  async #acknowledge(order: number, sealed: OutboxItem_Sealed, seq: number): Promise<void> {
    this.#tries.delete(order);
    this.#device.paidFor(`item ${order}`);
    await this.#device.change(async (draft) => {
      const { what } = draft.outbox.get(order) ?? { what: undefined };
      // Gone if the log was quicker than the reply; changed if a commit came between.
      if (what?.case !== 'message' || what.value.sealed?.body !== sealed.body) return;
      updateMessage(draft, order, { acknowledgedSeq: BigInt(seq) });
      const id = messageIdOf(what.value);
      countOwn(draft, hex(what.value.mailbox), { epoch: Number(sealed.slot), nth: sealed.nth, content: contentOf(what.value), seq });
      if (id !== undefined) draft.afterwards(() => draft.device.waiting.delivered(id, seq));
    });
  }

  /** Encrypts for the present slot; room state, body and what pays for it become durable together, before anything leaves. */
  #seal(order: number, message: OutboxItem_Message): Promise<OutboxItem_Sealed | undefined> {
    return paying(this.#device, async (draft) => {
      const state = draft.rooms.get(hex(message.mailbox));
      const item = draft.outbox.get(order);
      if (item?.what.case !== 'message') return undefined;
      if (state === undefined || !state.room.active) {
        fail(draft, order, message, 'room-inactive');
        return undefined;
      }
      if (isTooLate(item.what.value, this.#device.now())) {
        draft.outbox.delete(order);
        return undefined;
      }
      if (isHeld(state)) return undefined;
      const { mls, hub } = this.#device;
      const { content, nth } = stand(draft, state, item.what.value.content);
      const { body, next } = await mls.encrypt(state.room, content);
      const slot = state.room.epoch as Slot;
      const key = await mls.postKey(state.room);
      const signature = key.sign(postMessage({ hub, mailbox: state.mailbox, slot, kind: Kind.POST, bodyHash: sha256(body) }));
      const sealed = create(OutboxItem_SealedSchema, { body, slot: BigInt(slot), signature, nth });
      draft.rooms.set(state.id, { ...state, room: next });
      updateMessage(draft, order, { sealed, postage: payFor(draft, recordCost(body.length), item.what.value.postage) });
      return sealed;
    });
  }

  /** The tokens an item was given, durable before it leaves; the same at every try. */
  async #pay(order: number, cost: number): Promise<Uint8Array> {
    const kept = this.#device.outbox.get(order)?.what.value?.postage ?? new Uint8Array(0);
    if (kept.length === cost * TOKEN_BYTES) return kept;
    return paying(this.#device, async (draft) => {
      const postage = payFor(draft, cost, kept);
      setPostage(draft, order, postage);
      return postage;
    });
  }

  /**
   * Only a refusal counts as a try; the network, the device's own disk and a lock are none of the message's doing.
   * @returns true once the item no longer stands in the way
   */
  async #gaveUp(order: number, thrown: unknown): Promise<boolean> {
    const { code } = asSessionFailure(thrown);
    if (code === 'no-postage' && this.#device.replacements.wait() === 0) this.#tellWaiting(order);
    if (isPassing(thrown) || code === 'device-full' || code === 'device-storage' || code === 'locked') return false;
    const tries = (this.#tries.get(order) ?? 0) + 1;
    this.#tries.set(order, tries);
    // Nobody else can send a drop, and what is announced on a board waits until it may.
    if (this.#device.outbox.get(order)?.what.case !== 'message') return false;
    try {
      // A stale body is encrypted anew. Any other stays as it is: it may be in the log, refused or not.
      if (tries < TRIES) await this.#device.change(async (draft) => (isStale(thrown) ? unseal(draft, order) : undefined));
      else await this.#device.change(async (draft) => this.#abandon(draft, order));
      return tries >= TRIES;
    } catch {
      return false; // the device could not write it down; it comes to this again
    }
  }

  /** It stays and leaves by itself once there is postage; whoever waits for it now need not wait so long. */
  #tellWaiting(order: number): void {
    const item = this.#device.outbox.get(order);
    const id = item?.what.case === 'message' ? messageIdOf(item.what.value) : undefined;
    if (id !== undefined) this.#device.waiting.failed(id, 'no-postage');
  }

  #abandon(draft: Draft, order: number): void {
    const item = draft.outbox.get(order);
    if (item?.what.case === 'message') fail(draft, order, item.what.value, 'relay-refused');
    draft.afterwards(() => this.#tries.delete(order));
  }

  #pause(ms: number, options?: { firm: boolean }): Promise<void> {
    const over = this.#pauses.wait(ms, options);
    this.#tellPaused();
    return over;
  }
}
