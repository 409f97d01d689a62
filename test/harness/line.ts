/**
 * A device's line to the relay, which a test can cut and mend. Cut, every call fails the way a dead network fails. Shaken, it
 * loses a request or a reply now and then, and what the tail brings comes late, twice, in another order, or not at all.
 */
import { createRelay } from '#core/relay/http.ts';
import { type Relay, RelayUnreachable, type Tail, type TailListener } from '#core/relay/port.ts';
import type { Chance } from './chance.ts';

/** Of requests, of replies, and of what a tail brings. */
const LOSS = 0.03;

export class Line {
  /** The slot of every room message brought to the relay, newest last. */
  readonly postedSlots: number[] = [];
  /** Everything arrives at the relay, and no answer comes back. */
  losing: 'replies' | undefined;
  readonly #tails = new Set<CutTail>();
  #cut = false;
  #shaken: Chance | undefined;

  /** Loses, doubles and swaps from now on, by this chance; or no longer. */
  shake(chance: Chance | undefined): void {
    this.#shaken = chance;
  }

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

  #loses(): boolean {
    return this.#shaken !== undefined && this.#shaken.next() < LOSS;
  }

  readonly relayAt = (origin: string): Relay => {
    const relay = createRelay(origin);
    const through = <Args extends unknown[], Reply>(call: (...args: Args) => Promise<Reply>) => async (...args: Args): Promise<Reply> => {
      if (this.#cut || this.#loses()) throw new RelayUnreachable();
      const reply = await call(...args);
      // The request arrived; the answer was lost.
      if (this.#cut || this.losing === 'replies' || this.#loses()) throw new RelayUnreachable();
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
        const tail: CutTail = new CutTail((heard) => relay.tail(pass, shards, new ShakenListener(heard, () => this.#shaken)), listener, () => this.#tails.delete(tail));
        this.#tails.add(tail);
        if (this.#cut) listener.closed(new RelayUnreachable());
        else tail.resume();
        return tail;
      },
    };
  };
}

/** What a tail brings by way of a bad line. */
class ShakenListener implements TailListener {
  readonly #to: TailListener;
  readonly #chance: () => Chance | undefined;
  #held: Parameters<TailListener['records']> | undefined;

  constructor(to: TailListener, chance: () => Chance | undefined) {
    this.#to = to;
    this.#chance = chance;
  }
  opened(heads: Parameters<TailListener['opened']>[0]): void {
    this.#held = undefined;
    this.#to.opened(heads);
  }
  records(...frame: Parameters<TailListener['records']>): void {
    const held = this.#held;
    this.#held = undefined;
    const what = this.#chance()?.weighted({ pass: 1 - 3 * LOSS, lose: LOSS, double: LOSS, hold: LOSS }) ?? 'pass';
    if (what === 'hold') this.#held = frame;
    else if (what !== 'lose') this.#to.records(...frame);
    if (what === 'double') this.#to.records(...frame);
    // After the one that came later.
    if (held !== undefined) this.#to.records(...held);
  }
  closed(why: Parameters<TailListener['closed']>[0]): void {
    this.#to.closed(why);
  }
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
