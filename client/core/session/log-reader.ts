/**
 * Reads the log of this device's shards: pages until the head, then what the tail brings. Whatever the source, a record
 * is applied once and in order, because every batch is held against the cursor inside the device's one queue.
 */
import { PAGE_SIZE } from '#shared/limits.ts';
import { finalHead, type Generation } from '#shared/generations.ts';
import type { ShardIndex } from '#shared/ids.ts';
import { RelayRefusal } from '#shared/errors.ts';
import { startsOf } from '../domain/read-set.ts';
import { RelayUnreachable, type LogPage, type LogRecord, type Tail } from '../relay/port.ts';
import { applyRecords } from './apply-records.ts';
import type { Connection } from './api.ts';
import type { Device } from './device.ts';
import type { Draft } from './draft.ts';
import { baseOf, beginReading, followLayout, isAhead, neededAfter, newestIn, wanted } from './layout.ts';
import { checkAcknowledged } from './outbox-state.ts';
import { noticeShorter, noticeWhole } from './rollback.ts';

const RETRY_MS = 2_000;
/** How long the tail is given to bring what the relay says it has. */
const TAIL_PATIENCE_MS = 5_000;

export class LogReader {
  readonly #device: Device;
  readonly #watchers = new Set<() => void>();
  #tail: Tail | undefined;
  #tailShards: readonly number[] = [];
  #catchingUp: Promise<void> | undefined;
  /** One at a time: two would draw two sets of decoys. */
  #widening: Promise<void> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  /** Pages that were not there although the one before was full: asked about once. */
  readonly #mindedEnds = new Map<number, number>();

  constructor(device: Device) {
    this.#device = device;
  }

