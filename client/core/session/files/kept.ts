/**
 * Bytes of files in the vault, sealed like everything there: of pictures and sounds that were shown, so that they stay when
 * the hub has let go of them, and of what is still being sent, so that it goes on after a restart. The ones used last stay
 * within a budget. The list of them is written before the bytes: what a crash left half is listed, and found to be half.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { File } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { KeptFilesSchema, type KeptFiles_Kept } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { hex } from '#shared/sodium.ts';
import type { VaultChange } from '../../vault/port.ts';
import type { FileSource } from '../api.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { layoutOf, spanOf, type Layout } from './format.ts';

const MiB = 1024 * 1024;
/** Bytes of all of them. */
const BUDGET = 256 * MiB;
/** Bytes of one. */
export const MOST_KEPT = 16 * MiB;
const LIST = { collection: 'settings', scope: 'kept-files', order: 0 } as const;

/** Small enough, and something that is looked at or listened to again. */
export const isWorthKeeping = (file: File): boolean =>
  Number(file.size) <= MOST_KEPT && (file.sound !== undefined || /^(?:image|audio)\//.test(file.type) || file.preview?.durationMs === 0);

export class KeptFiles {
  readonly #device: Device;
  /** The one used last first. */
  #list: KeptFiles_Kept[] | undefined;

  constructor(device: Device) {
    this.#device = device;
  }

  /** @param pinned blobs in hexadecimal that must stay, whatever the budget says */
  async put(blob: Uint8Array, source: FileSource, pinned: ReadonlySet<string> = new Set()): Promise<void> {
    const layout = layoutOf(source.size);
    if (layout === undefined) return;
    await this.#enlist(blob, layout.size, pinned);
    for (let index = 0; index < layout.pieces; index += 1) {
      const { from, to } = spanOf(layout, index);
      if (to === from) break;
      const value = new Uint8Array(await source.slice(from, to).arrayBuffer());
      await this.#device.change(async (draft) => draft.also({ put: { collection: 'files', scope: hex(blob), order: index }, value }));
    }
  }

  /** Undefined unless all of it is here. */
  async read(file: File): Promise<Blob | undefined> {
    const layout = layoutOf(Number(file.size));
    if (layout === undefined || !(await this.has(file.blob))) return undefined;
    const parts: BlobPart[] = [];
    for (let index = 0; index < layout.pieces; index += 1) {
      const { from, to } = spanOf(layout, index);
      if (to === from) break;
      const part = await this.#piece(file.blob, index);
      if (part?.length !== to - from) return undefined;
      parts.push(Uint8Array.from(part));
    }
    this.#use(file.blob);
    return new Blob(parts);
  }

  /** The same as something to send from, a piece at a time. */
  source(blob: Uint8Array, layout: Layout): FileSource {
    const at = async (from: number, to: number): Promise<ArrayBuffer> => {
      const index = Array.from({ length: layout.pieces }, (_, each) => each).find((each) => spanOf(layout, each).from === from && spanOf(layout, each).to === to);
      const part = index === undefined ? undefined : await this.#piece(blob, index);
      if (part === undefined) throw new RangeError('no such piece');
      return Uint8Array.from(part).buffer;
    };
    return { size: layout.size, slice: (from, to) => ({ arrayBuffer: () => at(from, to) }) };
  }

  async #piece(blob: Uint8Array, order: number): Promise<Uint8Array | undefined> {
    return this.#device.vault.get({ collection: 'files', scope: hex(blob), order });
  }

  async #load(): Promise<KeptFiles_Kept[]> {
    if (this.#list === undefined) {
      const stored = await this.#device.vault.get(LIST);
      this.#list ??= stored === undefined ? [] : fromBinary(KeptFilesSchema, stored).files;
    }
    return this.#list;
  }

  async has(blob: Uint8Array): Promise<boolean> {
    const wanted = hex(blob);
    return (await this.#load()).some((kept) => hex(kept.blob) === wanted);
  }

  /** Noted in memory; the next one that comes in writes it down. */
  #use(blob: Uint8Array): void {
    const list = this.#list ?? [];
    const at = list.findIndex((kept) => hex(kept.blob) === hex(blob));
    if (at > 0) list.unshift(...list.splice(at, 1));
  }

  async #enlist(blob: Uint8Array, size: number, pinned: ReadonlySet<string>): Promise<void> {
    const others = (await this.#load()).filter((kept) => hex(kept.blob) !== hex(blob));
    const stay: KeptFiles_Kept[] = [];
    const gone: VaultChange[] = [];
    let total = size;
    for (const kept of others) {
      const isOver = total + Number(kept.size) > BUDGET && !pinned.has(hex(kept.blob));
      if (isOver) gone.push(bytesGone(kept.blob));
      else {
        stay.push(kept);
        total += Number(kept.size);
      }
    }
    const list = [{ blob, size: BigInt(size) } as KeptFiles_Kept, ...stay];
    const value = toBinary(KeptFilesSchema, create(KeptFilesSchema, { files: list.map(({ blob: id, size: bytes }) => ({ blob: id, size: bytes })) }));
    await this.#device.change(async (draft) => [...gone, { put: LIST, value }].forEach((change) => draft.also(change)));
    this.#list = list;
  }
}

const bytesGone = (blob: Uint8Array): VaultChange => ({ deleteScope: { collection: 'files', scope: hex(blob) } });

/** For whatever makes a message disappear: no bytes of its file stay on this device. */
export const forgetBytes = (draft: Draft, file: File | undefined): void => {
  if (file !== undefined) draft.also(bytesGone(file.blob));
};
