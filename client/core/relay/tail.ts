/**
 * The tail socket: opens with the pass, hands on what the relay sends, notices a silent link, and comes back by
 * itself. A frame that breaks the protocol ends the link: what it would have brought is read as pages afterwards.
 */
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { chance } from '#shared/chance.ts';
import { RelayRefusal } from '#shared/errors.ts';
import { type TailEvent, TailEventSchema, TailRequestSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { shardIndex, type ShardIndex } from '#shared/ids.ts';
import { PROTOCOL_VERSION } from '#shared/limits.ts';
import { MalformedReply, records, refusalFrom, tailHeads } from './parse.ts';
import { type Pass, RelayUnreachable, type Tail, type TailListener } from './port.ts';

/** All in milliseconds. */
export interface TailPace {
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** Between tries after a refusal that will not mend by itself (`no-pass`, `unsupported-version`, ...). */
  readonly refusedPauseMs: number;
  /** A link that held this long starts over with short pauses. */
  readonly steadyMs: number;
  /** From the first SYN to TailOpened. */
  readonly openMs: number;
  /** Silence after which a ping goes out, and silence after the ping that means the link is dead. */
  readonly quietMs: number;
  readonly answerMs: number;
  /** The same after a nudge, when the network has just changed. */
  readonly nudgedAnswerMs: number;
}
export const DEFAULT_PACE: TailPace = {
  firstPauseMs: 300, longestPauseMs: 30_000, refusedPauseMs: 60_000, steadyMs: 10_000,
  openMs: 20_000, quietMs: 20_000, answerMs: 12_000, nudgedAnswerMs: 4_000,
};

export interface TailSettings {
  readonly url: string;
  readonly pass: Pass;
  readonly shards: readonly ShardIndex[];
  readonly listener: TailListener;
  /** A longer frame ends the link. */
  readonly frameBytes: number;
  readonly WebSocket: typeof WebSocket;
  readonly pace: TailPace;
}

/** These pass by themselves; after any other refusal trying again soon is pointless. */
const PASSING_REFUSALS: ReadonlySet<string> = new Set(['too-many', 'storage-unavailable', 'shutting-down', 'internal']);

export const openTail = (settings: TailSettings): Tail => new ReconnectingTail(settings);

class ReconnectingTail implements Tail {
  readonly #settings: TailSettings;
  #link: Link | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #closed = false;

  constructor(settings: TailSettings) {
    this.#settings = settings;
    this.#connect();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#pause);
    this.#link?.end();
  }

  nudge(): void {
    if (this.#closed) return;
    if (this.#link !== undefined) this.#link.prove();
    else this.#connect();
  }

  #connect(): void {
    clearTimeout(this.#pause);
    this.#link = new Link(this.#settings, (why, heldMs) => this.#lost(why, heldMs));
  }

  #lost(why: RelayUnreachable | RelayRefusal, heldMs: number): void {
    this.#link = undefined;
    if (this.#closed) return;
    this.#failures = heldMs >= this.#settings.pace.steadyMs ? 1 : this.#failures + 1;
    // Armed before the listener hears of it, which may nudge or close from inside.
    this.#pause = setTimeout(() => this.#connect(), this.#pauseMs(why));
    this.#settings.listener.closed(why);
  }

  #pauseMs(why: RelayUnreachable | RelayRefusal): number {
    const { firstPauseMs, longestPauseMs, refusedPauseMs } = this.#settings.pace;
    const hopeless = why instanceof RelayRefusal && !PASSING_REFUSALS.has(why.code);
    const full = hopeless ? refusedPauseMs : Math.min(longestPauseMs, firstPauseMs * 2 ** (this.#failures - 1));
    // Devices that lost the relay together must not come back together.
    return full * (0.75 + chance() / 2);
  }
}

/** One socket, from connecting to its end. Reports its end once, and nothing after `end()`. */
class Link {
  readonly #settings: TailSettings;
  readonly #ended: (why: RelayUnreachable | RelayRefusal, heldMs: number) => void;
  readonly #socket: WebSocket;
  #openedAt: number | undefined;
  #timer: ReturnType<typeof setTimeout>;
  #over = false;

  constructor(settings: TailSettings, ended: (why: RelayUnreachable | RelayRefusal, heldMs: number) => void) {
    this.#settings = settings;
    this.#ended = ended;
    this.#timer = this.#failAfter(settings.pace.openMs);
    this.#socket = new settings.WebSocket(settings.url);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onopen = () => this.#sendOpen();
    this.#socket.onmessage = ({ data }) => this.#received(data);
    this.#socket.onclose = () => this.#fail(new RelayUnreachable());
    this.#socket.onerror = () => this.#fail(new RelayUnreachable());
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#socket.onclose = this.#socket.onerror = this.#socket.onmessage = this.#socket.onopen = null;
    // A socket torn down while it connects tells its error handlers so, and in Node somebody must listen.
    this.#socket.onerror = () => undefined;
    this.#socket.close();
  }

  /** Answer now or be dead. While it still connects there is nothing to ask; that has its own time limit. */
  prove(): void {
    if (this.#openedAt !== undefined) this.#ping(this.#settings.pace.nudgedAnswerMs);
  }

  #sendOpen(): void {
    const { pass, shards } = this.#settings;
    this.#send({
      case: 'open',
      value: { version: PROTOCOL_VERSION, passId: pass.id, passSecret: pass.secret, shards: [...shards] },
    });
  }

  #send(request: NonNullable<MessageInitShape<typeof TailRequestSchema>['request']>): void {
    if (this.#socket.readyState !== 1) return;
    this.#socket.send(toBinary(TailRequestSchema, create(TailRequestSchema, { request })) as Uint8Array<ArrayBuffer>);
  }

  #received(data: unknown): void {
    try {
      if (!(data instanceof ArrayBuffer) || data.byteLength > this.#settings.frameBytes) throw new MalformedReply('frame');
      this.#listenFor(fromBinary(TailEventSchema, new Uint8Array(data)).event);
    } catch (cause) {
      this.#fail(cause instanceof RelayRefusal ? cause : new RelayUnreachable({ cause }));
    }
  }

  /** Hands an event on. Whatever this version does not know is passed over. */
  #listenFor(event: TailEvent['event']): void {
    const { listener, shards } = this.#settings;
    if (event.case === 'refusal') throw refusalFrom(event.value);
    if (event.case === 'opened' && this.#openedAt === undefined) {
      const heads = tailHeads(event.value, shards);
      this.#openedAt = Date.now();
      this.#waitForQuiet();
      this.#tell(() => listener.opened(heads));
      return;
    }
    if (this.#openedAt === undefined) throw new MalformedReply('not opened');
    this.#waitForQuiet();
    if (event.case !== 'batch') return;
    const shard = shardIndex(event.value.shard);
    if (shard === undefined || !shards.includes(shard)) throw new MalformedReply('shard');
    const batch = records(event.value.records);
    if (batch.length > 0) this.#tell(() => listener.records(shard, batch));
  }

  /** A listener's own mistake must not be taken for the relay's. */
  #tell(work: () => void): void {
    try {
      work();
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  #waitForQuiet(): void {
    const { quietMs, answerMs } = this.#settings.pace;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ping(answerMs), quietMs);
  }

  #ping(answerMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = this.#failAfter(answerMs);
    this.#send({ case: 'ping', value: {} });
  }

  #failAfter(ms: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#fail(new RelayUnreachable({ cause: new DOMException('the relay fell silent', 'TimeoutError') })), ms);
  }

  #fail(why: RelayUnreachable | RelayRefusal): void {
    if (this.#over) return;
    this.end();
    this.#ended(why, this.#openedAt === undefined ? 0 : Date.now() - this.#openedAt);
  }
}
