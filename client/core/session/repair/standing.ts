/**
 * Holding the hub to one log. Each message says up to where its sender's device had read and what the hash over all of it
 * was, so the first message that one device opens of another shows whether both were shown the same.
 */
import { finalHead, generationAt, shardIn } from '#shared/generations.ts';
import type { MailboxId, ShardIndex } from '#shared/ids.ts';
import { create, toBinary } from '@bufbuild/protobuf';
import { AgainSchema, LogStandingSchema, RoomContentSchema, StandingSchema, type LogStanding, type Standing } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { decode } from '../../domain/parsing.ts';
import type { LogRecord } from '../../relay/port.ts';
import { hex } from '#shared/sodium.ts';
import { raiseAlarm } from '../alarms.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { newestIn, type ReadGeneration } from '../layout.ts';
import type { RoomState } from '../room-state.ts';
import { type Chain, CHAIN_BYTES, type Claim } from './chain.ts';
import { countsIn } from './counts.ts';

/** Of the shards that an answer to an invitation tells of. */
const MOST_TOLD = 8;

/** The next record of a shard, before anything is made of it. */
export function followChain(draft: Draft, shard: number, record: LogRecord): void {
  const chain = draft.integrity.chain(shard);
  chain.advance(record);
  draft.integrity.mark(shard, chain);
  for (const claim of chain.takeDue()) settle(draft, chain, claim);
}

/** Somebody's message says what their device was shown. */
export function heedStanding(draft: Draft, mailbox: MailboxId, standing: Standing, by: Uint8Array): void {
  const seq = Number(standing.readSeq);
  if (standing.readChain.length !== CHAIN_BYTES || !Number.isSafeInteger(seq) || seq <= 0) return;
  const { generations } = draft.layout;
  const generation = generationAt(generations, seq) as ReadGeneration;
  const shard = shardIn(generation, mailbox);
  if (!generation.read.includes(shard)) return;
  // What was beyond the end of a shard went when the hub was set back: whoever had read it was told.
  const end = finalHead(generations, shard);
  if (end !== undefined && seq > end) return;
  settle(draft, draft.integrity.chain(shard), { seq, chain: standing.readChain, by });
}

function settle(draft: Draft, chain: Chain, claim: Claim): void {
  const differs = chain.compare(claim);
  if (differs === false) chain.agreesWith(claim.by);
  if (differs === true && chain.differsFrom(claim.by)) raiseAlarm(draft, 'forked', hex(claim.by));
}

/** The person knows: what this device was shown is compared with others' from here on. */
export function anchorAnew(draft: Draft): void {
  for (const { read } of draft.layout.generations) for (const shard of read) draft.integrity.chain(shard).anchorAnew();
}

// ---------------------------------------------------------------- what this device says

/** The content of a message as it is sealed: with what this device has read and sent. @returns it, and its number */
export function stand(draft: Draft, state: RoomState, bytes: Uint8Array): { content: Uint8Array; nth: number } {
  const content = decode(RoomContentSchema, bytes);
  const counts = countsIn(draft.integrity.countsOf(state.id), state.room.epoch);
  const nth = counts.own + 1;
  if (content === undefined) return { content: bytes, nth };
  const shard = draft.device.shardOf(state.mailbox);
  const chain = draft.integrity.chain(shard);
  const before = counts.sent.filter((sent) => Number(sent.epoch) === counts.epoch && hex(sent.id) === hex(content.id)).map((sent) => sent.nth);
  const leafKey = draft.device.leafKeys.verifyKey;
  const again = content.again ?? (before.length > 0 ? create(AgainSchema, { leafKey, epoch: BigInt(counts.epoch), nth: before }) : undefined);
  const standing = create(StandingSchema, { nth, readSeq: BigInt(chain.seq), readChain: chain.tip ?? new Uint8Array(0) });
  return { content: toBinary(RoomContentSchema, { ...content, standing, ...(again && { again }) }), nth };
}

/** What this device has read, for somebody it lets in. */
export function standingNow({ integrity, layout }: Device): LogStanding[] {
  return newestIn(layout).read.slice(0, MOST_TOLD).flatMap((shard) => {
    const chain = integrity.chains.get(shard);
    return chain?.tip === undefined ? [] : [create(LogStandingSchema, { shard, seq: BigInt(chain.seq), chain: chain.tip })];
  });
}

/** What the inviter had read: this device holds the hub to it, or takes it for what it cannot read any more. */
export function heedInviter(draft: Draft, read: readonly LogStanding[], by: Uint8Array): void {
  for (const { shard, seq, chain } of read.slice(0, MOST_TOLD)) {
    if (chain.length === CHAIN_BYTES && shard < 2 ** 31) draft.integrity.chain(shard as ShardIndex).wait([{ seq: Number(seq), chain, by }]);
  }
}
