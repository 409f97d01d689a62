/** Files in rooms: sending, saving, withdrawing. Loaded when the first one is sent or saved. */
import type { File } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { cleanFileName, cleanFileType } from '../../domain/files.ts';
import { RelayRefusal } from '#shared/errors.ts';
import { hex } from '#shared/sodium.ts';
import { SessionFailure, type FileSink, type FileSource, type MessageId, type RoomId, type TransferId } from '../api.ts';
import type { Device } from '../device.ts';
import { readHistory } from '../history.ts';
import { layoutOf } from './format.ts';
import { saveTo } from './saving.ts';
import { Sending, partsOf } from './sending.ts';
import { Transfers } from './transfers.ts';
import { dropUpload, findSent } from './uploads.ts';

/** How far back a message is looked for. */
const LOOK_BACK = 4096;

export class Files {
  readonly #device: Device;
  readonly #transfers: Transfers;
  readonly #underWay = new Set<string>();

  constructor(device: Device) {
    this.#device = device;
    this.#transfers = new Transfers(device);
  }

  /** @throws SessionFailure `unknown-room` | `room-inactive` | `file-too-large` | `file-unreadable` | `cancelled` */
  async send(room: RoomId, source: FileSource, about: { name: string; type: string; transfer?: TransferId }): Promise<MessageId> {
    const state = this.#device.rooms.get(room);
    if (state === undefined) throw new SessionFailure('unknown-room');
    if (!state.room.active) throw new SessionFailure('room-inactive');
    const layout = layoutOf(source.size);
    if (layout === undefined) throw new SessionFailure('file-too-large');
    const file = { name: cleanFileName(about.name), type: cleanFileType(about.type), size: source.size };
    return this.#transfers.run(about.transfer, source.size, (transfer) => new Sending(this.#device, transfer, source, layout, this.#underWay).run(room, file));
  }

  /** @throws SessionFailure `unknown-file`, and what saveTo() throws */
  async save(room: RoomId, message: MessageId, sink: FileSink, transferId?: TransferId): Promise<void> {
    const file = await this.#fileOf(room, message);
    const layout = file && layoutOf(Number(file.size));
    if (file === undefined || layout === undefined) throw new SessionFailure('unknown-file');
    await this.#transfers.run(transferId, layout.size, (transfer) => saveTo(sink, file, { relay: this.#device.relay, layout, transfer }));
  }

  /** The bytes have no type: whoever shows them decides what they are. @throws as save() */
  async fetch(room: RoomId, message: MessageId, transferId?: TransferId): Promise<Blob> {
    const parts: BlobPart[] = [];
    await this.save(room, message, {
      size: async () => 0,
      read: async () => new Uint8Array(0),
      write: async (from, bytes) => void (from === 0 ? parts.splice(0, parts.length, copyOf(bytes)) : parts.push(copyOf(bytes))),
    }, transferId);
    return new Blob(parts);
  }

  /** @throws SessionFailure `unknown-file` for one that this device did not send, or that is gone already */
  async withdraw(room: RoomId, message: MessageId): Promise<void> {
    const upload = await findSent(this.#device, room, message);
    if (upload === undefined) throw new SessionFailure('unknown-file');
    try {
      await this.#device.relay.deleteBlob(partsOf(upload));
    } catch (thrown) {
      if (!(thrown instanceof RelayRefusal && thrown.code === 'unknown-blob')) throw thrown;
    }
    await this.#device.change(async (draft) => dropUpload(draft, upload));
  }

  cancel(transfer: TransferId): void {
    this.#transfers.cancel(transfer);
  }

  stop(): void {
    this.#transfers.end();
  }

  async #fileOf(room: RoomId, message: MessageId): Promise<File | undefined> {
    for (const { item } of await readHistory(this.#device.vault, room, { newestFirst: true, limit: LOOK_BACK })) {
      if (item.case === 'message' && hex(item.value.id) === message && item.value.file !== undefined) return item.value.file;
    }
    return (await findSent(this.#device, room, message))?.file;
  }
}

/** What is given to a Blob must not be a view of something that lives on. */
const copyOf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);
