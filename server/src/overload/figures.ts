/** How much the relay takes on, for one connection and for all of them. docs/protocol/relay.md says the same in words. */
import { KiB, MiB } from '#shared/limits.ts';

/** What an operator can set: how large a machine the relay may fill. */
export interface Bounds {
  /** Connections that carry requests, besides the tail sockets. */
  readonly connections: number;
  /** Open tail sockets. */
  readonly tailSockets: number;
  /** Of one pass, which needs one of them; the oldest gives way to a new one. */
  readonly tailsOfAPass: number;
  /** Bytes of request bodies held at once, and as many of pages on their way out. */
  readonly requestBytes: number;
  /** Bytes that wait for slow readers of the tail. */
  readonly tailBytes: number;
}

export const BOUNDS = Symbol('Bounds');

export const DEFAULT_BOUNDS: Bounds = { connections: 4_096, tailSockets: 12_000, tailsOfAPass: 32, requestBytes: 256 * MiB, tailBytes: 256 * MiB };

/** A steady rate, and how much may come at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export const REQUESTS = {
  /** Of one connection; a proxy puts many people's requests on one. */
  rate: { perSecond: 500, burst: 1_000 } satisfies Rate,
  /** Of one connection, sent without waiting for replies. */
  runningPerConnection: 64,
  /** Of all connections. */
  running: 4_096,
  /** Answers with status 400, 401 or 403 after which a connection is closed. */
  strikes: 8,
  headerBytes: 8 * KiB,
  /** Milliseconds for the headers of a request, and for a connection that sends nothing. */
  headerMs: 10_000,
} as const;

/** The slowest network worth waiting for, the same as a device's: so many milliseconds, and the time its bytes take at this rate. */
export const PACE = { graceMs: 20_000, bytesPerSecond: 4 * KiB } as const;
/** Milliseconds a reader of a page may take nothing at all. */
export const STALLED_MS = 30_000;

/** Posts whose signature or token is none, and connections that are turned away while too many of those come. */
export const FLOOD = {
  /** So many a second go on for ever without consequences, beyond the connection of each: less than a tenth of one processor. */
  forgivenPerSecond: 100,
  /** How many on top of that begin a flood, and how few end it. */
  closesAt: 200,
  opensAt: 100,
  /** More are not remembered: so a flood is over five seconds after it has ended. */
  hottest: 600,
  /** Of so many new connections one is let in meanwhile. */
  oneOf: 32,
  lookEveryMs: 100,
} as const;

export const TAIL = {
  /** Handshakes of all sockets together. */
  handshakes: { perSecond: 500, burst: 2_000 } satisfies Rate,
  /** Sockets that are not opened yet; the oldest gives way to a new one. */
  unopened: 1_024,
  /** Frames of one socket; one of more than 4 KiB counts for each 4 KiB. */
  frames: { perSecond: 20, burst: 100 } satisfies Rate,
  /** Frames of all sockets that are not opened yet. */
  unopenedFrames: { perSecond: 5_000, burst: 10_000 } satisfies Rate,
  /** Shards asked for, on average over all the sockets there may be. */
  subscriptionsPerSocket: 16,
} as const;

/** Milliseconds for what was taken before the relay was asked to stop, and of silence after which nobody is expected any more. */
export const DRAIN = { longestMs: 15_000, quietMs: 250 } as const;
