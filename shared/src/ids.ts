/**
 * Ids, keys and days as types that cannot be mixed. A brand is only ever given by the parser beside it, so a value
 * of the type has been checked once, at the border, and never needs checking again.
 */
declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** 16 random bytes: where a room or board posts its records. */
export type MailboxId = Branded<Uint8Array, 'MailboxId'>;
/** 16 bytes: SHA-256 of the hub's root key, cut. */
export type HubId = Branded<Uint8Array, 'HubId'>;
/** 16 random bytes: a device's pseudonym towards the relay. */
export type PassId = Branded<Uint8Array, 'PassId'>;
/** 16 random bytes: a pool of key packages. */
export type PoolId = Branded<Uint8Array, 'PoolId'>;
/** 16 bytes derived from an invitation's secret. */
export type RendezvousId = Branded<Uint8Array, 'RendezvousId'>;
/** Ed25519 verify key of a mailbox's slot, 32 bytes. */
export type PostVerifyKey = Branded<Uint8Array, 'PostVerifyKey'>;
/** Ed25519 signature, 64 bytes. */
export type Signature = Branded<Uint8Array, 'Signature'>;
/** A 32-byte bearer secret: of a pass, a pool's owner, a side of a rendezvous, a founding link. */
export type Secret32 = Branded<Uint8Array, 'Secret32'>;
/** Position of a record in its shard, from 1. Kept as number: 2^53 records are out of reach. */
export type Seq = Branded<number, 'Seq'>;
/** A mailbox's epoch counter as the relay sees it, from 0. */
export type Slot = Branded<number, 'Slot'>;
/** Index of a shard, from 0. */
export type ShardIndex = Branded<number, 'ShardIndex'>;
/** Days since 1970-01-01 UTC: the finest time the relay writes down. */
export type Day = Branded<number, 'Day'>;

const bytesOf = <T>(length: number) => (bytes: Uint8Array): T | undefined =>
  bytes.length === length ? (bytes as unknown as T) : undefined;

export const mailboxId = bytesOf<MailboxId>(16);
export const hubId = bytesOf<HubId>(16);
export const passId = bytesOf<PassId>(16);
export const poolId = bytesOf<PoolId>(16);
export const rendezvousId = bytesOf<RendezvousId>(16);
export const postVerifyKey = bytesOf<PostVerifyKey>(32);
export const signature = bytesOf<Signature>(64);
export const secret32 = bytesOf<Secret32>(32);

const counterFrom = <T>(lowest: number) => (value: number | bigint): T | undefined => {
  const number = Number(value);
  return Number.isSafeInteger(number) && number >= lowest ? (number as unknown as T) : undefined;
};

export const seq = counterFrom<Seq>(1);
export const slot = counterFrom<Slot>(0);
export const shardIndex = counterFrom<ShardIndex>(0);

/** Weeks since Monday 1969-12-29 UTC: how long postage is good for. */
export type Week = Branded<number, 'Week'>;
/** 32 random bytes: a blob. Whoever knows it may read it; the relay keeps only its hash. */
export type BlobId = Branded<Uint8Array, 'BlobId'>;
export const blobId = bytesOf<BlobId>(32);
export const week = counterFrom<Week>(0);

export const DAY_MS = 86_400_000;
/** The UTC day that holds `ms` (milliseconds since 1970). */
export const dayOf = (ms: number): Day => Math.floor(ms / DAY_MS) as Day;

/** The week that holds a day; weeks begin on Monday, and 1970-01-01 was a Thursday. */
export const weekOf = (day: Day): Week => Math.floor((day + 3) / 7) as Week;
/** The first day of a week. */
export const firstDayOf = (week: Week): Day => (week * 7 - 3) as Day;

/** The shard a mailbox falls in: the top bits of its id. `shards` is a power of two, at most 256. */
export const shardOf = (mailbox: MailboxId, shards: number): ShardIndex =>
  ((mailbox[0] as number) >>> (8 - Math.log2(shards))) as ShardIndex;
