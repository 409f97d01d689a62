/**
 * The relay over HTTP and a WebSocket, the same in a browser and in Node. shared/proto/thicket/relay/v1/relay.proto says
 * what each path takes and gives, and which calls are anonymous.
 */
import { create, type DescMessage, type MessageInitShape, type MessageShape, toBinary } from '@bufbuild/protobuf';
import * as wire from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { KiB, LIMITS, PAGE_SIZE } from '#shared/limits.ts';
import * as parse from './parse.ts';
import { type Pass, type Relay, RelayUnreachable } from './port.ts';
import { DEFAULT_PACE, openTail, type TailPace } from './tail.ts';
import { DEFAULT_TIMEOUTS, type Timeouts, transport } from './transport.ts';

export interface RelayOptions {
  readonly fetch?: typeof fetch | undefined;
  /** For calls that do not show who asks; `fetch` unless given. In Node it should be lone-fetch.ts's. */
  readonly anonymousFetch?: typeof fetch | undefined;
  readonly WebSocket?: typeof WebSocket | undefined;
  readonly timeouts?: Partial<Timeouts> | undefined;
  readonly pace?: Partial<TailPace> | undefined;
}

/** Fields of a record besides its body. */
const RECORD_OVERHEAD = 128;
const SMALL_REPLY = 4 * KiB;
/** It tells of every shard there ever was. */
const HELLO_REPLY = 512 * KiB;
const HELLO = { method: 'GET', path: '/v1/hub', replyBytes: HELLO_REPLY } as const;
/** What the largest page or batch can be: every record as long as a record may be. */
const PAGE_REPLY = PAGE_SIZE * (LIMITS.recordBody + RECORD_OVERHEAD) + SMALL_REPLY;
const RENDEZVOUS_REPLY = LIMITS.claimBody + LIMITS.answerBody + SMALL_REPLY;
const CHUNK_REPLY = LIMITS.blobChunk + SMALL_REPLY;
const PACKAGE_REPLY = LIMITS.keyPackage + SMALL_REPLY;
const DRAW_REPLY = LIMITS.tokensPerDraw * 64 + SMALL_REPLY;

/**
 * @param origin of the relay, such as `https://hub.example`; a path behind it is left out
 * @throws TypeError if `origin` is not an http or https address
 */
