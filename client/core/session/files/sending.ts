/**
 * Sending a file: chunk after chunk, each as it is read, so that no file is ever whole in memory. How far it is stands in
 * the vault before a chunk leaves; the relay tells how far it got. After a cut the two are compared, and everything that
 * has left, arrived or not, is read once more: only if it is still the same file does the sending go on, else it begins anew.
 */
import { blobId, secret32, type BlobId, type Secret32 } from '#shared/ids.ts';
import { RelayRefusal } from '#shared/errors.ts';
import { chunkCost, SINGLE_COST } from '#shared/postage.ts';
import { equalBytes, hex } from '#shared/sodium.ts';
import { SessionFailure, type FileSource, type MessageId, type OutgoingFile, type RoomId } from '../api.ts';
import type { Device } from '../device.ts';
import { isOwnRoom, ownHistory } from '../devices/own-room.ts';
import { enqueueContent } from '../newcoming.ts';
import { paid } from '../paying.ts';
import { writable } from '../talk/writing.ts';
import { emptyDigest, nextDigest, pieceOf, sealPiece, spanOf, type Layout } from './format.ts';
import { forgetBytes, isWorthKeeping, MOST_KEPT, type KeptFiles } from './kept.ts';
import type { Transfer } from './transfers.ts';
import { allUploads, dropUpload, findUnfinished, newUpload, saidOf, storeUpload, surroundingsOf, withoutWords, type Upload } from './uploads.ts';

/** So often a relay may lose what it had acknowledged before it is left alone. */
const BEGINNINGS = 3;
const NO_POSTAGE = new Uint8Array(0);

/** The relay has another beginning of it, none, or the file was changed: not to be gone on with. */
class Anew extends Error {}

/** What a device's sendings share. */
export interface Shared {
  /** Blobs in hexadecimal with the transfer that sends them: two files of one name and size are two files. */
  readonly underWay: UnderWay;
  readonly kept: KeptFiles;
}

/** What is being sent just now, by blob in hexadecimal. */
export class UnderWay extends Map<string, Transfer | undefined> {
  add(blob: string): void {
    this.set(blob, undefined);
  }
}

export class Sending {
  readonly #device: Device;
  readonly #transfer: Transfer;
  readonly #source: FileSource;
  readonly #layout: Layout;
  readonly #shared: Shared;

  constructor(device: Device, transfer: Transfer, source: FileSource, layout: Layout, shared: Shared) {
    this.#device = device;
    this.#transfer = transfer;
    this.#source = source;
    this.#layout = layout;
    this.#shared = shared;
  }

