/** Records as they stand in pages and batches, encoded field by field so that a page can be streamed. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { StoredRecord } from './stored-record.ts';

/** Writes `record` as one element of the repeated field `field`: thicket.relay.v1.Record. */
export function writeRecord(writer: BinaryWriter, field: number, record: StoredRecord): BinaryWriter {
  return writer
    .tag(field, WireType.LengthDelimited)
    .fork()
    .tag(1, WireType.Varint).uint64(record.seq)
    .tag(2, WireType.LengthDelimited).bytes(record.mailbox)
    .tag(3, WireType.Varint).int32(record.kind)
    .tag(4, WireType.Varint).uint64(record.slot)
    .tag(5, WireType.LengthDelimited).bytes(record.body)
    .join();
}

/** One writer's bytes as a Buffer, without copying. */
export function finished(writer: BinaryWriter): Buffer {
  const bytes = writer.finish();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
