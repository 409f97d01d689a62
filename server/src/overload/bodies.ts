/**
 * The bodies of requests while they arrive and until they are answered: never more than so many bytes of all of them
 * together. Who sends too slowly is cut; where memory runs short, the slowest first.
 */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { RelayRefusal } from '#shared/errors.ts';
import { PACE } from './figures.ts';

interface Body {
  bytes: number;
  /** Milliseconds of the monotonic clock. */
  readonly since: number;
  /** Undefined once it has arrived: then it is worked on, and no longer cut. */
  cut: ((refusal: RelayRefusal) => void) | undefined;
}

/** Younger ones have no rate to speak of, in milliseconds. */
const TOO_YOUNG = 2_000;

export class Bodies {
  private readonly most: number;
  private readonly held = new Map<IncomingMessage, Body>();
  private bytes = 0;

  /** @param most bytes */
  constructor(most: number) {
    this.most = most;
  }

  /**
   * Reads all of a body, whose memory counts until `forget`.
   * @param limit bytes. @throws RelayRefusal too-large; too-many: it came too slowly, or there was no room for it
   */
  read(request: IncomingMessage, payload: Readable, limit: number): Promise<Buffer> {
    if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.reject(new RelayRefusal('too-large'));
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const body: Body = { bytes: 0, since: performance.now(), cut: undefined };
      const finish = (settle: () => void): void => {
        body.cut = undefined;
        payload.off('data', take).off('end', end).off('error', fail).off('close', fail);
        settle();
      };
      const take = (chunk: Buffer): void => {
        if (body.bytes + chunk.length > limit) return body.cut?.(new RelayRefusal('too-large'));
        if (!this.makeRoom(chunk.length)) return body.cut?.(new RelayRefusal('too-many'));
        // Making room may have meant this very body.
        if (body.cut === undefined) return;
        body.bytes += chunk.length;
        this.bytes += chunk.length;
        chunks.push(chunk);
      };
      const end = (): void => finish(() => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
      const fail = (): void => finish(() => reject(new RelayRefusal('malformed')));
      body.cut = (refusal) => finish(() => {
        payload.pause();
        chunks.length = 0;
        this.forget(request);
        reject(refusal);
      });
      this.held.set(request, body);
      payload.on('data', take).on('end', end).on('error', fail).on('close', fail);
    });
  }

  /** The request is answered, or its sender gone. */
  forget(request: IncomingMessage): void {
    this.bytes -= this.held.get(request)?.bytes ?? 0;
    this.held.delete(request);
  }

  /** To be called every few seconds. */
  cutSlow(now = performance.now()): void {
    for (const { cut, since, bytes } of [...this.held.values()]) {
      if (now - since > PACE.graceMs + (bytes / PACE.bytesPerSecond) * 1000) cut?.(new RelayRefusal('too-many'));
    }
  }

  private makeRoom(bytes: number): boolean {
    while (this.bytes + bytes > this.most) {
      const slowest = this.slowest(performance.now());
      if (slowest === undefined) return false;
      slowest.cut?.(new RelayRefusal('too-many'));
    }
    return true;
  }

  private slowest(now: number): Body | undefined {
    let found: Body | undefined;
    const rate = (body: Body): number => body.bytes / (now - body.since);
    for (const body of this.held.values()) {
      if (body.cut === undefined || body.bytes === 0 || now - body.since < TOO_YOUNG) continue;
      if (found === undefined || rate(body) < rate(found)) found = body;
    }
    return found;
  }
}
