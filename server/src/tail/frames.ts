/** The bytes of a tail socket: protobuf events inside WebSocket frames (RFC 6455 section 5.2). */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { TailEventSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { ShardIndex } from '#shared/ids.ts';
import { MiB } from '#shared/limits.ts';
import { encode } from '../http/protobuf.ts';
import type { StoredRecord } from '../log/stored-record.ts';
import { finished, writeRecord } from '../log/record-codec.ts';
import { runsOf } from '../log/runs.ts';

/** Bodies in one frame; a larger body has a frame of its own. */
const FRAME_BYTES = MiB;

const BATCH_FIELD = 2;
const SHARD_FIELD = 1;
const RECORDS_FIELD = 2;

/** One whole frame: final, binary, not masked (a server's never is), so the same bytes serve every socket. */
export function frame(payload: Buffer): Buffer {
  const { length } = payload;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = 0x82;
  if (length < 126) {
    header[1] = length;
  } else if (length < 65_536) {
    header[1] = 126;
    header.writeUInt16BE(length, 2);
  } else {
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([header, payload]);
}

export const eventFrame = (event: MessageInitShape<typeof TailEventSchema>['event'] & object): Buffer =>
  frame(encode(TailEventSchema, { event }));

/** TailEvent.batch frames of the records, in order. */
export function batchFrames(shard: ShardIndex, records: readonly StoredRecord[]): Buffer[] {
  const sizes = records.map(({ seq, body }) => ({ seq, size: body.length }));
  return runsOf(sizes, FRAME_BYTES).map(({ first, last }) => {
    const writer = new BinaryWriter().tag(BATCH_FIELD, WireType.LengthDelimited).fork().tag(SHARD_FIELD, WireType.Varint).uint32(shard);
    for (const record of records) if (record.seq >= first && record.seq <= last) writeRecord(writer, RECORDS_FIELD, record);
    return frame(finished(writer.join()));
  });
}
