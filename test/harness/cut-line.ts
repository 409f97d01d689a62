/** A line of TCP between people and a relay that is cut at a byte a test chooses. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CutLine {
  /** http://127.0.0.1:port of this end. */
  readonly origin: string;
  /** Bytes carried so far towards the relay and back. */
  readonly carried: { up: number; down: number };
  /** At this byte in this direction: every connection ends, and `then` happens. */
  cutAt(direction: 'up' | 'down', byte: number, then?: () => void): void;
  close(): Promise<void>;
}

export async function cutLine(relayPort: () => number): Promise<CutLine> {
  const sockets = new Set<Socket>();
  const carried = { up: 0, down: 0 };
  const cuts: Record<'up' | 'down', { byte: number; then: () => void } | undefined> = { up: undefined, down: undefined };

  const carry = (direction: 'up' | 'down', from: Socket, to: Socket): void => {
    from.on('data', (bytes: Buffer) => {
      const cut = cuts[direction];
      const left = cut === undefined ? bytes.length : cut.byte - carried[direction];
      carried[direction] += Math.min(bytes.length, left);
      if (cut === undefined || left > bytes.length) {
        if (!to.write(bytes)) from.pause();
        return;
      }
      // The last bytes before the cut still arrive.
      cuts[direction] = undefined;
      to.write(bytes.subarray(0, left), () => sockets.forEach((socket) => socket.destroy()));
      from.pause();
      cut.then();
    });
    to.on('drain', () => from.resume());
    from.on('end', () => to.end());
    from.on('close', () => to.destroy());
    from.on('error', () => to.destroy());
    sockets.add(from.once('close', () => sockets.delete(from)));
  };

  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: relayPort(), host: '127.0.0.1', allowHalfOpen: true });
    carry('up', near, far);
    carry('down', far, near);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    carried,
    cutAt: (direction, byte, then = () => undefined) => void (cuts[direction] = { byte, then }),
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((done) => server.close(done));
    },
  };
}
