/**
 * Two relay processes on one PostgreSQL, under load from posters and racing committers, read by tail and by pages on
 * both, while either is killed with -9 and started again. Every reader reads the same log, which is the database's.
 */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { MailboxOpenedSchema, OpenMailboxSchema, PostCommitSchema, RecordPostedSchema, type Record as WireRecord } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { RelayRefusal } from '#shared/errors.ts';
import type { MailboxId } from '#shared/ids.ts';
import { openMailboxMessage } from '#shared/signing.ts';
import { type Chance, chanceFrom, freshSeed } from '../harness/chance.ts';
import { testPostgres } from '../harness/postgres.ts';
import { type SpawnedRelay, spawnRelay } from '../harness/relay.ts';
import { until } from '../harness/until.ts';
import { Wire, WireHub, WireMailbox, WireTail, postKey, random } from '../harness/wire.ts';

const POSTERS = 8;
const RACERS = 5;
const PATIENCE_MS = 120_000;

export interface Figures {
  posts: number;
  commits: number;
  kills: number;
  /** By code; `nothing` is no reply at all. */
  readonly refusals: Record<string, number>;
  /** Tokens offered to both relays at once. */
  tokens: number;
  records: number;
}

const hashOf = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** @param milliseconds of load, as long as relays are killed */
export async function twoRelays(milliseconds: number): Promise<Figures> {
  const seed = Number(process.env['THICKET_SEED'] ?? freshSeed());
  console.log(`two relays, seed ${seed}`);
  const database = await (await testPostgres()).freshDatabase();
  const first = await spawnRelay({ database });
  const hub = await WireHub.found(first);
  const load = new Load(seed, hub, [first, await spawnRelay({ database })]);
  try {
    await load.run(milliseconds);
    const rows = await database.query<{ seq: string; hash: string }>("SELECT seq, encode(body_hash, 'hex') AS hash FROM records ORDER BY seq");
    load.compare(rows.map(({ seq, hash }) => ({ seq: Number(seq), hash })));
    return load.figures;
  } finally {
    await load.end();
  }
}

class Load {
  readonly figures: Figures = { posts: 0, commits: 0, kills: 0, refusals: {}, tokens: 0, records: 0 };
  private readonly chance: Chance;
  private readonly hub: WireHub;
  private readonly relays: readonly SpawnedRelay[];
  private readonly hubs: readonly WireHub[];
  private readonly acknowledged = new Map<string, number>();
  private readonly readers: Reader[] = [];
  private running = true;

  constructor(seed: number, hub: WireHub, relays: readonly SpawnedRelay[]) {
    this.chance = chanceFrom(seed);
    this.hub = hub;
    this.relays = relays;
    this.hubs = relays.map(({ origin }) => new WireHub(new Wire(origin), hub.hub, hub.pass, hub.purse));
  }

  async run(milliseconds: number): Promise<void> {
    const mailboxes = await Promise.all(Array.from({ length: POSTERS }, () => this.hub.openMailbox()));
    const raced = await this.hub.openMailbox();
    for (const { origin } of this.relays) for (const by of ['tail', 'pages'] as const) this.readers.push(new Reader(new Wire(origin), this.hub, by));
    const reading = this.readers.map((reader) => reader.run());
    const writing = [...mailboxes.map((mailbox) => this.post(mailbox)), this.race(raced), this.spendTwice()];
    for (const work of [...reading, ...writing]) work.catch(() => undefined);
    await this.kill(milliseconds);
    this.running = false;
    await Promise.all(writing);
    const head = Math.max(...this.acknowledged.values());
    for (const reader of this.readers) await until(() => reader.hashes.length >= head, `a reader by ${reader.by} to come to the end`, PATIENCE_MS);
    for (const reader of this.readers) reader.stop();
    await Promise.all(reading);
  }

  /** Every reader, and every acknowledgement, against what the database holds. */
  compare(rows: readonly { readonly seq: number; readonly hash: string }[]): void {
    this.figures.records = rows.length;
    const hashes = rows.map(({ hash }) => hash);
    expect(rows.every(({ seq }, index) => seq === index + 1), 'numbers without a gap').toBe(true);
    expect(new Set(hashes).size, 'nothing twice').toBe(hashes.length);
    for (const reader of this.readers) expect(reader.hashes.every((hash, index) => hash === hashes[index]), `what was read by ${reader.by}`).toBe(true);
    for (const [hash, seq] of this.acknowledged) if (hashes[seq - 1] !== hash) expect(hashes[seq - 1], `the acknowledged record ${seq}`).toBe(hash);
    expect(this.figures.posts + this.figures.commits, 'everything acknowledged, and nothing else').toBe(hashes.length);
  }

  async end(): Promise<void> {
    this.running = false;
    for (const reader of this.readers) reader.stop();
    for (const relay of this.relays) await relay.stop();
  }

  private async kill(milliseconds: number): Promise<void> {
    const end = Date.now() + milliseconds;
    while (Date.now() < end) {
      await pause(500 + this.chance.below(2_000));
      const relay = this.chance.pick(this.relays);
      await relay.kill();
      this.figures.kills += 1;
      await pause(this.chance.below(700));
      await relay.restart();
    }
  }

