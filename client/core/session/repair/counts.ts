/** Which messages of each device of a room came, counted from the room's last commit, and which of our own left. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { StoredCountsSchema, type StoredCounts_Missing, type StoredCounts_Sent } from '../../content/gen/thicket/vault/v1/vault_pb.ts';

export type Missing = Omit<StoredCounts_Missing, '$typeName' | '$unknown'>;
export type Sent = Omit<StoredCounts_Sent, '$typeName' | '$unknown'>;

export interface Counts {
  readonly epoch: number;
  readonly own: number;
  /** By leaf. */
  readonly heard: ReadonlyMap<number, number>;
  /** Since some of the log expired unread: the leaves that were heard again. Undefined: nothing did. */
  readonly since: readonly number[] | undefined;
  readonly sent: readonly Sent[];
  readonly missing: readonly Missing[];
}

export const NOTHING_COUNTED: Counts = { epoch: 0, own: 0, heard: new Map(), since: undefined, sent: [], missing: [] };

/** The same of another epoch: there everybody counts from one. */
export const countsIn = (counts: Counts, epoch: number): Counts =>
  counts.epoch === epoch ? counts : { ...counts, epoch, own: 0, heard: new Map(), since: undefined };

export const encodeCounts = ({ epoch, own, heard, since, sent, missing }: Counts): Uint8Array =>
  toBinary(StoredCountsSchema, create(StoredCountsSchema, {
    epoch: BigInt(epoch), own, heard: Object.fromEntries(heard), expired: since !== undefined, since: [...(since ?? [])],
    sent: [...sent], missing: [...missing],
  }));

export function decodeCounts(bytes: Uint8Array): Counts {
  const { epoch, own, heard, expired, since, sent, missing } = fromBinary(StoredCountsSchema, bytes);
  return {
    epoch: Number(epoch), own, heard: new Map(Object.entries(heard).map(([leaf, nth]) => [Number(leaf), nth])),
    since: expired ? since : undefined, sent, missing,
  };
}