export function createRelay(origin: string, options: RelayOptions = {}): Relay {
  const url = new URL(origin);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError('a relay has an http or https address');
  const send = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const lines = { known: send, anonymous: options.anonymousFetch ?? send };
  const closing = new AbortController();
  const { call, setWay } = transport(url.origin, lines, { ...DEFAULT_TIMEOUTS, ...options.timeouts }, closing.signal);

  /** Posts a message and reads the reply; with a pass only where the specification says so. */
  function ask<Request extends DescMessage, Reply extends DescMessage>(
    path: string, [request, reply]: readonly [Request, Reply], fields: MessageInitShape<Request>,
    { pass, tellsPass, replyBytes = SMALL_REPLY }: { pass?: Pass; tellsPass?: boolean; replyBytes?: number } = {},
  ): Promise<MessageShape<Reply>> {
    return call({ method: 'POST', path, body: toBinary(request, create(request, fields)), pass, tellsPass, replyBytes }, reply);
  }

  return {
    hello: async ({ known } = { known: false }) => understood(await call({ ...HELLO, tellsPass: known }, wire.HubHelloSchema), parse.hubHello),

    async found({ token, hub, pass }) {
      await ask('/v1/found', [wire.FoundHubSchema, wire.HubFoundedSchema],
        { foundingToken: token, hub, passId: pass.id, passSecret: pass.secret }, { tellsPass: true });
    },
    async registerPass(ticket, pass) {
      await ask('/v1/passes', [wire.RegisterPassSchema, wire.PassRegisteredSchema], { ticket, passId: pass.id, passSecret: pass.secret },
        { tellsPass: true });
    },
    async drawTokens(pass, { kind, week, blinded }) {
      const fields = { kind: parse.TOKEN_KINDS[kind], week, blinded: [...blinded] };
      const message = await ask('/v1/postage/draw', [wire.DrawTokensSchema, wire.TokensDrawnSchema], fields, { pass, replyBytes: DRAW_REPLY });
      return understood(message, (reply) => parse.tokensDrawn(reply, blinded.length));
    },

    async openMailbox(request) {
      await ask('/v1/mailboxes', [wire.OpenMailboxSchema, wire.MailboxOpenedSchema], request);
    },
    async post({ mailbox, kind, slot, body, signature, postage }) {
      const fields = { mailbox, kind: parse.WIRE_KINDS[kind], slot: BigInt(slot), body, signature: signature ?? new Uint8Array(0), postage };
      return understood(await ask('/v1/records', [wire.PostRecordSchema, wire.RecordPostedSchema], fields), parse.place);
    },
    async commit(request) {
      const fields = { ...request, slot: BigInt(request.slot) };
      return understood(await ask('/v1/commits', [wire.PostCommitSchema, wire.RecordPostedSchema], fields), parse.place);
    },

    async fillPool({ pool, ownerSecret, packages, lastResort, anew = false, postage }) {
      const fields = { pool, ownerSecret, packages: [...packages], lastResort: lastResort ?? new Uint8Array(0), anew, postage };
      const { waiting } = await ask('/v1/pools', [wire.FillPoolSchema, wire.PoolFilledSchema], fields);
      return { waiting };
    },
    async takePackage(request) {
      const schemas = [wire.TakePackageSchema, wire.PackageTakenSchema] as const;
      return understood(await ask('/v1/pools/take', schemas, request, { replyBytes: PACKAGE_REPLY }), parse.packageTaken);
    },

    async openRendezvous(request) {
      await ask('/v1/rendezvous/open', [wire.OpenRendezvousSchema, wire.RendezvousOpenedSchema], request);
    },
    async claimRendezvous(request) {
      await ask('/v1/rendezvous/claim', [wire.ClaimRendezvousSchema, wire.RendezvousClaimedSchema], request);
    },
    async answerRendezvous(request) {
      await ask('/v1/rendezvous/answer', [wire.AnswerRendezvousSchema, wire.RendezvousAnsweredSchema], request);
    },
    async readRendezvous(request) {
      const schemas = [wire.ReadRendezvousSchema, wire.RendezvousStateSchema] as const;
      return understood(await ask('/v1/rendezvous/read', schemas, request, { replyBytes: RENDEZVOUS_REPLY }), parse.rendezvousState);
    },

    async openBlob(request) {
      const { received } = await ask('/v1/blobs', [wire.OpenBlobSchema, wire.BlobOpenedSchema], { ...request, size: BigInt(request.size) });
      return { received };
    },
    async writeChunk(request) {
      const { received } = await ask('/v1/blobs/write', [wire.WriteChunkSchema, wire.ChunkWrittenSchema], request);
      return { received };
    },
    async readChunk(blob, index) {
      const { chunk, size } = await ask('/v1/blobs/read', [wire.ReadChunkSchema, wire.BlobChunkSchema], { blob, index }, { replyBytes: CHUNK_REPLY });
      return { chunk, size: Number(size) };
    },
    async deleteBlob(request) {
      await ask('/v1/blobs/delete', [wire.DeleteBlobSchema, wire.BlobDeletedSchema], request);
    },

    async readPage(pass, shard, page, { fresh = false } = {}) {
      const path = `/v1/log/${shard}/${page}`;
      const message = await call({ method: 'GET', path, pass, replyBytes: PAGE_REPLY, cache: fresh ? 'reload' : 'default' }, wire.LogPageSchema);
      return understood(message, (reply) => parse.logPage(reply, shard, page));
    },
    tail: (pass, shards, listener) =>
      openTail({
        url: `${url.origin.replace(/^http/, 'ws')}/v1/tail`, pass, shards, listener, frameBytes: PAGE_REPLY,
        WebSocket: options.WebSocket ?? globalThis.WebSocket, pace: { ...DEFAULT_PACE, ...options.pace },
      }),
    postThrough: (neighbour, heard) => setWay(neighbour && { neighbour, heard }),
    helloThrough: async (neighbour) =>
      understood(await call(HELLO, wire.HubHelloSchema, { neighbour, heard: () => undefined }), parse.hubHello),
    close: () => closing.abort(),
  };
}

/** A reply that breaks the protocol is as good as none. */
function understood<Message, T>(message: Message, parser: (message: Message) => T): T {
  try {
    return parser(message);
  } catch (cause) {
    throw new RelayUnreachable({ cause });
  }
}
