/**
 * The wire by hand, without the engine: for tests of the relay itself and for mallory. Keys and signatures come from
 * node:crypto, so a mistake shared by engine and relay does not hide here.
 */
import { type KeyObject, createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { type DescMessage, type MessageInitShape, type MessageShape, create, fromBinary, toBinary } from '@bufbuild/protobuf';
import WebSocket from 'ws';
import { RelayRefusal, isRefusalCode } from '#shared/errors.ts';
import {
  FoundHubSchema, HubFoundedSchema, HubHelloSchema, Kind, type LogPage, LogPageSchema, MailboxOpenedSchema, OpenMailboxSchema, PostCommitSchema,
  PostRecordSchema, type Record as WireRecord, RecordPostedSchema, RefusalSchema, type TailEvent, TailEventSchema, TailRequestSchema,
} from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { HubId, MailboxId, PassId, PostVerifyKey, Secret32, Slot } from '#shared/ids.ts';
import { DROP_MAILBOX } from '#shared/mailboxes.ts';
import { SINGLE_COST, recordCost } from '#shared/postage.ts';
import { commitMessage, nextKeyMessage, openMailboxMessage, postMessage } from '#shared/signing.ts';
import type { TestDatabase } from './postgres.ts';
import { Purse } from './purse.ts';
import { foundingTokenIn } from './relay.ts';

export interface WirePass {
  readonly id: PassId;
  readonly secret: Secret32;
}
export interface WireReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** Set for every status from 400 on; undefined there means the body was no Refusal. */
  readonly refusal: RelayRefusal | undefined;
}

export const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
export const randomPass = (): WirePass => ({ id: random(16) as PassId, secret: random(32) as Secret32 });
export const authorization = ({ id, secret }: WirePass): string => `Pass ${Buffer.concat([id, secret]).toString('base64url')}`;
const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());

