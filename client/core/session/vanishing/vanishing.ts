/**
 * Takes out of this device what is due, when it is due, and before anything is shown after a start: the message, what was
 * said about it, the thread under it, the places it was kept at, and what the index knows of it, in one transaction.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { RoomContentSchema } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredVanishingSchema, type OutboxItem_Message } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { decode } from '../../domain/parsing.ts';
import { sameBytes } from '../../domain/signing.ts';
import { hex } from '#shared/sodium.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { placeOf } from '../history.ts';
import { messageIdOf, updateMessage } from '../outbox-state.ts';
import { forgetFile } from '../rooms/forgetting.ts';
import { dropDraft } from '../talk/begun.ts';
import { countMessage, NONE, setThreadCount, worthOf } from '../talk/counting.ts';
import { forgetAround } from '../talk/remarks.ts';
import { threadScope } from '../talk/scopes.ts';
import { readNotes, tellChanged, type Target } from '../talk/targets.ts';
import { unsentIn } from '../talk/unsent.ts';
import { forgetMessages } from '../unindexed.ts';
import { dueKey, dueOf, secondOf, type DuePlace } from './due.ts';
import { applyCeiling } from './ceiling.ts';

/** Entries of seconds that are taken out in one transaction; the next ones follow at once. */
const AT_ONCE = 500;
/** A clock that was set, or a device that slept, is noticed so soon. */
const LONGEST_WAIT_MS = 60_000;

export class Vanishing {
  readonly #device: Device;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(device: Device) {
    this.#device = device;
  }

  /** Everything that is due is gone when this resolves. */
  async begin(): Promise<void> {
    await this.#pass();
    await this.#setTimer();
  }

  /** Something was written down, or the clock may have moved. */
  look(): void {
    this.#again = true;
    if (this.#running !== undefined || this.#stopped) return;
    this.#running = this.#look().finally(() => { this.#running = undefined; });
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        await this.begin();
      } catch (thrown) {
        if (this.#device.closed || this.#stopped) return;
        // A disk that is full now may not be so in a while.
        this.#wait(LONGEST_WAIT_MS);
      }
    }
  }

  async #setTimer(): Promise<void> {
    clearTimeout(this.#timer);
    const next = await nextDue(this.#device);
    if (next !== undefined) this.#wait(Math.min(Math.max(next - this.#device.now(), 0), LONGEST_WAIT_MS));
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => this.look(), ms);
  }

  async #pass(): Promise<void> {
    if (this.#device.bulletin === undefined) return;
    await applyCeiling(this.#device);
    while (!this.#stopped && (await isAnyDue(this.#device))) await this.#device.change((draft) => removeDue(draft));
  }
}

async function nextDue(device: Device): Promise<number | undefined> {
  const [first] = await device.vault.range('vanishing', '', { limit: 1 });
  const queued = [...device.outbox.values()].flatMap(({ what }) => (what.case === 'message' ? dueInOutbox(device, what.value) : []));
  const all = [...(first === undefined ? [] : [first.order * 1000]), ...queued];
  return all.length === 0 ? undefined : Math.min(...all);
}

async function isAnyDue(device: Device): Promise<boolean> {
  const next = await nextDue(device);
  return next !== undefined && next <= device.now();
}

async function removeDue(draft: Draft): Promise<void> {
  const { vault } = draft.device;
  const now = draft.device.now();
  for (const { order, value } of await vault.range('vanishing', '', { to: Math.floor(now / 1000), limit: AT_ONCE })) {
    for (const { room, scope, place, root } of fromBinary(StoredVanishingSchema, value).places) {
      await removeMessage(draft, { room, scope, place: Number(place), root: Number(root) });
    }
    draft.entries.delete(dueKey(order));
  }
  for (const [order, { what }] of [...draft.outbox.entries()]) {
    if (what.case === 'message' && dueInOutbox(draft.device, what.value).some((due) => due <= now)) removeQueued(draft, order, what.value);
  }
}

async function removeMessage(draft: Draft, { room, scope, place, root }: DuePlace): Promise<void> {
  const message = await messageAt(draft, scope, place);
  if (message === undefined) return;
  const above = root === 0 ? undefined : await messageAt(draft, room, root);
  const target: Target = {
    room, scope, place, message,
    root: above && { room, scope: room, place: root, message: above, root: undefined },
  };
  const notes = await readNotes(draft, target);
  if (notes.thread !== undefined) {
    await removeThread(draft, target);
    setThreadCount(draft, room, notes.thread, NONE);
    draft.entries.delete({ collection: 'threads', scope: room, order: place });
    draft.emit({ changed: 'threads' });
  }
  draft.entries.delete({ collection: 'notes', scope, order: place });
  await draft.history.replace(scope, place, undefined);
  // Under a message that is gone already nothing is counted any more.
  if (scope === room || target.root !== undefined) await countMessage(draft, target, worthOf(draft.device, message), NONE);
  forgetFile(draft, message);
  forgetAround(draft, target);
  forgetQueuedEdits(draft, target);
  await forgetMessages(draft, scope, [place]);
  tellChanged(draft, target);
  draft.emit({ changed: 'rooms' });
}

/** It hangs on the message above: without that nobody comes to it any more, nor would whatever forgets the room find it. */
async function removeThread(draft: Draft, { room, place: root, message }: Target): Promise<void> {
  const scope = threadScope(room, message);
  for (const item of await draft.history.after(scope, 0)) {
    if (item.item.case === 'message') await removeMessage(draft, { room, scope, place: placeOf(item), root });
  }
  dropDraft(draft, scope);
}

async function messageAt(draft: Draft, scope: string, place: number): Promise<Target['message'] | undefined> {
  const found = await draft.history.at(scope, place);
  return found?.item.case === 'message' ? found.item.value : undefined;
}

// ---------------------------------------------------------------- what was never sent

/** Another text for a message that is gone would stay until its own time, or for good where nothing leaves. */
function forgetQueuedEdits(draft: Draft, { room, message }: Target): void {
  for (const { order, item, content } of unsentIn(draft.outbox.entries(), room)) {
    const { body } = content;
    if (body.case === 'edit' && body.value.of !== undefined && sameBytes(body.value.of.id, message.id) && sameBytes(body.value.of.sender, message.sender)) removeQueued(draft, order, item);
  }
}

/** @returns milliseconds since 1970, or none for what stays */
function dueInOutbox({ rooms, bulletin, now }: Device, message: OutboxItem_Message): number[] {
  const state = rooms.get(hex(message.mailbox));
  const content = decode(RoomContentSchema, message.content);
  if (state === undefined || bulletin === undefined || content === undefined) return [];
  if (content.body.case !== 'text' && content.body.case !== 'file' && content.body.case !== 'edit') return [];
  const due = dueOf({ constitution: bulletin, device: { now } }, state, content);
  return due === 0 ? [] : [secondOf(due) * 1000];
}

/** What may be in the log already stays as its sealed body, with nothing to read: should it come, it is known. */
function removeQueued(draft: Draft, order: number, message: OutboxItem_Message): void {
  const id = messageIdOf(message);
  const content = decode(RoomContentSchema, message.content);
  if (message.sealed !== undefined && content !== undefined) {
    const empty = create(RoomContentSchema, { id: content.id, sentAtMs: content.sentAtMs });
    updateMessage(draft, order, { content: toBinary(RoomContentSchema, empty) });
  } else {
    draft.outbox.delete(order);
    if (id !== undefined) draft.afterwards(() => draft.device.waiting.failed(id, 'relay-refused'));
  }
  draft.emit({ changed: 'timeline', room: hex(message.mailbox) });
}
