/**
 * The process with all the readers, of both sides alike. Every socket of a side gets the same frames in the same order,
 * so a frame is decoded once, for the first socket it reaches, and compared for every other.
 */
import { fromBinary } from '@bufbuild/protobuf';
import WebSocket from 'ws';
import { TailEventSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { quantile } from '../measure.ts';
import { clock, type ReaderAnswer, type ReaderCommand } from './wire.ts';

interface Frame {
  readonly bytes: Buffer;
  readonly records: number;
}

class Side {
  readonly sockets: WebSocket[] = [];
  #expected = 0;
  #frames: Frame[] = [];
  #arrivals: Float64Array[] = [];
  #complete = 0;
  #whole: (() => void) | undefined;

  async open(url: string, hello: Buffer | undefined, count: number): Promise<void> {
    // In small groups: the kernel's queue for new connections holds 511.
    while (this.sockets.length < count) {
      const group = Array.from({ length: Math.min(100, count - this.sockets.length) }, () => this.#openOne(url, hello));
      this.sockets.push(...(await Promise.all(group)));
    }
  }

  #openOne(url: string, hello: Buffer | undefined): Promise<WebSocket> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, { perMessageDeflate: false });
      socket.once('error', reject);
      socket.once('open', () => {
        if (hello === undefined) return resolve(this.#listen(socket));
        socket.once('message', () => resolve(this.#listen(socket)));
        socket.send(hello);
      });
    });
  }

  #listen(socket: WebSocket): WebSocket {
    socket.on('close', () => {
      if (this.#whole !== undefined) throw new Error('a reader was cut off');
    });
    return socket;
  }

  /** @returns what resolves when every socket has `records` records */
  expect(records: number): Promise<void> {
    this.#expected = records;
    this.#frames = [];
    this.#complete = 0;
    this.#arrivals = this.sockets.map(() => new Float64Array(records));
    this.sockets.forEach((socket, index) => {
      let frame = 0;
      let at = 0;
      socket.removeAllListeners('message');
      socket.on('message', (data: Buffer) => {
        const now = clock();
        const arrivals = this.#arrivals[index] as Float64Array;
        const end = at + this.#recordsIn(frame, data);
        frame += 1;
        while (at < end) arrivals[at++] = now;
        if (at === this.#expected) this.#oneComplete();
      });
    });
    return new Promise((resolve) => {
      this.#whole = resolve;
    });
  }

  #recordsIn(number: number, bytes: Buffer): number {
    const known = this.#frames[number];
    if (known !== undefined) {
      if (!known.bytes.equals(bytes)) throw new Error('two readers were sent different frames');
      return known.records;
    }
    const { event } = fromBinary(TailEventSchema, bytes);
    const records = event.case === 'batch' ? event.value.records.length : 0;
    this.#frames.push({ bytes: Buffer.from(bytes), records });
    return records;
  }

  #oneComplete(): void {
    this.#complete += 1;
    if (this.#complete < this.sockets.length) return;
    this.#whole?.();
    this.#whole = undefined;
  }

  reckon(sentAt: readonly number[]): ReaderAnswer {
    const latencies = new Float64Array(this.#arrivals.length * sentAt.length);
    let lastAt = 0;
    let i = 0;
    for (const arrivals of this.#arrivals) {
      for (const [index, at] of arrivals.entries()) {
        latencies[i++] = at - (sentAt[index] as number);
        lastAt = Math.max(lastAt, at);
      }
    }
    return { done: 'reckon', lastAt, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), deliveries: latencies.length };
  }

  close(): void {
    for (const socket of this.sockets.splice(0)) socket.terminate();
  }
}

const sides = new Map<string, Side>();
const sideOf = (name: string): Side => {
  const side = sides.get(name) ?? new Side();
  sides.set(name, side);
  return side;
};
const answer = (message: ReaderAnswer): void => void process.send?.(message);

process.on('message', (message) => {
  const command = message as ReaderCommand;
  const side = sideOf(command.side);
  switch (command.do) {
    case 'open':
      void side.open(command.url, command.hello === undefined ? undefined : Buffer.from(command.hello, 'base64'), command.sockets).then(() => answer({ done: 'open' }));
      break;
    case 'expect': {
      // The first answer says that the readers are ready, the second that everything came.
      const whole = side.expect(command.records);
      answer({ done: 'expect' });
      void whole.then(() => answer({ done: 'expect' }));
      break;
    }
    case 'reckon':
      answer(side.reckon(command.sentAt));
      break;
    case 'close':
      side.close();
      answer({ done: 'close' });
  }
});
process.on('disconnect', () => process.exit());