  /** Opens the tail and stays with the log until `stop`. */
  start(): void {
    if (this.#tail === undefined) this.#openTail();
  }

  #openTail(): void {
    const device = this.#device;
    this.#tailShards = newestIn(device.layout).read;
    this.#tail = device.relay.tail(device.pass, this.#tailShards as readonly ShardIndex[], {
      opened: () => void this.#follow(),
      records: (shard, records) => void this.#take(shard, records),
      closed: (why) => {
        this.#show('offline');
        // The hub was set back to before this shard.
        if (why instanceof RelayRefusal && why.code === 'unknown-shard') void this.#follow();
      },
    });
  }

  /** The hub has other shards now, or this device reads more of them. */
  #moveTail(): void {
    if (this.#tail === undefined || this.#stopped || this.#tailShards.join() === newestIn(this.#device.layout).read.join()) return;
    this.#tail.close();
    this.#openTail();
  }

  /** Takes over what the hub says of its shards. */
  async learn(generations: readonly Generation[]): Promise<void> {
    await this.#device.change(async (draft) => followLayout(draft, generations));
  }

  /** Begins to read the shards of rooms that came since. What the relay sees of it is the same whichever shard was needed. */
  widen(): Promise<void> {
    this.#widening ??= this.#widen().finally(() => {
      this.#widening = undefined;
    });
    return this.#widening;
  }

  async #widen(): Promise<void> {
    const device = this.#device;
    const newest = newestIn(device.layout);
    const more = await device.change(async (draft) => wanted(draft, newest).filter((shard) => !newest.read.includes(shard)));
    if (more.length === 0) return;
    const started: Parameters<typeof startsOf>[0][number][] = [];
    for (const shard of more) {
      // A shard of a later generation that nothing was written to yet has no page.
      const head = (await this.#readPage(shard as ShardIndex, newest.base / PAGE_SIZE, { fresh: true }))?.head ?? newest.base;
      started.push({ shard, head, neededAfter: neededAfter(device.rooms.values(), newest, shard) });
    }
    await device.change(async (draft) => beginReading(draft, startsOf(started, newest.base, PAGE_SIZE)));
    this.#moveTail();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
    this.#tail?.close();
    this.#tail = undefined;
    this.#look();
  }

  nudge(): void {
    this.#tail?.nudge();
  }

  /** Resolves when everything that stood in the log at the time of the call has been applied. */
  async catchUp(): Promise<void> {
    // A run under way may have passed the head before this call: wait for it, then run once more.
    await this.#catchingUp?.catch(() => undefined);
    await this.#run();
  }

  /**
   * Waits until the log has brought what `arrived` looks for. With a tail it comes by itself: reading pages just then
   * would show the relay which pass stands behind an anonymous request. Without one, or if it stays silent, pages are read.
   */
  async follow(arrived: () => boolean): Promise<void> {
    const isLive = this.#tail !== undefined && this.#device.connection === 'online';
    if (isLive && (await this.#comes(arrived))) return;
    await this.catchUp();
  }

  #comes(arrived: () => boolean): Promise<boolean> {
    if (arrived()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (came: boolean) => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve(came);
      };
      const look = () => {
        if (arrived() || this.#stopped) end(true);
      };
      const timer = setTimeout(() => end(arrived()), TAIL_PATIENCE_MS);
      this.#watchers.add(look);
    });
  }

  #run(): Promise<void> {
    this.#catchingUp ??= (async () => {
      await this.learn((await this.#device.relay.hello({ known: true })).generations);
      await this.widen();
      this.#moveTail();
      for (const { read } of this.#device.layout.generations) for (const shard of read) await this.#readPages(shard as ShardIndex);
    })().finally(() => {
      this.#catchingUp = undefined;
      this.#progress(undefined);
    });
    return this.#catchingUp;
  }

  async #follow(): Promise<void> {
    if (this.#stopped) return;
    clearTimeout(this.#retry);
    if (this.#device.connection !== 'online') this.#show('catching-up');
    try {
      const tail = this.#tail;
      await this.catchUp();
      // Where another took its place, that one will say when it is open.
      if (this.#tail === tail) this.#show('online');
    } catch {
      // The tail is open, so the trouble is passing (or the device is full): try again rather than wait for a record.
      this.#show('offline');
      this.#followSoon();
    }
  }

  async #take(shard: ShardIndex, records: readonly LogRecord[]): Promise<void> {
    try {
      if (!(await this.#apply(shard, records))) await this.#follow();
    } catch {
      this.#followSoon();
    }
  }

  #followSoon(): void {
    clearTimeout(this.#retry);
    if (!this.#stopped) this.#retry = setTimeout(() => void this.#follow(), RETRY_MS);
  }

  /** While one page is being opened the next one comes in, and the one before is being written. */
  async #readPages(shard: ShardIndex): Promise<void> {
    const device = this.#device;
    const start = device.cursors.get(shard) ?? 0;
    const end = finalHead(device.layout.generations, shard);
    if (end !== undefined && start >= end) return this.#mindShorter(shard, end, 0);
    let number = Math.floor(start / PAGE_SIZE);
    let reading: Reading = { reached: start, kept: Promise.resolve() };
    // What was known when a page was asked for: while it travels, the tail may bring more than its head says.
    let known = start;
    let coming = this.#readPage(shard, number);
    for (;;) {
      const [page, knownThen] = [await coming, known];
      if (page === undefined) return reading.kept.then(() => this.#mindTheEnd(shard, number));
      known = Math.max(reading.reached, device.cursors.get(shard) ?? 0);
      if (page.complete) coming = quiet(this.#readPage(shard, number + 1));
      this.#progress({ done: (device.cursors.get(shard) ?? 0) - start, total: Math.max(page.head - start, 0) });
      reading = await this.#applyPage(shard, number, page);
      if (!page.complete) return reading.kept.then(() => this.#mindShorter(shard, page.head, knownThen));
      number += 1;
    }
  }

  /** @throws RelayUnreachable if records are missing from the page, or before it */
  async #applyPage(shard: ShardIndex, number: number, page: LogPage): Promise<Reading> {
    // A browser may have kept this page from before the relay dropped some of it; the relay's own copy says which.
    const reading = (await this.#applyAhead(shard, page)) ?? (page.complete ? await this.#applyFresh(shard, number) : undefined);
    const isWhole = !page.complete || (reading !== undefined && reading.reached >= (number + 1) * PAGE_SIZE);
    // A gap would lose records; a full page that is not full would let a relay keep us reading for ever.
    if (reading === undefined || !isWhole) throw new RelayUnreachable({ cause: new Error('records are missing from a page') });
    return reading;
  }

  /** There is no such page. Either the one before is the last and full, or the log has become shorter than it was. */
  async #mindTheEnd(shard: ShardIndex, number: number): Promise<void> {
    // Nothing of it was read yet: then nothing can be missing, and asking for more would set empty shards apart.
    const start = baseOf(this.#device.layout, shard);
    if (number * PAGE_SIZE <= start || this.#mindedEnds.get(shard) === number) return;
    const known = this.#device.cursors.get(shard) ?? 0;
    const before = await this.#readPage(shard, number - 1, { fresh: true });
    if (before !== undefined) await this.#mindShorter(shard, before.head, known);
    else await this.#mindShorter(shard, (await this.#readPage(shard, 0, { fresh: true }))?.head ?? 0, known);
    this.#mindedEnds.set(shard, number);
  }

  /** @param known how far this device had read before it asked */
  async #mindShorter(shard: ShardIndex, head: number, known: number): Promise<void> {
    if (head < known) await this.#device.change(async (draft) => noticeShorter(draft, shard, head));
    else if ([...this.#device.rooms.values()].some(({ stuck }) => stuck?.rolledBack)) await this.#device.change(async (draft) => noticeWhole(draft, shard, head));
  }

  async #applyFresh(shard: ShardIndex, number: number): Promise<Reading | undefined> {
    const page = await this.#readPage(shard, number, { fresh: true });
    return page && this.#applyAhead(shard, page);
  }

  /** @returns undefined for a page the relay does not have yet */
  async #readPage(shard: ShardIndex, number: number, options?: { fresh?: boolean }): Promise<LogPage | undefined> {
    try {
      return await this.#device.relay.readPage(this.#device.pass, shard, number, options);
    } catch (thrown) {
      if (thrown instanceof RelayRefusal && thrown.code === 'unknown-page') return undefined;
      throw thrown;
    }
  }

  async #apply(shard: ShardIndex, records: readonly LogRecord[]): Promise<boolean> {
    const applied = await this.#device.change((draft) => applyUnlessAhead(draft, shard, records));
    this.#look();
    return applied;
  }

  async #applyAhead(shard: ShardIndex, { records, expired }: LogPage): Promise<Reading | undefined> {
    const { result, kept } = await this.#device.changeAhead(async (draft) =>
      (await applyUnlessAhead(draft, shard, records, expired)) ? (draft.cursors.get(shard) ?? 0) : undefined);
    void quiet(kept.then(() => this.#look()));
    return result === undefined ? undefined : { reached: result, kept };
  }

  #look(): void {
    for (const look of [...this.#watchers]) look();
  }

  #show(connection: Connection): void {
    if (this.#device.connection === connection || this.#device.closed) return;
    this.#device.connection = connection;
    this.#device.emit({ changed: 'overview' });
    if (connection === 'online') this.#device.wake.queued();
  }

  #progress(catchUp: { done: number; total: number } | undefined): void {
    // Below a page or two nobody wants to see a bar flash by.
    const shown = catchUp !== undefined && catchUp.total > 2 * PAGE_SIZE ? catchUp : undefined;
    if (shown === undefined && this.#device.catchUp === undefined) return;
    this.#device.catchUp = shown;
    this.#device.emit({ changed: 'overview' });
  }
}

/** How far pages are read, and when the last of it is durable. */
interface Reading {
  readonly reached: number;
  readonly kept: Promise<void>;
}

/** @returns false if a record is missing before these: read pages instead */
async function applyUnlessAhead(draft: Draft, shard: ShardIndex, records: readonly LogRecord[], expired: LogPage['expired'] = []): Promise<boolean> {
  if (isAhead(draft, shard) || !(await applyRecords(draft, shard, records, expired))) return false;
  checkAcknowledged(draft);
  return true;
}

/** Begun ahead of need: its failure is told to whoever awaits it, and to nobody else. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