  /** @param begun one that was interrupted, to go on with */
  async run(room: RoomId, about: OutgoingFile, begun?: Upload): Promise<MessageId> {
    const { underWay } = this.#shared;
    const file = { name: saidOf(about).name, size: this.#layout.size };
    let upload = begun ?? (await findUnfinished(this.#device, room, file, underWay)) ?? (await this.#begin(room, about));
    for (let beginnings = 1; ; beginnings += 1) {
      underWay.set(hex(upload.file.blob), this.#transfer);
      this.#device.emit({ changed: 'files-under-way', room });
      try {
        return await this.#announce(room, await this.#sendAll(upload), about);
      } catch (thrown) {
        underWay.delete(hex(upload.file.blob));
        const isOver = !(thrown instanceof Anew);
        const isForGood = thrown instanceof SessionFailure && ['cancelled', 'room-inactive', 'unknown-room', 'not-allowed'].includes(thrown.code);
        if (isOver && !isForGood) throw thrown;
        await this.#discard(upload);
        if (isOver) throw thrown;
        if (beginnings === BEGINNINGS) throw new SessionFailure('relay-refused');
        upload = await this.#begin(room, about);
      } finally {
        underWay.delete(hex(upload.file.blob));
        this.#device.emit({ changed: 'files-under-way', room });
      }
    }
  }

  async #begin(room: RoomId, about: OutgoingFile): Promise<Upload> {
    const upload = newUpload(this.#device, room, about, this.#layout.size);
    this.#shared.underWay.add(hex(upload.file.blob));
    const kept = about.keep === true && (await this.#keep(upload));
    const stored = { ...upload, kept };
    await this.#store(stored);
    return stored;
  }

  /** @returns whether it goes on from here without whoever gave it. A disk that is full keeps nobody from sending. */
  async #keep(upload: Upload): Promise<boolean> {
    if (this.#layout.size > MOST_KEPT) return false;
    const unfinished = (await allUploads(this.#device)).filter(({ message, kept }) => kept && message.length === 0);
    try {
      await this.#shared.kept.put(upload.file.blob, this.#source, new Set(unfinished.map(({ file }) => hex(file.blob))));
      return true;
    } catch {
      return false;
    }
  }

  /** Resolves with the upload when the relay has every chunk. @throws Anew */
  async #sendAll(begun: Upload): Promise<Upload> {
    let upload = begun;
    let received = await this.#received(upload);
    upload = await this.#goOn(upload, received);
    while (received < this.#layout.pieces) {
      this.#transfer.mustGoOn();
      this.#transfer.tell(spanOf(this.#layout, received).from);
      const piece = await this.#piece(received);
      upload = { ...upload, sent: received + 1, digest: nextDigest(upload.digest, piece) };
      await this.#store(upload);
      const now = await this.#write(upload, received, sealPiece(upload.file.key, this.#layout, received, piece));
      if (now !== received + 1) throw new Anew();
      received = now;
    }
    this.#transfer.tell(this.#layout.size);
    return upload;
  }

  /** Sent anew after a lost reply it would be other bytes; so the relay is asked what it has. */
  async #write(upload: Upload, index: number, chunk: Uint8Array): Promise<number> {
    const { blob, ownerSecret } = partsOf(upload);
    let isFirst = true;
    return this.#transfer.patiently(async () => {
      if (!isFirst) {
        const received = await this.#received(upload);
        if (received !== index) return received;
      }
      isFirst = false;
      try {
        const write = (postage: Uint8Array) => this.#device.relay.writeChunk({ blob, ownerSecret, index, chunk, postage });
        const cost = chunkCost(index);
        return (await (cost === 0 ? write(NO_POSTAGE) : paid(this.#device, `chunk ${hex(blob)} ${index}`, cost, write))).received;
      } catch (thrown) {
        if (isCode(thrown, 'unknown-blob')) throw new Anew();
        // A copy whose reply was lost came first: of the same piece, or goOn() would not have let us come here.
        if (isCode(thrown, 'wrong-chunk')) return this.#received(upload);
        throw thrown;
      }
    });
  }

  async #received(upload: Upload): Promise<number> {
    const { blob, ownerSecret } = partsOf(upload);
    try {
      return (await this.#transfer.patiently(() => this.#open({ blob, ownerSecret, size: this.#layout.sealed }))).received;
    } catch (thrown) {
      if (isCode(thrown, 'blob-exists')) throw new Anew();
      throw thrown;
    }
  }

  /** Announcing it costs a token; asking how far it has come costs nothing, so that is tried first. */
  async #open(request: { blob: BlobId; ownerSecret: Secret32; size: number }): Promise<{ received: number }> {
    const open = (postage: Uint8Array) => this.#device.relay.openBlob({ ...request, postage });
    try {
      return await open(NO_POSTAGE);
    } catch (thrown) {
      if (!isCode(thrown, 'no-postage')) throw thrown;
      return paid(this.#device, `blob ${hex(request.blob)}`, SINGLE_COST, open);
    }
  }

  /** What has left must be what the source still says: it may yet arrive. @returns the upload as it was after `received` chunks */
  async #goOn(upload: Upload, received: number): Promise<Upload> {
    if (received !== upload.sent && received !== upload.sent - 1) throw new Anew();
    let digest = emptyDigest();
    let arrived = digest;
    for (let index = 0; index < upload.sent; index += 1) {
      this.#transfer.mustGoOn();
      digest = nextDigest(digest, await this.#piece(index));
      if (index + 1 === received) arrived = digest;
    }
    if (!equalBytes(digest, upload.digest)) throw new Anew();
    return { ...upload, sent: received, digest: arrived };
  }

  async #piece(index: number): Promise<Uint8Array> {
    const { from, to } = spanOf(this.#layout, index);
    try {
      const content = to > from ? new Uint8Array(await this.#source.slice(from, to).arrayBuffer()) : NO_POSTAGE;
      if (content.length !== to - from) throw new RangeError('the file became shorter');
      return pieceOf(this.#layout, index, content);
    } catch (cause) {
      throw new SessionFailure('file-unreadable', { cause });
    }
  }

  /** The message and the end of the upload become durable together. */
  #announce(room: RoomId, upload: Upload, about: OutgoingFile): Promise<MessageId> {
    return this.#device.change(async (draft) => {
      const state = writable(draft, room);
      const { caption, preview, sound, album } = saidOf(about);
      const file = { ...upload.file, caption, album, digest: upload.digest, ...(preview && { preview }), ...(sound && { sound }) };
      const { thread } = about;
      const message = isOwnRoom(state) ? enqueueContent(draft, state, ownHistory(file)) : enqueueContent(draft, state, { case: 'file', value: file }, surroundingsOf(about));
      storeUpload(draft, { ...upload, file: withoutWords(file), message });
      if (upload.kept && !isWorthKeeping(file)) forgetBytes(draft, file);
      draft.emit({ changed: 'timeline', room, ...(thread && { thread: thread.id }) });
      return hex(message);
    });
  }

  #store(upload: Upload): Promise<void> {
    return this.#device.change(async (draft) => storeUpload(draft, upload));
  }

  /** What the relay has of it would be gone after its days anyway. */
  async #discard(upload: Upload): Promise<void> {
    await this.#device.relay.deleteBlob(partsOf(upload)).catch(() => undefined);
    await this.#device.change(async (draft) => {
      dropUpload(draft, upload);
      forgetBytes(draft, upload.file);
    });
  }
}

export function partsOf({ file, ownerSecret }: Upload): { blob: BlobId; ownerSecret: Secret32 } {
  const parts = { blob: blobId(file.blob), ownerSecret: secret32(ownerSecret) };
  if (parts.blob === undefined || parts.ownerSecret === undefined) throw new SessionFailure('vault-damaged');
  return parts as { blob: BlobId; ownerSecret: Secret32 };
}

const isCode = (thrown: unknown, code: RelayRefusal['code']): boolean => thrown instanceof RelayRefusal && thrown.code === code;
