/** The process with the readers, and what both sides are asked alike. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { create, toBinary } from '@bufbuild/protobuf';
import { Kind, TailEventSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { ReaderAnswer, ReaderCommand, Server } from './wire.ts';

/** What the relay sends for one record, so that the bare side sends the same bytes. */
export const eventOf = (mailbox: Uint8Array, body: Uint8Array, index: number): Uint8Array =>
  toBinary(TailEventSchema, create(TailEventSchema, {
    event: { case: 'batch', value: { shard: 0, records: [{ seq: BigInt(index + 1), mailbox, kind: Kind.POST, slot: 0n, body }] } },
  }));

export interface Measured {
  readonly seconds: number;
  readonly deliveries: number;
  readonly p50: number;
  readonly p99: number;
}

export class Readers {
  readonly #child: ChildProcess = fork(fileURLToPath(new URL('readers.ts', import.meta.url)), { execArgv: ['--conditions=thicket-source'] });
  readonly #waiting: ((answer: ReaderAnswer) => void)[] = [];

  constructor() {
    this.#child.on('message', (answer) => this.#waiting.shift()?.(answer as ReaderAnswer));
    this.#child.once('exit', (code) => {
      if (code !== null && code !== 0) throw new Error(`the readers ended with ${code}`);
    });
  }

  #answer(): Promise<ReaderAnswer> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
  #tell(command: ReaderCommand): Promise<ReaderAnswer> {
    this.#child.send(command);
    return this.#answer();
  }

  async open({ url, hello }: Server, side: string, sockets: number): Promise<void> {
    await this.#tell({ do: 'open', side, url, hello: hello === undefined ? undefined : Buffer.from(hello).toString('base64'), sockets });
  }
  async close(side: string): Promise<void> {
    await this.#tell({ do: 'close', side });
  }

  async measure(side: string, records: number, post: (sentAt: number[]) => Promise<void>): Promise<Measured> {
    await this.#tell({ do: 'expect', side, records });
    const whole = this.#answer();
    const sentAt: number[] = [];
    await post(sentAt);
    await whole;
    // Posts that were on their way together may have taken places in another order; the sockets see the log's.
    sentAt.sort((a, b) => a - b);
    const answer = await this.#tell({ do: 'reckon', side, sentAt });
    if (answer.done !== 'reckon') throw new Error('answers out of order');
    return { ...answer, seconds: (answer.lastAt - (sentAt[0] as number)) / 1000 };
  }

  stop(): void {
    this.#child.removeAllListeners('exit');
    this.#child.kill();
  }
}

/**
 * Bytes of resident memory for one idle socket: what is left once garbage is collected, or the collector's moods would be measured.
 * Some are opened and closed first, so that what is made once is not counted.
 */
export async function idleBytes(server: Server, readers: Readers, sockets: number): Promise<number> {
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2000));
  await readers.open(server, 'idle', 200);
  await readers.close('idle');
  await settle();
  const before = await server.held();
  await readers.open(server, 'idle', sockets);
  await settle();
  const after = await server.held();
  await readers.close('idle');
  await settle();
  return ((after.residentKiB - before.residentKiB) * 1024) / sockets;
}
