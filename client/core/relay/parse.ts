/**
 * The border: decoded messages become the port's types, or MalformedReply. After this nothing needs checking again
 * but what only the domain can judge (gaps, order across pages, signatures, seals).
 */
import type { Generation } from '#shared/generations.ts';
import { isRefusalCode, RelayRefusal } from '#shared/errors.ts';
import type * as wire from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { Kind, TokenKind } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { hubId, mailboxId, seq, type ShardIndex, shardIndex, slot, week } from '#shared/ids.ts';
import { LIMITS, PAGE_SIZE } from '#shared/limits.ts';
import { isGatewayConfig } from '#shared/ohttp/key-config.ts';
import type { HubHello, LogPage, LogRecord, Place, RecordKind, RendezvousState } from './port.ts';

/** Well-formed protobuf that breaks the protocol's own rules. */
export class MalformedReply extends Error {
  constructor(what: string) {
    super(`malformed reply: ${what}`);
    this.name = 'MalformedReply';
  }
}

function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new MalformedReply(what);
  return value;
}
function check(condition: boolean, what: string): void {
  if (!condition) throw new MalformedReply(what);
}

/** Beyond any log there will ever be, and far from where whole numbers end: what a device adds to them stays exact. */
const LAST_NUMBER = 2 ** 40;
const MOST_GENERATIONS = 256;
const isNumber = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= LAST_NUMBER;

const KINDS: ReadonlyMap<number, RecordKind> = new Map([
  [Kind.POST, 'post'], [Kind.COMMIT, 'commit'], [Kind.DROP, 'drop'], [Kind.NOTICE, 'notice'],
]);
export const WIRE_KINDS = { post: Kind.POST, drop: Kind.DROP, notice: Kind.NOTICE } as const;
export const TOKEN_KINDS = { postage: TokenKind.POSTAGE, ticket: TokenKind.TICKET } as const;

function record(message: wire.Record): LogRecord {
  check(message.body.length >= 1 && message.body.length <= LIMITS.recordBody, 'body');
  return {
    seq: must(seq(message.seq), 'seq'),
    mailbox: must(mailboxId(message.mailbox), 'mailbox'),
    kind: must(KINDS.get(message.kind), 'kind'),
    slot: must(slot(message.slot), 'slot'),
    body: message.body,
  };
}

/** Records with rising sequence numbers. */
export function records(messages: readonly wire.Record[]): LogRecord[] {
  const parsed = messages.map(record);
  check(parsed.every(({ seq: at }) => isNumber(at)), 'number of a record');
  parsed.forEach(({ seq: at }, i) => check(i === 0 || at > (parsed[i - 1] as LogRecord).seq, 'order of records'));
  return parsed;
}

/** What was asked for, inside the page's bounds, with nothing both kept and expired. */
export function logPage(message: wire.LogPage, shard: ShardIndex, page: number): LogPage {
  check(message.shard === shard && Number(message.page) === page, 'not the page asked for');
  const head = Number(message.head);
  check(isNumber(head) && page <= LAST_NUMBER / PAGE_SIZE, 'head');
  const first = page * PAGE_SIZE + 1;
  const last = first + PAGE_SIZE - 1;
  const kept = records(message.records);
  check(kept.every((entry) => entry.seq >= first && entry.seq <= last && entry.seq <= head), 'record of another page');
  const expired = message.expired.map((range) => ({ first: must(seq(range.first), 'expired'), last: must(seq(range.last), 'expired') }));
  expired.forEach((range, i) => {
    const before = i === 0 ? first - 1 : (expired[i - 1] as { last: number }).last;
    check(range.first > before && range.last >= range.first && range.last <= last, 'expired');
    check(!kept.some((entry) => entry.seq >= range.first && entry.seq <= range.last), 'expired and kept');
  });
  return { complete: message.complete, head, records: kept, expired };
}

export function place(message: wire.RecordPosted): Place {
  const at = must(seq(message.seq), 'seq');
  check(isNumber(at), 'seq');
  return { shard: must(shardIndex(message.shard), 'shard'), seq: at };
}

