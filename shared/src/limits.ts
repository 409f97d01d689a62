/** Every bound of the wire, in bytes and counts. The relay enforces them; the device never exceeds them. */
export const PROTOCOL_VERSION = 1;

export const KiB = 1024;
export const MiB = 1024 * KiB;

/** Sealed bodies come in these sizes only. A posted body is exactly one of them. */
export const POST_BODY_SIZES = [1 * KiB, 4 * KiB, 16 * KiB, 64 * KiB] as const;
/** Commits, notices and welcomes. */
export const HANDSHAKE_BODY_SIZES = [16 * KiB, 64 * KiB, 256 * KiB, 1 * MiB, 4 * MiB] as const;
/** What is sealed to one person's key: many of them come when many people answer. */
export const SEALED_DROP_SIZE = 4 * KiB;
/** Drops: such, and welcomes. */
export const DROP_BODY_SIZES = [SEALED_DROP_SIZE, ...HANDSHAKE_BODY_SIZES] as const;
/** Key packages as they wait in a pool, the last-resort one too. */
export const KEY_PACKAGE_SIZES = [4 * KiB, 8 * KiB, 16 * KiB] as const;
/** What a newcomer claims an invitation with, and what the inviter answers: a yes like a no, a long name like a short one. */
export const CLAIM_BODY_SIZES = [4 * KiB, 16 * KiB] as const;
export const ANSWER_BODY_SIZES = [16 * KiB, 64 * KiB, 256 * KiB] as const;

/** Records on a page of the log. */
export const PAGE_SIZE = 128;

export const LIMITS = {
  recordBody: 4 * MiB,
  /** Everything but records, commits and rendezvous answers. */
  smallRequest: 128 * KiB,
  recordRequest: 4 * MiB + 1 * KiB,
  poolRequest: 100 * 16 * KiB + 64 * KiB,
  keyPackage: 16 * KiB,
  packagesPerFill: 100,
  packagesPerPool: 200,
  claimBody: 16 * KiB,
  answerBody: 256 * KiB,
  tailRequest: 4 * KiB,
  shardsPerTail: 256,
  /** As many tokens as the dearest request costs. */
  postage: 64 * 100,
  tokensPerDraw: 100,
  blobChunk: 1 * MiB,
  blobFloor: 16 * KiB,
  /** Of everything sealed. */
  blob: 4 * 1024 * MiB,
  chunksPerToken: 4,
  /** A reader further behind than this, in bytes not yet taken by the network, is told to read pages instead. */
  tailBacklog: 8 * MiB,
} as const;

export const RETENTION_DAYS = { post: 14, commit: 45, drop: 45, notice: 45, keyPackage: 30, rendezvous: 3 } as const;
