/**
 * mallory's process in the flood of forged posts: everything right but the signature, or the token too. She is as thrifty as
 * a program of her kind can be: one request is made once and a few bytes of it changed, no answer is read, tokens are
 * blinded and unblinded without a look at the proof, and one that was not taken is shown again.
 */
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { Evaluation, Oprf, POPRFClient } from '@cloudflare/voprf-ts';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { DrawTokensSchema, Kind, PostRecordSchema, TokenKind, TokensDrawnSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { type HubId, type MailboxId, type PassId, type Secret32, dayOf, weekOf } from '#shared/ids.ts';
import { LIMITS, POST_BODY_SIZES } from '#shared/limits.ts';
import { TOKEN_BYTES } from '#shared/postage.ts';
import { concatBytes, sodiumReady } from '#shared/sodium.ts';
import { libsodiumProvider } from '#shared/voprf/group.ts';
import { tokenInfo } from '#shared/voprf/tokens.ts';
import { Poster } from '../harness/poster.ts';
import { type WirePass, authorization, random } from '../harness/wire.ts';

export interface FloodOrder {
  readonly origin: string;
  /** In hexadecimal. */
  readonly hub: string;
  readonly mailbox: string;
  readonly pass: { readonly id: string; readonly secret: string };
  /** Connections to be made, each with `behind` posts written at once. */
  readonly connections: number;
  readonly behind: number;
  /** `fresh`: each with a token of its own, drawn first; `made-up`: with 100 bytes that look like one. */
  readonly tokens: 'fresh' | 'made-up';
}
/** Connections that were answered, and that were turned away. */
export interface FloodReport {
  readonly answered: number;
  readonly turnedAway: number;
}

const AT_ONCE = 16;

process.on('message', (message) => {
  void flood(message as FloodOrder).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit());

const bytesIn = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

async function flood(order: FloodOrder): Promise<FloodReport> {
  await sodiumReady();
  const { hostname, port } = new URL(order.origin);
  const forge = forger(order);
  const report = { answered: 0, turnedAway: 0 };
  let left = order.connections;
  const connection = async (): Promise<void> => {
    const { bytes, keep } = await forge();
    await new Promise<void>((resolve) => {
      let answered = false;
      const socket = connect(Number(port), hostname, () => socket.write(bytes));
      socket.once('data', () => {
        answered = true;
        socket.resume();
      });
      socket.on('error', () => undefined).once('close', () => {
        if (!answered) keep();
        report[answered ? 'answered' : 'turnedAway'] += 1;
        resolve();
      });
    });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while ((left -= 1) >= 0) await connection();
  }));
  return report;
}

interface Forged {
  readonly bytes: Buffer;
  /** To be called when the relay has not looked at it. */
  keep(): void;
}

/** @returns what a connection sends, each time another: only body and token have to differ */
function forger({ origin, mailbox, tokens, behind, ...rest }: FloodOrder): () => Promise<Forged> {
  const [body, token] = [random(POST_BODY_SIZES[0]), random(TOKEN_BYTES)];
  new DataView(token.buffer).setUint32(0, weekOf(dayOf(Date.now())));
  const template = Poster.request(origin, '/v1/records', toBinary(PostRecordSchema, create(PostRecordSchema, {
    mailbox: bytesIn(mailbox) as MailboxId, kind: Kind.POST, slot: 0n, body, signature: random(64), postage: token,
  })));
  const [bodyAt, tokenAt] = [template.indexOf(body), template.indexOf(token)];
  const purse: Uint8Array[] = [];
  let drawing: Promise<void> | undefined;
  let count = Math.floor(Math.random() * 2 ** 31);
  const one = async (): Promise<{ bytes: Buffer; token: Uint8Array | undefined }> => {
    const bytes = Buffer.from(template);
    bytes.writeUInt32BE((count += 1), bodyAt);
    bytes.writeUInt32BE(count, tokenAt + 4);
    if (tokens === 'made-up') return { bytes, token: undefined };
    while (purse.length === 0) await (drawing ??= draw({ origin, ...rest }).then((drawn) => {
      purse.push(...drawn);
      drawing = undefined;
    }));
    const token = purse.pop() as Uint8Array;
    bytes.set(token, tokenAt);
    return { bytes, token };
  };
  return async () => {
    const posts = await Promise.all(Array.from({ length: behind }, one));
    return { bytes: Buffer.concat(posts.map(({ bytes }) => bytes)), keep: () => purse.push(...posts.flatMap(({ token }) => token ?? [])) };
  };
}

/** A hundred tokens, blinded and unblinded as every device does it, and the proof not looked at. */
async function draw({ origin, hub, pass }: Pick<FloodOrder, 'origin' | 'hub' | 'pass'>): Promise<Uint8Array[]> {
  const week = weekOf(dayOf(Date.now()));
  const nonces = Array.from({ length: LIMITS.tokensPerDraw }, () => random(32));
  const client = new POPRFClient(Oprf.Suite.RISTRETTO255_SHA512, new Uint8Array(0), libsodiumProvider);
  const [state, asked] = await client.blind(nonces);
  const blinded = asked.blinded.map((element) => element.serialize());
  const shown = { id: bytesIn(pass.id) as PassId, secret: bytesIn(pass.secret) as Secret32 };
  const { evaluated } = fromBinary(TokensDrawnSchema, await ask(`${origin}/v1/postage/draw`, shown, toBinary(DrawTokensSchema, create(DrawTokensSchema, {
    kind: TokenKind.POSTAGE, week, blinded,
  }))));
  const elements = evaluated.map((bytes) => libsodiumProvider.Group.get('ristretto255').desElt(bytes));
  const outputs = await client.doFinalize(state, new Evaluation(Oprf.Mode.POPRF, elements), tokenInfo('postage', bytesIn(hub) as HubId, week));
  const start = new Uint8Array(4);
  new DataView(start.buffer).setUint32(0, week);
  return outputs.map((output, index) => concatBytes(start, nonces[index] as Uint8Array, output));
}


/** Drawing is no forgery: its connection stands while the others are turned away. */
const standing = new Agent({ keepAlive: true, maxSockets: 1 });

async function ask(url: string, pass: WirePass, body: Uint8Array): Promise<Uint8Array> {
  const headers = { authorization: authorization(pass), 'content-type': 'application/x-protobuf', 'content-length': body.length };
  for (;;) {
    const reply = await new Promise<Uint8Array | undefined>((resolve) => {
      request(url, { method: 'POST', agent: standing, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(incoming.statusCode === 200 ? Buffer.concat(chunks) : undefined));
      }).on('error', () => resolve(undefined)).end(body);
    });
    if (reply !== undefined) return reply;
  }
}