/** Numbers that only rise, of shards and of records; final heads of all generations but the newest. */
function generationsIn({ generations, shards }: wire.HubHello): Generation[] {
  if (generations.length === 0) return [{ first: 0, count: shards, base: 0, heads: [] }];
  check(generations.length <= MOST_GENERATIONS, 'generations');
  const parsed = generations.map(({ first, count, base, heads }) => ({ first, count, base: Number(base), heads: heads.map(Number) }));
  parsed.forEach(({ first, count, base, heads }, index) => {
    const before = parsed[index - 1];
    const isNewest = index === parsed.length - 1;
    check(count >= 1 && count <= 256 && (count & (count - 1)) === 0, 'shards of a generation');
    check(isNumber(base) && base % PAGE_SIZE === 0 && heads.every((head) => isNumber(head) && head >= base), 'numbers of a generation');
    check(heads.length === (isNewest ? 0 : count), 'heads of a generation');
    check(before === undefined || (first >= before.first + before.count && before.heads.every((head) => head <= base)), 'order of generations');
  });
  check(parsed.at(-1)?.count === shards, 'shards');
  return parsed;
}

export function hubHello(message: wire.HubHello): HubHello {
  const { version, hub, shards, pageSize, issuerKey, allowance, gateway, neighbour } = message;
  check(version >= 1, 'version');
  check(shards >= 1 && shards <= 256 && (shards & (shards - 1)) === 0, 'shards');
  check(pageSize === PAGE_SIZE, 'page size');
  check(issuerKey.length === 0 || issuerKey.length === 32, 'issuer key');
  check(gateway.length === 0 || isGatewayConfig(gateway), 'gateway');
  return {
    version, hub: hub.length === 0 ? undefined : must(hubId(hub), 'hub'), shards, pageSize, generations: generationsIn(message),
    issuerKey, allowance: { postage: allowance?.postage ?? 0, ticket: allowance?.tickets ?? 0 },
    gateway, neighbour: neighbour === '' ? undefined : neighbour,
  };
}

export function rendezvousState({ claim, answer, refusedClaims }: wire.RendezvousState): RendezvousState {
  check(claim.length <= LIMITS.claimBody && answer.length <= LIMITS.answerBody, 'rendezvous');
  return {
    claim: claim.length === 0 ? undefined : claim,
    answer: answer.length === 0 ? undefined : answer,
    refusedClaims,
  };
}

export function packageTaken(message: wire.PackageTaken): { sealed: Uint8Array; lastResort: boolean } {
  check(message.package.length >= 1 && message.package.length <= LIMITS.keyPackage, 'package');
  return { sealed: message.package, lastResort: message.lastResort };
}

/** As many as were asked for; whether they are right, the proof says. */
export function tokensDrawn({ evaluated, proof, left }: wire.TokensDrawn, asked: number): { evaluated: readonly Uint8Array[]; proof: Uint8Array; left: number } {
  check(evaluated.length === asked && evaluated.every((element) => element.length === 32), 'evaluated');
  check(proof.length === 64, 'proof');
  return { evaluated, proof, left };
}

export function tailHeads(message: wire.TailOpened, shards: readonly ShardIndex[]): Map<number, number> {
  const heads = new Map(message.heads.map(({ shard, head }) => [shard, Number(head)]));
  check(shards.every((shard) => isNumber(heads.get(shard) ?? -1)), 'heads');
  return heads;
}

/** @throws MalformedReply for a code this version does not know, or one without what belongs to it */
export function refusalFrom(message: wire.Refusal): RelayRefusal {
  const { code } = message;
  if (!isRefusalCode(code)) throw new MalformedReply('refusal');
  if (code === 'wrong-slot') return new RelayRefusal(code, { currentSlot: must(slot(message.currentSlot), 'current slot') });
  if (code === 'wrong-week') return new RelayRefusal(code, { currentWeek: must(week(message.currentWeek), 'current week') });
  if (code !== 'duplicate-record') return new RelayRefusal(code);
  return new RelayRefusal(code, { existing: { shard: message.shard, seq: must(seq(message.seq), 'seq') } });
}
