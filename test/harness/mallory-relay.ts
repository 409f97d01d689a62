/**
 * Mallory as the relay: the real one stands behind her, and each device she lies to sees a log of her making. What she
 * does to it is one function from the true log to the one that device gets; sequence numbers, pages and
 * tail are made to fit, and so are the answers to what the victim posts, so nothing but the content gives her away.
 */
import { createRelay } from '#core/relay/http.ts';
import type { LogPage, LogRecord, Pass, Place, Relay, Tail, TailListener } from '#core/relay/port.ts';
import { RelayRefusal } from '#shared/errors.ts';
import { PAGE_SIZE } from '#shared/limits.ts';
import type { Seq, ShardIndex } from '#shared/ids.ts';

/** From the true log of a shard, oldest first, to the one the victim sees. It must only ever add at the end of what it showed before. */
export type Forgery = (log: readonly LogRecord[]) => readonly LogRecord[];

export interface LyingRelay {
  /** For PersonOptions.relayAt of the victim. */
  readonly relayAt: (origin: string) => Relay;
  /** What the victim sees from now on, after what it has seen already. */
  forgery: Forgery;
  /** Put after everything the victim was shown so far; sequence numbers are given as it is shown. */
  inject(...records: readonly Omit<LogRecord, 'seq'>[]): void;
  /** The true log, as of the victim's last look. */
  readonly log: readonly LogRecord[];
  /** Answers instead of the true relay where it returns something. */
  answer: Partial<Relay>;
}

export function lyingRelay(): LyingRelay {
  const injected: { after: number; record: Omit<LogRecord, 'seq'> }[] = [];
  let truth: readonly LogRecord[] = [];
  const lies: LyingRelay = {
    get log() {
      return truth;
    },
    forgery: (log) => log,
    answer: {},
    inject: (...records) => void injected.push(...records.map((record) => ({ after: truth.length, record }))),
    relayAt: (origin) => {
      const relay = createRelay(origin);
      const seen = async (pass: Pass, shard: ShardIndex): Promise<readonly LogRecord[]> => {
        const log = await wholeLog(relay, pass, shard);
        if (log.length > truth.length) truth = log;
        const forged = log.flatMap((record) => [record, ...injected.filter(({ after }) => after === record.seq).map((extra) => extra.record)]);
        return lies.forgery(numbered(forged));
      };
      /** Of a record of the victim's own: where they will be shown it. Otherwise they would take it for lost, and send it again. */
      const placed = async (posted: Promise<Place>): Promise<Place> => {
        const shown = ({ seq }: { seq: number }) => (seq + injected.filter(({ after }) => after < seq).length) as Seq;
        try {
          const place = await posted;
          return { ...place, seq: shown(place) };
        } catch (thrown) {
          if (!(thrown instanceof RelayRefusal) || thrown.existing === undefined) throw thrown;
          throw new RelayRefusal(thrown.code, { existing: { ...thrown.existing, seq: shown(thrown.existing) } });
        }
      };
      return new Proxy(relay, {
        get: (target, name: keyof Relay) => {
          if (lies.answer[name] !== undefined) return lies.answer[name];
          if (name === 'post' || name === 'commit') return (request: never) => placed(target[name](request));
          if (name === 'readPage') return async (pass: Pass, shard: ShardIndex, page: number) => pageOf(await seen(pass, shard), page);
          if (name === 'tail') return (pass: Pass, shards: readonly ShardIndex[], listener: TailListener) => tailOf(relay, seen, pass, shards, listener);
          const method = target[name];
          return typeof method === 'function' ? method.bind(target) : method;
        },
      });
    },
  };
  return lies;
}

const numbered = (records: readonly Omit<LogRecord, 'seq'>[]): LogRecord[] => records.map((record, index) => ({ ...record, seq: (index + 1) as Seq }));

async function wholeLog(relay: Relay, pass: Pass, shard: ShardIndex): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for (let number = 0; ; number += 1) {
    const page = await relay.readPage(pass, shard, number);
    records.push(...page.records);
    if (!page.complete || page.head === (number + 1) * PAGE_SIZE) return records;
  }
}

function pageOf(log: readonly LogRecord[], page: number): LogPage {
  const records = log.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
  return { complete: records.length === PAGE_SIZE, head: log.length, records, expired: [] };
}

/** Whenever the true tail brings something, the victim's log is made anew and what it has not had yet is sent. */
function tailOf(
  relay: Relay, seen: (pass: Pass, shard: ShardIndex) => Promise<readonly LogRecord[]>,
  pass: Pass, shards: readonly ShardIndex[], listener: TailListener,
): Tail {
  const sent = new Map<number, number>();
  let turn: Promise<void> = Promise.resolve();
  const next = (work: () => Promise<void>) => void (turn = turn.then(work).catch(() => undefined));
  return relay.tail(pass, shards, {
    opened: () => next(async () => {
      for (const shard of shards) sent.set(shard, (await seen(pass, shard)).length);
      listener.opened(new Map(sent));
    }),
    records: (shard) => next(async () => {
      const fresh = (await seen(pass, shard)).slice(sent.get(shard) ?? 0);
      sent.set(shard, (sent.get(shard) ?? 0) + fresh.length);
      if (fresh.length > 0) listener.records(shard, fresh);
    }),
    closed: (why) => listener.closed(why),
  });
}
