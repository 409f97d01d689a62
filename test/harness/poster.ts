/**
 * A poster over HTTP: one connection kept open, one request after the other, each written whole. As little of a client as
 * there can be, because `pgbench` beside it is little too.
 */
import { type Socket, connect } from 'node:net';

export class Poster {
  readonly #socket: Socket;
  #came = '';
  #isLast = false;
  #answered: ((status: number) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('close', () => this.#answered?.(0));
  }

  static async to(origin: string): Promise<Poster> {
    const { hostname, port } = new URL(origin);
    const socket = connect(Number(port), hostname);
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    socket.on('error', () => undefined);
    return new Poster(socket);
  }

  /** The bytes of a whole request. */
  static request(origin: string, path: string, body: Uint8Array): Buffer {
    const head = `POST ${path} HTTP/1.1\r\nhost: ${new URL(origin).host}\r\ncontent-type: application/x-protobuf\r\ncontent-length: ${body.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), body]);
  }

  /** @returns the status; 0 when the connection is gone */
  post(request: Buffer): Promise<number> {
    return new Promise((resolve) => {
      this.#answered = resolve;
      if (this.#socket.destroyed) resolve(0);
      else this.#socket.write(request);
    });
  }

  /** False once the other side has said that it will close, or has. */
  get isOpen(): boolean {
    return !this.#isLast && !this.#socket.destroyed;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#came += chunk.toString('latin1');
    const end = this.#came.indexOf('\r\n\r\n');
    if (end < 0) return;
    const whole = end + 4 + Number(/\r\ncontent-length: (\d+)/i.exec(this.#came)?.[1] ?? 0);
    if (this.#came.length < whole) return;
    this.#isLast = /\r\nconnection: close/i.test(this.#came.slice(0, end));
    const status = Number(this.#came.slice(9, 12));
    this.#came = this.#came.slice(whole);
    const answered = this.#answered;
    this.#answered = undefined;
    answered?.(status);
  }
}
