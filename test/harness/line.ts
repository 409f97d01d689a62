/** A device's line to the relay, which a test can cut and mend. Cut, every call fails the way a dead network fails. */
import { createRelay } from '#core/relay/http.ts';
import { type Relay, RelayUnreachable, type Tail, type TailListener } from '#core/relay/port.ts';

export class Line {
  /** The slot of every room message brought to the relay, newest last. */
  readonly postedSlots: number[] = [];
  readonly #tails = new Set<CutTail>();
  #cut = false;

  cut(): void {
    this.#cut = true;
    for (const tail of this.#tails) tail.pause();
  }

  mend(): void {
    this.#cut = false;
    for (const tail of this.#tails) tail.resume();
  }

  get isCut(): boolean {
    return this.#cut;
  }

  readonly relayAt = (origin: string): Relay => {
    const relay = createRelay(origin);
    const through = <Args extends unknown[], Reply>(call: (...args: Args) => Promise<Reply>) => async (...args: Args): Promise<Reply> => {
      if (this.#cut) throw new RelayUnreachable();
      const reply = await call(...args);
      // The request arrived; the answer was lost.
      if (this.#cut) throw new RelayUnreachable();
      return reply;
    };
    return {
      hello: through(relay.hello),
      found: through(relay.found),
      drawTokens: through(relay.drawTokens),
      registerPass: through(relay.registerPass),
      openMailbox: through(relay.openMailbox),
      post: through(async (request) => {
        // Noted before the reply, which the tail may overtake.
        if (request.kind === 'post') this.postedSlots.push(request.slot);
        return relay.post(request);
      }),
      commit: through(relay.commit),
      fillPool: through(relay.fillPool),
      takePackage: through(relay.takePackage),
      openRendezvous: through(relay.openRendezvous),
      claimRendezvous: through(relay.claimRendezvous),
      answerRendezvous: through(relay.answerRendezvous),
      readRendezvous: through(relay.readRendezvous),
      openBlob: through(relay.openBlob),
      writeChunk: through(relay.writeChunk),
      readChunk: through(relay.readChunk),
      deleteBlob: through(relay.deleteBlob),
      readPage: through(relay.readPage),
      postThrough: relay.postThrough,
      helloThrough: through(relay.helloThrough),
      close: () => relay.close?.(),
      tail: (pass, shards, listener) => {
        const tail: CutTail = new CutTail((heard) => relay.tail(pass, shards, heard), listener, () => this.#tails.delete(tail));
        this.#tails.add(tail);
        if (this.#cut) listener.closed(new RelayUnreachable());
        else tail.resume();
        return tail;
      },
    };
  };
}

/** A tail that is taken away and given back with the line. */
class CutTail implements Tail {
  readonly #open: (listener: TailListener) => Tail;
  readonly #listener: TailListener;
  readonly #gone: () => void;
  #inner: Tail | undefined;

  constructor(open: (listener: TailListener) => Tail, listener: TailListener, gone: () => void) {
    this.#open = open;
    this.#listener = listener;
    this.#gone = gone;
  }

  pause(): void {
    if (this.#inner === undefined) return;
    this.#inner.close();
    this.#inner = undefined;
    this.#listener.closed(new RelayUnreachable());
  }
  resume(): void {
    this.#inner ??= this.#open(this.#listener);
  }
  nudge(): void {
    this.#inner?.nudge();
  }
  close(): void {
    this.#gone();
    this.#inner?.close();
    this.#inner = undefined;
  }
}