  /** Asks either relay until one answers; what is in the log already counts as answered. @returns undefined where a refusal is the answer */
  private async place(send: (hub: WireHub) => Promise<{ shard: number; seq: number }>): Promise<number | undefined> {
    for (;;) {
      try {
        return (await send(this.chance.pick(this.hubs))).seq;
      } catch (error) {
        const code = error instanceof RelayRefusal ? error.code : 'nothing';
        this.figures.refusals[code] = (this.figures.refusals[code] ?? 0) + 1;
        if (error instanceof RelayRefusal && error.existing !== undefined) return error.existing.seq;
        if (code === 'wrong-slot') return undefined;
        if (!['nothing', 'storage-unavailable', 'shutting-down', 'too-many'].includes(code)) throw error;
        await pause(20);
      }
    }
  }

  private async post(mailbox: WireMailbox): Promise<void> {
    while (this.running) {
      const body = random(1024);
      const seq = await this.place((hub) => new WireMailbox(hub, mailbox.id, mailbox.key).post(body));
      if (seq === undefined) throw new Error('the slot of a mailbox without commits moved');
      this.acknowledged.set(hashOf(body), seq);
      this.figures.posts += 1;
    }
  }

  /** Several commits for each slot, at both relays at once: one wins, and the others learn the slot. */
  private async race(mailbox: WireMailbox): Promise<void> {
    while (this.running) {
      const racers = Array.from({ length: RACERS }, () => ({ next: postKey(), body: random(16_384) }));
      const seqs = await Promise.all(racers.map(async ({ next, body }) => {
        const message = await this.untilUp(() => mailbox.commitMessage(body, next));
        return this.place(async ({ wire }) => {
          const { shard, seq } = await wire.call('/v1/commits', PostCommitSchema, message, RecordPostedSchema);
          return { shard, seq: Number(seq) };
        });
      }));
      const winners = racers.flatMap((racer, index) => (seqs[index] === undefined ? [] : [{ ...racer, seq: seqs[index] }]));
      expect(winners.length, `winners of slot ${mailbox.slot}`).toBe(1);
      const [winner] = winners;
      if (winner === undefined) return;
      this.acknowledged.set(hashOf(winner.body), winner.seq);
      this.figures.commits += 1;
      mailbox.key = winner.next;
      mailbox.slot += 1;
    }
  }

  /** Drawing postage for a message needs a relay too. */
  private async untilUp<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch {
        await pause(50);
      }
    }
  }

  /** One token for two mailboxes, at both relays at once: at most one is opened. */
  private async spendTwice(): Promise<void> {
    while (this.running) {
      const token = await this.untilUp(() => this.hub.purse.take(1));
      const opened = await Promise.all([...this.hubs, ...this.hubs].map((hub) => this.openWith(hub, token).then(() => true, () => false)));
      expect(opened.filter((each) => each).length, 'mailboxes opened with one token').toBeLessThanOrEqual(1);
      this.figures.tokens += 1;
    }
  }

  private async openWith(hub: WireHub, postage: Uint8Array): Promise<void> {
    const [mailbox, key] = [random(16) as MailboxId, postKey()];
    const proof = key.sign(openMailboxMessage(hub.hub, mailbox, key.verifyKey));
    await hub.wire.call('/v1/mailboxes', OpenMailboxSchema, { mailbox, verifyKey: key.verifyKey, proof, postage }, MailboxOpenedSchema);
  }
}

/** Reads the whole log at one relay, through its restarts. */
class Reader {
  /** Of the bodies, in order; a gap or a step back ends the reading. */
  readonly hashes: string[] = [];
  readonly by: 'tail' | 'pages';
  private readonly wire: Wire;
  private readonly hub: WireHub;
  private stopped = false;

  constructor(wire: Wire, hub: WireHub, by: 'tail' | 'pages') {
    this.wire = wire;
    this.hub = hub;
    this.by = by;
  }

  async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await (this.by === 'tail' ? this.follow() : this.readOn());
      } catch (error) {
        if (error instanceof OutOfOrder) throw error;
      }
      await pause(50);
    }
  }

  stop(): void {
    this.stopped = true;
  }

  private async follow(): Promise<void> {
    const tail = new WireTail(this.wire.origin);
    try {
      tail.open(this.hub.pass, [0]);
      const head = (await tail.opened()).get(0) ?? 0;
      while (this.hashes.length < head) await this.readOn();
      let taken = 0;
      while (!this.stopped && tail.closed === undefined) {
        const records = tail.records;
        this.take(records.slice(taken));
        taken = records.length;
        await pause(50);
      }
    } finally {
      tail.close();
    }
  }

  private async readOn(): Promise<void> {
    const page = await this.wire.page(0, Math.floor(this.hashes.length / 128), this.hub.pass);
    this.take(page.records);
  }

  private take(records: readonly WireRecord[]): void {
    for (const { seq, body } of records) {
      const index = Number(seq) - 1;
      if (index > this.hashes.length) throw new OutOfOrder(`by ${this.by}: ${seq} after ${this.hashes.length}`);
      const hash = hashOf(body);
      if (index < this.hashes.length && this.hashes[index] !== hash) throw new OutOfOrder(`by ${this.by}: ${seq} changed`);
      if (index === this.hashes.length) this.hashes.push(hash);
    }
  }
}
class OutOfOrder extends Error {}
