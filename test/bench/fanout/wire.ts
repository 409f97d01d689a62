/** What the processes of the fan-out say to each other (over the pipe that joins a process with its child). */

import type { Held } from '../../harness/heap.ts';

/** The same bytes go to both sides' sockets: a TailEvent with one record whose body is the smallest post's. */
export interface Server {
  readonly url: string;
  /** What the process holds once its garbage is collected. */
  held(): Promise<Held>;
  /** What a reader sends first; undefined for the bare server, which asks for nothing. */
  readonly hello: Uint8Array | undefined;
  /** Sends record `index` on its way; resolves when the server has it (and, for the relay, has it on disk). */
  post(index: number): Promise<void>;
  stop(): Promise<void>;
}

export type ReaderCommand =
  | { readonly do: 'open'; readonly side: string; readonly url: string; readonly hello: string | undefined; readonly sockets: number }
  /** Forget what came, and tell when every socket got `records` more. */
  | { readonly do: 'expect'; readonly side: string; readonly records: number }
  /** When each record was sent: milliseconds of the machine's monotonic clock. */
  | { readonly do: 'reckon'; readonly side: string; readonly sentAt: readonly number[] }
  | { readonly do: 'close'; readonly side: string };

/** One answer to each command, in order. */
export type ReaderAnswer =
  | { readonly done: 'open' | 'expect' | 'close' }
  | { readonly done: 'reckon'; readonly lastAt: number; readonly p50: number; readonly p99: number; readonly deliveries: number };

/** The machine's monotonic clock, the same in every process, in milliseconds. */
export const clock = (): number => Number(process.hrtime.bigint()) / 1e6;
