/**
 * Into the log: what may be posted, checked once before the batch and once more inside its transaction. Nothing is
 * acknowledged before the commit.
 */
import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import { Kind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { MailboxId, PostVerifyKey, Signature, Slot } from '#shared/ids.ts';
import { MiB } from '#shared/limits.ts';
import { recordCost } from '#shared/postage.ts';
import { type PostFacts, commitMessage, nextKeyMessage, postMessage } from '#shared/signing.ts';
import { FoundingService } from '../founding/founding.service.ts';
import { CALENDAR, type Calendar } from '../operations/calendar.ts';
import { verifies } from '../mailboxes/verify.ts';
import { PostageService } from '../postage/postage.service.ts';
import { type PaidToken, shownTokens } from '../postage/tokens.ts';
import { LayoutService } from '../shards/layout.service.ts';
import { TailFeed } from '../tail/tail-feed.ts';
import { Batcher } from '../database/batcher.ts';
import { POSTING_STORE, type Arrival, type Outcome, type Place, type PostingStore, type Question, type Standing } from './posting.store.ts';

export interface Posting {
  readonly mailbox: MailboxId;
  readonly kind: typeof Kind.POST | typeof Kind.NOTICE;
  readonly slot: Slot;
  readonly body: Uint8Array;
  readonly signature: Signature;
  readonly postage: Uint8Array;
}
export interface Dropping {
  readonly mailbox: MailboxId;
  readonly body: Uint8Array;
  readonly postage: Uint8Array;
}
export interface Committing {
  readonly mailbox: MailboxId;
  readonly slot: Slot;
  readonly body: Uint8Array;
  readonly signature: Signature;
  readonly nextKey: PostVerifyKey;
  readonly nextProof: Signature;
  readonly postage: Uint8Array;
}

/** How often a post follows its mailbox from shard to shard. */
const MOVES = 8;
const BATCH = { items: 256, bytes: 16 * MiB, waitingBytes: 128 * MiB } as const;

@Injectable()
export class PostingService {
  private readonly store: PostingStore;
  private readonly founding: FoundingService;
  private readonly feed: TailFeed;
  private readonly calendar: Calendar;
  private readonly layout: LayoutService;
  private readonly postage: PostageService;
  private readonly glances: Batcher<Question, Standing>;
  private readonly appends: Batcher<Arrival, Outcome>;

  constructor(
    @Inject(POSTING_STORE) store: PostingStore, @Inject(FoundingService) founding: FoundingService, @Inject(TailFeed) feed: TailFeed,
    @Inject(CALENDAR) calendar: Calendar, @Inject(LayoutService) layout: LayoutService, @Inject(PostageService) postage: PostageService,
  ) {
    this.store = store;
    this.founding = founding;
    this.feed = feed;
    this.calendar = calendar;
    this.layout = layout;
    this.postage = postage;
    this.glances = new Batcher((questions) => store.standings(questions), { ...BATCH, waitingBytes: MiB, sizeOf: ({ tokens }) => 48 + tokens.length * 40 });
    this.appends = new Batcher((arrivals) => this.append(arrivals), { ...BATCH, sizeOf: ({ body }) => body.length });
  }

  /** @throws RelayRefusal */
  async post(posting: Posting): Promise<Place> {
    const { mailbox, kind, slot, body, signature } = posting;
    const facts = await this.factsOf(mailbox, slot, kind, body);
    const { key, paid } = await this.look(facts, posting);
    if (!(await verifies(mustBe(key), postMessage(facts), signature))) return this.badSignature(paid);
    return this.arrive(facts, body, undefined, paid);
  }

  /** Into the drop mailbox: anybody may who pays, so there is no signature to check. @throws RelayRefusal */
  async drop(dropping: Dropping): Promise<Place> {
    const { mailbox, body } = dropping;
    const facts = await this.factsOf(mailbox, 0 as Slot, Kind.DROP, body);
    const { paid } = await this.look(facts, dropping);
    return this.arrive(facts, body, undefined, paid);
  }

  /** One winner a slot; from then on the next key alone may post. @throws RelayRefusal */
  async commit(committing: Committing): Promise<Place> {
    const { mailbox, slot, body, signature, nextKey, nextProof } = committing;
    const facts = await this.factsOf(mailbox, slot, Kind.COMMIT, body);
    const { key, paid } = await this.look(facts, committing);
    const [allowed, proved] = await Promise.all([
      verifies(mustBe(key), commitMessage(facts, nextKey), signature),
      verifies(nextKey, nextKeyMessage(facts, nextKey), nextProof),
    ]);
    if (!allowed || !proved) return this.badSignature(paid);
    return this.arrive(facts, body, nextKey, paid);
  }

  /** Takes nothing more and resolves when everything taken is in the log or refused. */
  async drain(): Promise<void> {
    await this.glances.drain();
    await this.appends.drain();
  }

  private async factsOf(mailbox: MailboxId, slot: Slot, kind: Kind, body: Uint8Array): Promise<PostFacts> {
    return { hub: await this.founding.hub(), mailbox, slot, kind, bodyHash: createHash('sha256').update(body).digest() };
  }

  /**
   * Everything that is cheaper to know than a signature, the cheapest first. The old slot's key is gone, so a wrong slot is told
   * without looking at the signature. @returns the key that must have signed
   */
  private async look(facts: PostFacts, shown: { readonly body: Uint8Array; readonly postage: Uint8Array }): Promise<{ key: PostVerifyKey | undefined; paid: readonly PaidToken[] }> {
    const tokens = shownTokens(shown.postage, recordCost(shown.body.length));
    const { slot, key, first, spent } = await this.glances.add({ mailbox: facts.mailbox, bodyHash: facts.bodyHash, tokens });
    if (slot === undefined) throw new RelayRefusal('unknown-mailbox');
    if (first !== undefined) throw new RelayRefusal('duplicate-record', { existing: first });
    if (slot !== facts.slot) throw new RelayRefusal('wrong-slot', { currentSlot: slot });
    if (spent) throw new RelayRefusal('postage-spent');
    return { key, paid: await this.postage.verifyShown(tokens) };
  }

  private async badSignature(paid: readonly PaidToken[]): Promise<never> {
    await this.postage.burn(paid);
    throw new RelayRefusal('bad-signature');
  }

  private async arrive(
    { mailbox, kind, slot, bodyHash }: PostFacts, body: Uint8Array, nextKey: PostVerifyKey | undefined, paid: readonly PaidToken[],
  ): Promise<Place> {
    const arrival = { mailbox, kind, slot, bodyHash, body, day: this.calendar.today(), nextKey, paid };
    let outcome = await this.appends.add({ ...arrival, shard: await this.layout.shardOf(mailbox) });
    // The shards were changed a moment ago; the same again into the new ones.
    for (let tries = 0; outcome.what === 'moved' && tries < MOVES; tries += 1) {
      await this.layout.refresh();
      outcome = await this.appends.add({ ...arrival, shard: await this.layout.shardOf(mailbox) });
    }
    switch (outcome.what) {
      case 'posted':
        return outcome.place;
      case 'duplicate':
        throw new RelayRefusal('duplicate-record', { existing: outcome.place });
      case 'wrong-slot':
        throw new RelayRefusal('wrong-slot', { currentSlot: outcome.current });
      case 'unknown-mailbox':
      case 'postage-spent':
        throw new RelayRefusal(outcome.what);
      case 'moved':
        throw new RelayRefusal('storage-unavailable');
      case 'failed':
        throw outcome.error;
    }
  }

  /** An error of our own in a batch is some item's fault: each then gets a transaction of its own. */
  private async append(arrivals: readonly Arrival[]): Promise<readonly Outcome[]> {
    try {
      return await this.appendTogether(arrivals);
    } catch (error) {
      // A refusal is the database's state, the same for all. What the transaction did may be unknown: the feed will ask.
      if (error instanceof RelayRefusal) throw error;
      const outcomes: Outcome[] = [];
      for (const arrival of arrivals) outcomes.push(...(await this.appendTogether([arrival]).catch(failed)));
      return outcomes;
    }
  }

  private async appendTogether(arrivals: readonly Arrival[]): Promise<readonly Outcome[]> {
    const { outcomes, appended } = await this.store.append(arrivals);
    for (const { shard, records } of appended) this.feed.offer(shard, records);
    return outcomes;
  }
}

/** Only the drop mailbox has no key, and nothing that is signed goes there. */
function mustBe(key: PostVerifyKey | undefined): PostVerifyKey {
  if (key === undefined) throw new RelayRefusal('unknown-mailbox');
  return key;
}

const failed = (error: unknown): readonly Outcome[] => [{ what: 'failed', error }];
