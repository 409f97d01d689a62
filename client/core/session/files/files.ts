/** Files in rooms: sending, saving, withdrawing. Loaded when the first one is sent or saved. */
import { RelayRefusal } from '#shared/errors.ts';
import { hex } from '#shared/sodium.ts';
import type { File } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { SessionFailure, type FileSink, type FileSource, type FileUnderWay, type MessageId, type MessagePlace, type OutgoingFile, type RoomId, type TransferId } from '../api.ts';
import type { Device } from '../device.ts';
import { findFile, findFiles } from './finding.ts';
import { layoutOf } from './format.ts';
import { forgetBytes, isWorthKeeping, KeptFiles } from './kept.ts';
import { saveTo } from './saving.ts';
import { Sending, UnderWay, partsOf } from './sending.ts';
import { Transfers } from './transfers.ts';
import { writable } from '../talk/writing.ts';
import { dropUpload, findSent, unfinishedUploads, wordsOf } from './uploads.ts';

export class Files {
  readonly #device: Device;
  readonly #transfers: Transfers;
  readonly #underWay = new UnderWay();
  readonly #kept: KeptFiles;

  constructor(device: Device) {
    this.#device = device;
    this.#transfers = new Transfers(device);
    this.#kept = new KeptFiles(device);
  }

  /** @throws SessionFailure `unknown-room` | `room-inactive` | `not-allowed` | `file-too-large` | `file-unreadable` | `cancelled` */
  async send(room: RoomId, source: FileSource, about: OutgoingFile): Promise<MessageId> {
    writable({ rooms: this.#device.rooms, device: this.#device }, room);
    const layout = layoutOf(source.size);
    if (layout === undefined) throw new SessionFailure('file-too-large');
    return this.#transfers.run(about.transfer, source.size, (transfer) => new Sending(this.#device, transfer, source, layout, this.#shared).run(room, about));
  }

  /** After a restart: what lies here whole is sent on. What the device cannot send for now waits as it does for anything. */
  async goOn(): Promise<void> {
    for (const upload of await unfinishedUploads(this.#device)) {
      const blob = hex(upload.file.blob);
      const layout = layoutOf(Number(upload.file.size));
      if (!upload.kept || layout === undefined || this.#underWay.has(blob)) continue;
      this.#underWay.add(blob);
      const source = this.#kept.source(upload.file.blob, layout);
      void this.#transfers
        .run(blob, layout.size, (transfer) => new Sending(this.#device, transfer, source, layout, this.#shared).run(hex(upload.room), wordsOf(upload), upload))
        .catch(() => undefined);
    }
  }

  async underWay(room: RoomId): Promise<readonly FileUnderWay[]> {
    return (await unfinishedUploads(this.#device)).filter((upload) => hex(upload.room) === room).map((upload) => {
      const { file } = upload;
      const blob = hex(file.blob);
      const transfer = this.#underWay.get(blob);
      const { name, type, caption = '', preview, sound, album, thread } = wordsOf(upload);
      return { transfer: transfer?.id ?? blob, name, type, size: Number(file.size), caption, preview, sound, album, thread, done: transfer?.done ?? 0, lost: !this.#underWay.has(blob) };
    });
  }

  /** @throws SessionFailure `unknown-file`, and what saveTo() throws */
  async save(room: RoomId, message: MessageId | MessagePlace, sink: FileSink, transferId?: TransferId): Promise<void> {
    await this.#saveOf(await findFile(this.#device, room, message), sink, transferId);
  }

  /** The bytes have no type: whoever shows them decides what they are. @throws as save() */
  async fetch(room: RoomId, message: MessageId | MessagePlace, transferId?: TransferId): Promise<Blob> {
    return this.fetchOf(await findFile(this.#device, room, message), transferId);
  }

  /** The same of a file that is not a message's. */
  async fetchOf(file: File | undefined, transferId?: TransferId): Promise<Blob> {
    const here = file && (await this.#kept.read(file));
    if (here !== undefined) return here;
    const parts: BlobPart[] = [];
    await this.#saveOf(file, {
      size: async () => 0,
      read: async () => new Uint8Array(0),
      write: async (from, bytes) => void (from === 0 ? parts.splice(0, parts.length, copyOf(bytes)) : parts.push(copyOf(bytes))),
    }, transferId);
    const fetched = new Blob(parts);
    if (file !== undefined && isWorthKeeping(file)) await this.#keep(file, fetched);
    return fetched;
  }

  async #saveOf(file: File | undefined, sink: FileSink, transferId?: TransferId): Promise<void> {
    const layout = file && layoutOf(Number(file.size));
    if (file === undefined || layout === undefined) throw new SessionFailure('unknown-file');
    await this.#transfers.run(transferId, layout.size, (transfer) => saveTo(sink, file, { relay: this.#device.relay, layout, transfer }));
  }

  async isHere(room: RoomId, message: MessageId | MessagePlace): Promise<boolean> {
    const file = await findFile(this.#device, room, message);
    return file !== undefined && (await this.#kept.has(file.blob));
  }

  /** @throws SessionFailure `unknown-file` for one that this device did not send, or that is gone already */
  async withdraw(room: RoomId, message: MessageId): Promise<void> {
    const upload = await findSent(this.#device, room, message);
    if (upload === undefined) throw new SessionFailure('unknown-file');
    await this.#deleteAtRelay(upload);
  }

  /** One that is not under way any more is forgotten here and there. */
  async cancel(transfer: TransferId): Promise<void> {
    if (this.#transfers.cancel(transfer)) return;
    const upload = (await unfinishedUploads(this.#device)).find(({ file }) => hex(file.blob) === transfer);
    if (upload === undefined) return;
    await this.#deleteAtRelay(upload).catch(() => this.#forget(upload));
    this.#device.emit({ changed: 'files-under-way', room: hex(upload.room) });
  }

  stop(): void {
    this.#transfers.end();
  }

  /** Handed out with the rest of what is loaded late. */
  readonly find = findFiles;

  get #shared() {
    return { underWay: this.#underWay, kept: this.#kept };
  }

  /** A disk that is full, or a device that locks just now, only means that it will be fetched again. */
  async #keep(file: File, bytes: Blob): Promise<void> {
    await this.#kept.put(file.blob, bytes).catch(() => undefined);
  }

  async #deleteAtRelay(upload: Parameters<typeof partsOf>[0]): Promise<void> {
    try {
      await this.#device.relay.deleteBlob(partsOf(upload));
    } catch (thrown) {
      if (!(thrown instanceof RelayRefusal && thrown.code === 'unknown-blob')) throw thrown;
    }
    await this.#forget(upload);
  }

  #forget(upload: Parameters<typeof dropUpload>[1]): Promise<void> {
    return this.#device.change(async (draft) => {
      dropUpload(draft, upload);
      forgetBytes(draft, upload.file);
    });
  }
}

/** What is given to a Blob must not be a view of something that lives on. */
const copyOf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);
