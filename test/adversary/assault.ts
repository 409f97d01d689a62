/** Mangled requests and frames by the ten thousand at a relay in a process of its own, every answer looked at. */
import { type Socket, connect } from 'node:net';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import WebSocket from 'ws';
import { REFUSALS, isRefusalCode } from '#shared/errors.ts';
import { RefusalSchema, TailEventSchema, TailRequestSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { PROTOCOL_VERSION } from '#shared/limits.ts';
import { type Chance, chanceFrom } from '../harness/chance.ts';
import type { Held } from '../harness/heap.ts';
import { authorization, type WirePass } from '../harness/wire.ts';
import { ENDPOINTS, bent, bentHead, messagesOf } from './mangling.ts';

/** Requests on a connection: after eight refusals of the bad kind the relay closes it. */
const ON_ONE = 8;
/** Frames on a socket: a few less than it may send at once. */
const FRAMES_ON_ONE = 96;
const LINES = 16;
const SOCKETS = 16;
/** Of a hundred attempts: frames are cheap, and a request costs some fifteen times as much (TCP, HTTP, a refusal to be read). */
const SHARES = { bodies: 9, heads: 1, frames: 90 } as const;
/** Close codes of ws itself (a frame that is none), of a connection that broke, and of docs/protocol/relay.md. */
const CLOSES: ReadonlySet<number> = new Set([1002, 1003, 1006, 1007, 1009, 4001, 4002, 4008, 4029]);

export interface Report {
  /** Answers by path and code; `closed` where a connection ended instead, as it may. */
  readonly answers: Map<string, number>;
  /** What must not be: untyped answers, `internal`, unknown close codes. */
  readonly wrong: string[];
  /** What it held, every `step` attempts. */
  readonly held: Held[];
  sent: number;
}

export interface Assault {
  readonly origin: string;
  readonly pass: WirePass;
  readonly seed: number;
  readonly attempts: number;
  /** Attempts between two looks at the memory. */
  readonly step: number;
  /** Looks at the memory. */
  look(): Promise<Held>;
}

/** Sends at least so many attempts. */
export async function assault({ origin, pass, seed, attempts, step, look }: Assault): Promise<Report> {
  const report: Report = { answers: new Map(), wrong: [], held: [], sent: 0 };
  const messages = ENDPOINTS.map(([path, schema], index) => [path, messagesOf(schema, 150, seed + index)] as const);
  const asks = messagesOf(TailRequestSchema, 50, seed);
  const count = async (sent: number): Promise<void> => {
    const before = Math.floor(report.sent / step);
    report.sent += sent;
    if (Math.floor(report.sent / step) === before) return;
    const held = await look();
    report.held.push(held);
    console.log(`${report.sent} sent`, held);
  };
  const note = (where: string, code: string): void => void report.answers.set(`${where} ${code}`, (report.answers.get(`${where} ${code}`) ?? 0) + 1);
  const target = { origin, pass, report, note };
  const shares = { bodies: attempts * SHARES.bodies / 100, heads: attempts * SHARES.heads / 100, frames: attempts * SHARES.frames / 100 };
  const lines = Array.from({ length: LINES }, async (_, number) => {
    const chance = chanceFrom(seed + 1_000 + number);
    for (let left = shares.bodies / LINES; left > 0; left -= ON_ONE) await count(await bodiesOnOne(target, messages, chance));
    for (let left = shares.heads / LINES; left > 0; left -= 1) await count(await oneHead(target, chance));
  });
  const sockets = Array.from({ length: SOCKETS }, async (_, number) => {
    const chance = chanceFrom(seed + 2_000 + number);
    for (let left = shares.frames / SOCKETS; left > 0; left -= FRAMES_ON_ONE) await count(await framesOnOne(target, asks, chance));
  });
  await Promise.all([...lines, ...sockets]);
  return report;
}

interface Target {
  readonly origin: string;
  readonly pass: WirePass;
  readonly report: Report;
  note(where: string, code: string): void;
}

/** Eight requests behind each other without waiting. @returns how many were sent */
async function bodiesOnOne(target: Target, messages: readonly (readonly [string, Uint8Array[]])[], chance: Chance): Promise<number> {
  const paths: string[] = [];
  const requests = Array.from({ length: ON_ONE }, () => {
    const [path, samples] = chance.pick(messages);
    paths.push(path);
    const body = bent(chance.pick(samples), chance.pick(samples), chance);
    const type = path === '/v1/gateway' || path.startsWith('/v1/oblivious/') ? 'message/ohttp-req' : 'application/x-protobuf';
    const pass = chance.below(3) === 0 ? `Authorization: ${authorization(target.pass)}\r\n` : '';
    return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\nHost: hub\r\n${pass}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`), body]);
  });
  const said = await exchange(target.origin, Buffer.concat(requests), ON_ONE, chance);
  judge(target, said, (index) => paths[index] ?? 'beyond');
  return ON_ONE;
}

async function oneHead(target: Target, chance: Chance): Promise<number> {
  const head = bentHead(chance);
  const said = await exchange(target.origin, head, 1, chance);
  judge(target, said, () => 'head');
  return 1;
}

/** Writes everything, and gives what came back when so many answers came or the connection ended. */
function exchange(origin: string, bytes: Buffer, answers: number, chance: Chance): Promise<Buffer> {
  const { port } = new URL(origin);
  return new Promise((resolve) => {
    // Many addresses of the loopback: closed connections keep their port busy for a minute.
    const socket: Socket = connect({ port: Number(port), host: '127.0.0.1', localAddress: `127.0.0.${2 + chance.below(200)}` });
    const chunks: Buffer[] = [];
    const done = (): void => {
      clearTimeout(patience);
      socket.destroy();
      resolve(Buffer.concat(chunks));
    };
    const patience = setTimeout(done, 30_000);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (responsesIn(Buffer.concat(chunks)).length >= answers) done();
    }).on('error', () => undefined).on('close', done);
    // What is half a request is known for one when nothing more can come.
    socket.end(bytes);
  });
}

interface Response {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
}

/** Whole responses; bodies of known length or in chunks. */
function responsesIn(bytes: Buffer): Response[] {
  const found: Response[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf('\r\n\r\n', from);
    if (end === -1) break;
    const head = bytes.toString('latin1', from, end);
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]);
    const start = end + 4;
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? -1);
    const close = length >= 0 ? start + length : /transfer-encoding: chunked/i.test(head) ? bytes.indexOf('0\r\n\r\n', start) + 5 : start;
    if (close > bytes.length || close < start) break;
    if (status >= 200) found.push({ status, head, body: bytes.subarray(start, close) });
    from = close;
  }
  return found;
}

function judge({ report, note }: Target, said: Buffer, where: (index: number) => string): void {
  const responses = responsesIn(said);
  responses.forEach(({ status, head, body }, index) => {
    const path = where(index);
    if (status < 400) return note(path, 'taken');
    // A reply to HEAD says how long its body would be and has none: what follows is nothing, or the next reply.
    const isBare = path === 'head' && (body.length === 0 || body.toString('latin1', 0, 9) === 'HTTP/1.1 ');
    const refusal = isBare ? undefined : refusalOf(body);
    const fits = refusal !== undefined && isRefusalCode(refusal) && refusal !== 'internal' && REFUSALS[refusal][0] === status;
    note(path, refusal ?? String(status));
    if (!fits && !isBare) report.wrong.push(`${path}: ${head.slice(0, 300)} ${body.toString('hex').slice(0, 200)}`);
  });
  if (responses.length === 0) note(where(0), 'closed');
}

function refusalOf(body: Buffer): string | undefined {
  try {
    return fromBinary(RefusalSchema, body).code;
  } catch {
    return undefined;
  }
}

const openWith = ({ id, secret }: WirePass): Uint8Array =>
  toBinary(TailRequestSchema, create(TailRequestSchema, { request: { case: 'open', value: { version: PROTOCOL_VERSION, passId: id, passSecret: secret, shards: [0] } } }));

/** Mangled frames on one tail socket, opened with a pass or not; some sockets end with bytes that are no frame at all. */
function framesOnOne({ origin, pass, report, note }: Target, asks: readonly Uint8Array[], chance: Chance): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/v1/tail`, { perMessageDeflate: false, localAddress: `127.0.0.${2 + chance.below(200)}` });
    let heard = 0;
    const done = (): void => {
      clearTimeout(patience);
      socket.terminate();
      resolve(FRAMES_ON_ONE);
    };
    const patience = setTimeout(done, 30_000);
    socket.on('open', () => {
      const { _socket: line } = socket as unknown as { _socket: Socket };
      line.cork();
      if (chance.below(2) === 0) socket.send(openWith(pass));
      else socket.send('words');
      for (let sent = 1; sent < FRAMES_ON_ONE; sent += 1) socket.send(chance.below(50) > 0 ? bent(chance.pick(asks), chance.pick(asks), chance) : 'words');
      if (chance.below(4) === 0) line.write(Buffer.from(Array.from({ length: 14 }, () => chance.below(256))));
      line.uncork();
    });
    socket.on('message', (data: Buffer) => {
      heard += 1;
      const { event } = fromBinary(TailEventSchema, new Uint8Array(data));
      const code = event.case === 'refusal' ? event.value.code : event.case;
      note('frame', code ?? 'nothing');
      if (code === 'internal' || (event.case === 'refusal' && !isRefusalCode(event.value.code))) report.wrong.push(`frame: ${code}`);
      if (heard >= FRAMES_ON_ONE) socket.close();
    });
    // A refused handshake is an answer by HTTP.
    socket.on('unexpected-response', (_request, response) => {
      note('handshake', String(response.statusCode));
      done();
    });
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      note('frame', `close ${code}`);
      if (code !== 1000 && code !== 1005 && !CLOSES.has(code)) report.wrong.push(`frame: close ${code}`);
      done();
    });
  });
}
