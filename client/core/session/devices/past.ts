/**
 * What one device holds of the past goes to another one of the same person: an archive, sealed as a file, told of in the room
 * of one's own devices. Its caption is the key of the device it is for; the others pass it over.
 */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { randomBytes } from '#shared/sodium.ts';
import { FileSchema, type File } from '../../content/gen/thicket/content/v1/content_pb.ts';
import type { VaultKey } from '../../vault/port.ts';
import { SessionFailure, type DeviceId, type FileSource, type TransferId } from '../api.ts';
import type { Device } from '../device.ts';
import type { Files } from '../files/files.ts';
import { layoutOf } from '../files/format.ts';
import { saveTo } from '../files/saving.ts';
import { Transfers } from '../files/transfers.ts';
import { ownRoomOf } from './own-room.ts';
import { PENDING } from './own-history.ts';

/** By which the arrival of the past can be followed. */
export const ARRIVING: TransferId = 'history';
const KEY_BYTES = 32;
const KEY: VaultKey = { ...PENDING };

export class Past {
  readonly #device: Device;
  readonly #files: () => Promise<Files>;
  readonly #transfers: Transfers;
  #taking = false;

  constructor(device: Device, files: () => Promise<Files>) {
    this.#device = device;
    this.#files = files;
    this.#transfers = new Transfers(device);
  }

  /** Resolves when the relay has it. @throws SessionFailure `unknown-device` | `not-yet` */
  async send(to: DeviceId, transfer?: TransferId): Promise<void> {
    const known = this.#device.devices.get(to);
    if (known === undefined || known.removed || to === this.#device.deviceId) throw new SessionFailure('unknown-device');
    const room = ownRoomOf(this.#device.rooms.values());
    if (room === undefined) throw new SessionFailure('not-yet');
    const { writeHistory } = await import('../archive/history.ts');
    const key = randomBytes(KEY_BYTES);
    const parts: BlobPart[] = [copyOf(key)];
    await writeHistory(this.#device, async (bytes) => void parts.push(copyOf(bytes)), key);
    const files = await this.#files();
    await files.send(room.id, new Blob(parts), { name: 'history', type: 'application/octet-stream', caption: to, ...(transfer !== undefined && { transfer }) });
  }

  /** Takes in what has come for this device; again after a crash, until it is here. */
  async take(): Promise<void> {
    if (this.#taking) return;
    this.#taking = true;
    try {
      const stored = await this.#device.vault.get(KEY);
      if (stored !== undefined) await this.#takeIn(fromBinary(FileSchema, stored));
    } finally {
      this.#taking = false;
    }
  }

  async #takeIn(file: File): Promise<void> {
    try {
      const archive = await this.#fetch(file);
      const key = new Uint8Array(await archive.slice(0, KEY_BYTES).arrayBuffer());
      const { takeHistory } = await import('../archive/history.ts');
      await takeHistory(this.#device, beyond(archive, KEY_BYTES), key, (done, total) => this.#tell(total + done, 2 * total));
      await this.#forget(file);
    } catch (thrown) {
      // What can never be read is not tried again at every start.
      if (thrown instanceof SessionFailure && thrown.code.startsWith('archive-')) await this.#forget(file);
      else if (thrown instanceof SessionFailure && (thrown.code === 'file-gone' || thrown.code === 'file-damaged')) await this.#forget(file);
      else throw thrown;
    }
  }

  async #fetch(file: File): Promise<Blob> {
    const layout = layoutOf(Number(file.size));
    if (layout === undefined) throw new SessionFailure('file-damaged');
    const parts: BlobPart[] = [];
    const sink = {
      size: async () => 0,
      read: async () => new Uint8Array(0),
      write: async (from: number, bytes: Uint8Array) => {
        if (from === 0) parts.length = 0;
        parts.push(copyOf(bytes));
        this.#tell(from + bytes.length, 2 * layout.size);
      },
    };
    await this.#transfers.run(undefined, layout.size, (transfer) => saveTo(sink, file, { relay: this.#device.relay, layout, transfer }));
    return new Blob(parts);
  }

  #tell(done: number, total: number): void {
    this.#device.emit({ changed: 'transfer', transfer: ARRIVING, done, total });
  }

  #forget(file: File): Promise<void> {
    return this.#device.change(async (draft) => {
      const now = await draft.device.vault.get(KEY);
      // Another one may have come meanwhile.
      if (now !== undefined && toBinary(FileSchema, file).length === now.length) draft.also({ delete: KEY });
      draft.emit({ changed: 'devices' });
      draft.afterwards(() => this.#tell(1, 1));
    });
  }
}

const beyond = (source: FileSource, from: number): FileSource =>
  ({ size: source.size - from, slice: (start, end) => source.slice(from + start, from + end) });

const copyOf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