/** An Ed25519 post key. */
export interface PostKey {
  readonly verifyKey: PostVerifyKey;
  sign(message: Uint8Array): Uint8Array;
}
export function postKey(): PostKey {
  const { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return { verifyKey: new Uint8Array(raw) as PostVerifyKey, sign: (message) => new Uint8Array(sign(null, message, privateKey)) };
}

export class Wire {
  readonly origin: string;
  constructor(origin: string) {
    this.origin = origin;
  }

  /** Any bytes to any path; never throws for a refusal. */
  async raw(method: string, path: string, options: { body?: Uint8Array; headers?: Record<string, string>; pass?: WirePass } = {}): Promise<WireReply> {
    const reply = await fetch(`${this.origin}${path}`, {
      method,
      headers: {
        ...(options.body === undefined ? {} : { 'content-type': 'application/x-protobuf' }),
        ...(options.pass === undefined ? {} : { authorization: authorization(options.pass) }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: Buffer.from(options.body) }),
    });
    const body = new Uint8Array(await reply.arrayBuffer());
    return { status: reply.status, headers: reply.headers, body, refusal: reply.status >= 400 ? refusalIn(body) : undefined };
  }

  /** One call of the wire specification. @throws RelayRefusal */
  async call<Request extends DescMessage, Reply extends DescMessage>(
    path: string, request: Request, message: MessageInitShape<Request>, reply: Reply, pass?: WirePass,
  ): Promise<MessageShape<Reply>> {
    const answer = await this.raw('POST', path, { body: toBinary(request, create(request, message)), ...(pass ? { pass } : {}) });
    return fromBinary(reply, accepted(answer).body);
  }

  async hello(): Promise<MessageShape<typeof HubHelloSchema>> {
    return fromBinary(HubHelloSchema, accepted(await this.raw('GET', '/v1/hub')).body);
  }

  async found(token: Uint8Array, hub: HubId, pass: WirePass): Promise<void> {
    await this.call('/v1/found', FoundHubSchema, { foundingToken: token, hub, passId: pass.id, passSecret: pass.secret }, HubFoundedSchema);
  }

  async page(shard: number, page: number, pass: WirePass): Promise<LogPage> {
    return fromBinary(LogPageSchema, accepted(await this.raw('GET', `/v1/log/${shard}/${page}`, { pass })).body);
  }

  /** Every record the shard still keeps, read page by page. */
  async readAll(shard: number, pass: WirePass): Promise<WireRecord[]> {
    const records: WireRecord[] = [];
    for (let number = 0; ; number += 1) {
      const page = await this.page(shard, number, pass);
      records.push(...page.records);
      if (!page.complete || page.head === BigInt((number + 1) * 128)) return records;
    }
  }

  /** Makes the relay open its database connections, so that what is sent together next really runs at the same time. */
  async warmUp(): Promise<void> {
    await Promise.all(Array.from({ length: 40 }, () => this.raw('GET', '/healthz')));
  }

  tail(pass: WirePass, shards: readonly number[] = [0]): WireTail {
    const tail = new WireTail(this.origin);
    tail.open(pass, shards);
    return tail;
  }
}

const accepted = (reply: WireReply): WireReply => {
  if (reply.status >= 400) throw reply.refusal ?? new Error(`status ${reply.status} without a Refusal`);
  return reply;
};

export function refusalIn(body: Uint8Array): RelayRefusal | undefined {
  try {
    const { code, currentSlot, seq, shard, currentWeek } = fromBinary(RefusalSchema, body);
    if (!isRefusalCode(code)) return undefined;
    return new RelayRefusal(code, {
      ...(code === 'wrong-slot' ? { currentSlot: Number(currentSlot) } : {}),
      ...(code === 'wrong-week' ? { currentWeek } : {}),
      ...(code === 'duplicate-record' ? { existing: { shard, seq: Number(seq) } } : {}),
    });
  } catch {
    return undefined;
  }
}

/** A founded hub with one pass, and the mailboxes opened through it. Whatever costs postage is paid with tokens the pass drew. */
export class WireHub {
  readonly wire: Wire;
  readonly hub: HubId;
  readonly pass: WirePass;
  readonly purse: Purse;
  constructor(wire: Wire, hub: HubId, pass: WirePass, purse = Purse.of(wire, hub, pass)) {
    this.wire = wire;
    this.hub = hub;
    this.pass = pass;
    this.purse = purse;
  }

  static async found(relay: { origin: string; foundingLink: string | undefined; database?: TestDatabase | undefined }): Promise<WireHub> {
    if (relay.foundingLink === undefined) throw new Error('this hub is founded already');
    const [wire, id] = [new Wire(relay.origin), random(16) as HubId];
    const hub = new WireHub(wire, id, randomPass(), relay.database && Purse.minting(relay.database, id));
    await hub.wire.found(foundingTokenIn(relay.foundingLink), hub.hub, hub.pass);
    return hub;
  }

  async openMailbox(mailbox: MailboxId = random(16) as MailboxId): Promise<WireMailbox> {
    const key = postKey();
    const proof = key.sign(openMailboxMessage(this.hub, mailbox, key.verifyKey));
    await this.purse.pay(SINGLE_COST, (postage) =>
      this.wire.call('/v1/mailboxes', OpenMailboxSchema, { mailbox, verifyKey: key.verifyKey, proof, postage }, MailboxOpenedSchema));
    return new WireMailbox(this, mailbox, key);
  }

  async drop(body: Uint8Array = random(16_384)): Promise<{ shard: number; seq: number }> {
    return placeOf(await this.purse.pay(recordCost(body.length), (postage) =>
      this.wire.call('/v1/records', PostRecordSchema, { mailbox: DROP_MAILBOX, kind: Kind.DROP, body, postage }, RecordPostedSchema)));
  }
}

export interface PostOptions {
  readonly slot?: number;
  readonly key?: PostKey;
  readonly kind?: typeof Kind.POST | typeof Kind.NOTICE;
  /** Instead of what the body costs, from the hub's purse. */
  readonly postage?: Uint8Array;
}

export class WireMailbox {
  readonly hub: WireHub;
  readonly id: MailboxId;
  key: PostKey;
  slot = 0;
  constructor(hub: WireHub, id: MailboxId, key: PostKey) {
    this.hub = hub;
    this.id = id;
    this.key = key;
  }

  /** @throws RelayRefusal */
  async post(body: Uint8Array = random(1024), options: PostOptions = {}): Promise<{ shard: number; seq: number }> {
    const { slot = this.slot, key = this.key, kind = Kind.POST } = options;
    const facts = { hub: this.hub.hub, mailbox: this.id, slot: slot as Slot, kind, bodyHash: sha256(body) };
    const message = { mailbox: this.id, kind, slot: BigInt(slot), body, signature: key.sign(postMessage(facts)) };
    const send = (postage: Uint8Array) => this.hub.wire.call('/v1/records', PostRecordSchema, { ...message, postage }, RecordPostedSchema);
    return placeOf(await (options.postage === undefined ? this.hub.purse.pay(recordCost(body.length), send) : send(options.postage)));
  }

  /** The message of a commit, paid for, for sending it as it is or spoilt. */
  async commitMessage(
    body: Uint8Array, next: PostKey, options: { slot?: number; key?: PostKey; postage?: Uint8Array } = {},
  ): Promise<MessageInitShape<typeof PostCommitSchema>> {
    const { slot = this.slot, key = this.key } = options;
    const facts = { hub: this.hub.hub, mailbox: this.id, slot: slot as Slot, kind: Kind.COMMIT, bodyHash: sha256(body) };
    return {
      mailbox: this.id, slot: BigInt(slot), body, signature: key.sign(commitMessage(facts, next.verifyKey)),
      nextVerifyKey: next.verifyKey, nextProof: next.sign(nextKeyMessage(facts, next.verifyKey)),
      postage: options.postage ?? (await this.hub.purse.take(recordCost(body.length))),
    };
  }

  /** Commits and moves on to the next slot's key. @throws RelayRefusal */
  async commit(body: Uint8Array = random(16_384), next: PostKey = postKey()): Promise<{ shard: number; seq: number }> {
    const place = placeOf(await this.hub.purse.pay(recordCost(body.length), async (postage) =>
      this.hub.wire.call('/v1/commits', PostCommitSchema, await this.commitMessage(body, next, { postage }), RecordPostedSchema)));
    this.key = next;
    this.slot += 1;
    return place;
  }
}

const placeOf = ({ shard, seq }: { shard: number; seq: bigint }): { shard: number; seq: number } => ({ shard, seq: Number(seq) });

/** A tail socket that keeps what it was sent. */
export class WireTail {
  readonly events: TailEvent['event'][] = [];
  readonly socket: WebSocket;
  closed: { code: number } | undefined;
  private waiting: (() => void)[] = [];

  constructor(origin: string) {
    this.socket = new WebSocket(`${origin.replace('http', 'ws')}/v1/tail`, { perMessageDeflate: false });
    this.socket.on('message', (data: Buffer) => {
      this.events.push(fromBinary(TailEventSchema, new Uint8Array(data)).event);
      this.wake();
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', (code) => {
      this.closed = { code };
      this.wake();
    });
  }

  open(pass: WirePass, shards: readonly number[], version = 1): void {
    this.send(toBinary(TailRequestSchema, create(TailRequestSchema, {
      request: { case: 'open', value: { version, passId: pass.id, passSecret: pass.secret, shards: [...shards] } },
    })));
  }

  ping(): void {
    this.send(toBinary(TailRequestSchema, create(TailRequestSchema, { request: { case: 'ping', value: {} } })));
  }

  /** Any frame, as soon as the socket is open. */
  send(frame: Uint8Array | string): void {
    if (this.socket.readyState === WebSocket.CONNECTING) this.socket.once('open', () => this.socket.send(frame));
    else this.socket.send(frame);
  }

  get records(): WireRecord[] {
    return this.events.flatMap((event) => (event.case === 'batch' ? event.value.records : []));
  }

  /** Resolves when `ready` is true of this tail; looks after every event. @throws Error when the time (milliseconds) is over */
  async until(ready: (tail: WireTail) => boolean, milliseconds = 10_000): Promise<this> {
    const end = Date.now() + milliseconds;
    while (!ready(this)) {
      if (Date.now() > end) throw new Error(`waited in vain; got ${this.events.map((event) => event.case).join(', ')}`);
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
        setTimeout(resolve, 50);
      });
    }
    return this;
  }

  /** Resolves with the heads once open. */
  async opened(): Promise<ReadonlyMap<number, number>> {
    await this.until((tail) => tail.closed !== undefined || tail.events.some(({ case: what }) => what === 'opened'));
    const opened = this.events.find((event) => event.case === 'opened');
    if (opened?.case !== 'opened') throw new Error('the tail was closed before it opened');
    return new Map(opened.value.heads.map(({ shard, head }) => [shard, Number(head)]));
  }

  close(): void {
    this.socket.terminate();
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
