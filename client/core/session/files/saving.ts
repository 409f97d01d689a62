/**
 * Saving a file: chunk after chunk, each opened before it is written. What an earlier try left is hashed where it lies and
 * not fetched again. Only the digest of the whole says that this is what the sender sent: whoever has the key could seal
 * other pieces, and a relay could hand them out.
 */
import { blobId, type BlobId } from '#shared/ids.ts';
import { RelayRefusal } from '#shared/errors.ts';
import { equalBytes } from '#shared/sodium.ts';
import type { File } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { SessionFailure, type FileSink } from '../api.ts';
import type { Relay } from '../../relay/port.ts';
import { contentOf, emptyDigest, nextDigest, openPiece, pieceOf, spanOf, type Layout } from './format.ts';
import type { Transfer } from './transfers.ts';

/** @throws SessionFailure `file-gone` | `file-damaged` | `file-unwritable` | `cancelled` | `locked` */
export async function saveTo(sink: FileSink, file: File, { relay, layout, transfer }: { relay: Relay; layout: Layout; transfer: Transfer }): Promise<void> {
  const blob = blobId(file.blob);
  if (blob === undefined) throw new SessionFailure('unknown-file');
  let { index, digest } = await resumed(sink, layout, transfer);
  for (; index < layout.pieces; index += 1) {
    const { from } = spanOf(layout, index);
    transfer.tell(from);
    const piece = openPiece(file.key, layout, index, await fetchChunk(relay, blob, index, { layout, transfer }));
    const content = piece && contentOf(layout, index, piece);
    if (piece === undefined || content === undefined) throw new SessionFailure('file-damaged');
    digest = nextDigest(digest, piece);
    if (content.length > 0) await writing(() => sink.write(from, content));
  }
  if (!equalBytes(digest, file.digest)) {
    await writing(() => sink.write(0, new Uint8Array(0)));
    throw new SessionFailure('file-damaged');
  }
  transfer.tell(layout.size);
}

/** Whole pieces that are there already, and their digest. */
async function resumed(sink: FileSink, layout: Layout, transfer: Transfer): Promise<{ index: number; digest: Uint8Array }> {
  const there = await writing(() => sink.size());
  let digest = emptyDigest();
  let index = 0;
  // The last piece is always fetched: padding alone leaves nothing in the sink to go by.
  for (; index < layout.pieces - 1; index += 1) {
    const { from, to } = spanOf(layout, index);
    if (to > there || to === from) break;
    transfer.mustGoOn();
    digest = nextDigest(digest, pieceOf(layout, index, await writing(() => sink.read(from, to - from))));
  }
  return { index, digest };
}

async function fetchChunk(relay: Relay, blob: BlobId, index: number, { layout, transfer }: { layout: Layout; transfer: Transfer }): Promise<Uint8Array> {
  try {
    const { chunk, size } = await transfer.patiently(() => relay.readChunk(blob, index));
    if (size !== layout.sealed) throw new SessionFailure('file-damaged');
    return chunk;
  } catch (thrown) {
    if (thrown instanceof RelayRefusal && thrown.code === 'unknown-blob') throw new SessionFailure('file-gone');
    throw thrown;
  }
}

async function writing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw cause instanceof SessionFailure ? cause : new SessionFailure('file-unwritable', { cause });
  }
}
