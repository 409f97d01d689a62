/** Too much of everything, at a real relay: who overdoes it is refused in words of the table, everybody else is served. */
import { Agent, request } from 'node:http';
import { type Socket, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { create, toBinary } from '@bufbuild/protobuf';
import { Kind, PostRecordSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { KiB, MiB } from '#shared/limits.ts';
import { wireBlob } from '../../../test/harness/blobs.ts';
import { until } from '../../../test/harness/until.ts';
import { type RelayOptions, type TestRelay, startTestRelay } from '../../../test/harness/relay.ts';
import { WireHub, WireTail, authorization, random, randomPass, refusalIn } from '../../../test/harness/wire.ts';

let relay: TestRelay | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await relay?.stop();
});

async function hubWith(bounds: RelayOptions['bounds']): Promise<WireHub> {
  relay = await startTestRelay(bounds === undefined ? {} : { bounds });
  return WireHub.found(relay);
}

/** A bare connection, and all it was sent. */
function line(origin: string): { readonly socket: Socket; readonly said: () => Buffer; readonly over: () => boolean } {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  const chunks: Buffer[] = [];
  let over = false;
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined).on('close', () => (over = true));
  return { socket, said: () => Buffer.concat(chunks), over: () => over };
}

const head = (path: string, length: number, more = ''): string =>
  `POST ${path} HTTP/1.1\r\nHost: hub\r\nContent-Type: application/x-protobuf\r\nContent-Length: ${length}\r\n${more}\r\n`;

/** Connections of which the relay has read a header that announces a body, and nothing more. */
async function announceOnly(origin: string, path: string, count: number): Promise<void> {
  const silent = Array.from({ length: count }, () => line(origin));
  // What is answered first was read in one piece with the header behind it.
  for (const { socket } of silent) socket.write(`GET /v1/hub HTTP/1.1\r\nHost: hub\r\n\r\n${head(path, 10_000)}`);
  await until(() => silent.every(({ said }) => said().includes('200 OK')), 'all headers to be read');
}

/** One request on a connection of the agent's. */
const sendOn = (agent: Agent, origin: string, path: string, body: Uint8Array): Promise<{ status: number; code: string | undefined; last: boolean }> =>
  new Promise((resolve, reject) => {
    request(origin + path, { method: 'POST', agent, headers: { 'content-type': 'application/x-protobuf', 'content-length': body.length } }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve({
        status: reply.statusCode ?? 0, code: refusalIn(Buffer.concat(chunks))?.code, last: reply.headers.connection === 'close',
      }));
    }).on('error', reject).end(body);
  });

describe('requests', () => {
  it('many slow uploads of 4 MiB fill no more memory than they may, and an honest post passes between them', async () => {
    const hub = await hubWith({ requestBytes: 8 * MiB });
    const mailbox = await hub.openMailbox();
    const slow = Array.from({ length: 30 }, () => line(hub.wire.origin));
    for (const { socket } of slow) {
      socket.write(head('/v1/records', 4 * MiB));
      socket.write(Buffer.alloc(MiB));
    }
    // 30 MiB do not fit into 8: those beyond were refused or cut, in words of the table.
    await until(() => slow.filter(({ said }) => said().includes('too-many')).length >= 20, 'most of them to be refused');
    // An honest device tries again while it is told that the relay is busy.
    await until(() => mailbox.post(random(64 * KiB)).then(() => true, () => false), 'an honest post to be taken', 10_000);
  }, 60_000);

  it('chunks that are announced and never come keep nobody from reading and writing files', async () => {
    const hub = await hubWith(undefined);
    const file = await wireBlob(hub, 16 * KiB).send();
    for (const path of ['/v1/blobs/read', '/v1/blobs/write']) await announceOnly(hub.wire.origin, path, 64);
    expect((await file.read(0)).chunk).toEqual(file.chunks[0]);
    await wireBlob(hub, 16 * KiB).send();
  }, 60_000);

  it('a connection with a forged signature or token is closed; one that comes too late for its slot, or with a spent token, is not', async () => {
    const hub = await hubWith(undefined);
    const mailbox = await hub.openMailbox();
    const spent = await hub.purse.take(1);
    await mailbox.post(random(1024), { postage: spent });
    await mailbox.commit();
    const send = async (agent: Agent, fields: object) => {
      const post = { mailbox: mailbox.id, kind: Kind.POST, slot: 1n, body: random(1024), signature: random(64), postage: await hub.purse.take(1), ...fields };
      return sendOn(agent, hub.wire.origin, '/v1/records', toBinary(PostRecordSchema, create(PostRecordSchema, post)));
    };
    const honest = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let count = 0; count < 10; count += 1) {
      expect(await send(honest, { slot: 0n })).toEqual({ status: 409, code: 'wrong-slot', last: false });
      expect(await send(honest, { postage: spent })).toEqual({ status: 409, code: 'postage-spent', last: false });
    }
    expect(await send(new Agent({ keepAlive: true }), {})).toEqual({ status: 403, code: 'bad-signature', last: true });
    const madeUp = (await hub.purse.take(1)).fill(7, 4);
    expect(await send(new Agent({ keepAlive: true }), { postage: madeUp })).toEqual({ status: 403, code: 'bad-postage', last: true });
    honest.destroy();
  });

  it('other refusals that devices hardly ever get close a connection when there are eight of them', async () => {
    const hub = await hubWith(undefined);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const last = [];
    for (let count = 0; count < 9; count += 1) last.push((await sendOn(agent, hub.wire.origin, '/v1/records', random(10))).last);
    expect(last).toEqual([...Array(7).fill(false), true, false]);
    agent.destroy();
  });

  it('posts written behind each other without waiting are not looked at', async () => {
    const hub = await hubWith(undefined);
    const mailbox = await hub.openMailbox();
    const { socket, over } = line(hub.wire.origin);
    const post = async () => {
      const body = toBinary(PostRecordSchema, create(PostRecordSchema, {
        mailbox: mailbox.id, kind: Kind.POST, slot: 0n, body: random(1024), signature: random(64), postage: await hub.purse.take(1),
      }));
      return Buffer.concat([Buffer.from(head('/v1/records', body.length)), body]);
    };
    socket.write(Buffer.concat(await Promise.all(Array.from({ length: 20 }, post))));
    await until(over, 'the end of the connection');
    await mailbox.post();
    expect(await relay?.database?.query('SELECT 1 FROM spent_tokens')).toHaveLength(2);
  });

  it('one connection cannot have hundreds of requests answered at once, nor flood', async () => {
    const hub = await hubWith(undefined);
    const { socket, said } = line(hub.wire.origin);
    socket.write('GET /v1/hub HTTP/1.1\r\nHost: hub\r\n\r\n'.repeat(400));
    await until(() => said().includes('too-many'), 'a refusal');
    expect(said().toString('latin1').match(/HTTP\/1\.1 200/g)?.length ?? 0).toBeLessThanOrEqual(128);
    expect((await hub.wire.hello()).version).toBe(1);
  });

  it('idle connections make room for new ones', async () => {
    const hub = await hubWith({ connections: 64 });
    const idle = Array.from({ length: 100 }, () => line(hub.wire.origin));
    await until(() => idle.filter(({ over }) => over()).length >= 36, 'the oldest to go');
    expect((await hub.wire.hello()).version).toBe(1);
  });

  it('headers without an end, too long, or not of HTTP get a refusal and the end of the connection', async () => {
    const hub = await hubWith(undefined);
    const long = line(hub.wire.origin);
    long.socket.write(`GET /v1/hub HTTP/1.1\r\nHost: hub\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`);
    const noise = line(hub.wire.origin);
    noise.socket.write('\u0000\u0001 no such thing\r\n\r\n');
    const upgrade = line(hub.wire.origin);
    upgrade.socket.write('GET /v1/hub HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    const noKey = line(hub.wire.origin);
    noKey.socket.write('GET /v1/tail HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    for (const [{ said, over }, code] of [[long, 'too-large'], [noise, 'malformed'], [upgrade, 'unknown-path'], [noKey, 'malformed']] as const) {
      await until(() => over(), `the end after ${code}`);
      expect(said().toString('latin1')).toContain(code);
    }
  });

  it('a connection that never finishes its headers is closed', async () => {
    const hub = await hubWith(undefined);
    const loris = line(hub.wire.origin);
    loris.socket.write('GET /v1/hub HTTP/1.1\r\nHost: hub\r\n');
    const silent = line(hub.wire.origin);
    await until(() => loris.over() && silent.over(), 'both to be cut', 25_000);
    expect(loris.said().toString('latin1')).toContain('malformed');
  }, 60_000);
});

describe('pages', () => {
  it('a reader that stops reading holds one piece; when those fill their memory, the next is refused, and later served', async () => {
    const hub = await hubWith({ requestBytes: 16 * MiB });
    const mailbox = await hub.openMailbox();
    for (let count = 0; count < 6; count += 1) await mailbox.post(random(4 * MiB), { kind: Kind.NOTICE });
    const stuck = Array.from({ length: 4 }, () => line(hub.wire.origin));
    for (const { socket } of stuck) {
      socket.write(`GET /v1/log/0/0 HTTP/1.1\r\nHost: hub\r\nAuthorization: ${authorization(hub.pass)}\r\n\r\n`);
      socket.once('data', () => socket.pause());
    }
    await until(() => stuck.every(({ socket }) => socket.isPaused()), 'four readers who stop');
    expect((await hub.wire.raw('GET', '/v1/log/0/0', { pass: hub.pass })).refusal?.code).toBe('too-many');
    for (const { socket } of stuck) socket.destroy();
    await until(async () => (await hub.wire.raw('GET', '/v1/log/0/0', { pass: hub.pass })).status === 200, 'the page');
    expect((await hub.wire.readAll(0, hub.pass)).length).toBe(6);
  }, 60_000);
});

describe('tail sockets', () => {
  it('beyond so many are refused at the handshake; one that leaves makes room', async () => {
    const hub = await hubWith({ tailSockets: 16 });
    const tails = Array.from({ length: 16 }, () => hub.wire.tail(hub.pass));
    await Promise.all(tails.map((tail) => tail.opened()));
    const { socket, said, over } = line(hub.wire.origin);
    socket.write('GET /v1/tail HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n');
    await until(() => over(), 'the refusal');
    expect(said().toString('latin1')).toMatch(/^HTTP\/1\.1 429 [^]*too-many/);
    tails[0]?.close();
    await until(async () => {
      const tail = hub.wire.tail(hub.pass);
      await tail.until(({ closed, events }) => closed !== undefined || events.length > 0);
      return tail.closed === undefined;
    }, 'a place');
    for (const tail of tails) tail.close();
  });

  it('that nobody opens give way to new ones', async () => {
    const hub = await hubWith(undefined);
    const handshake = 'GET /v1/tail HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
    const silent = Array.from({ length: 1_100 }, () => line(hub.wire.origin));
    for (const { socket } of silent) socket.write(handshake);
    await until(() => silent.every(({ said, over }) => said().length > 0 || over()), 'an answer to every handshake');
    const tail = hub.wire.tail(hub.pass);
    await tail.opened();
    expect(silent.filter(({ said }) => said().includes('too-many'))).toEqual([]);
    tail.close();
  }, 60_000);

  it('of one pass are 32; the oldest gives way, and no other pass’s', async () => {
    const hub = await hubWith(undefined);
    const other = randomPass();
    await relay?.database?.query('INSERT INTO passes (pass, secret_hash) VALUES ($1, sha256($2))', [Buffer.from(other.id), Buffer.from(other.secret)]);
    const friend = hub.wire.tail(other);
    await friend.opened();
    const tails: WireTail[] = [];
    for (let count = 0; count < 34; count += 1) {
      const tail = hub.wire.tail(hub.pass);
      await tail.opened();
      tails.push(tail);
    }
    const [first, second, third] = tails as [WireTail, WireTail, WireTail];
    await Promise.all([first, second].map((tail) => tail.until(({ closed }) => closed !== undefined)));
    expect([first.closed?.code, second.closed?.code, third.closed, friend.closed]).toEqual([4009, 4009, undefined, undefined]);
    for (const tail of [friend, ...tails]) tail.close();
  });

  it('one that floods frames or pings is told so and closed; the others are not', async () => {
    const hub = await hubWith(undefined);
    const quiet = hub.wire.tail(hub.pass);
    const loud = hub.wire.tail(hub.pass);
    const pinging = hub.wire.tail(hub.pass);
    await Promise.all([quiet.opened(), loud.opened(), pinging.opened()]);
    for (let count = 0; count < 150; count += 1) {
      loud.ping();
      pinging.socket.ping();
    }
    for (const tail of [loud, pinging]) {
      await tail.until(({ closed }) => closed !== undefined);
      expect(tail.closed?.code).toBe(4029);
      expect(tail.events.at(-1)).toMatchObject({ case: 'refusal', value: { code: 'too-many' } });
    }
    quiet.ping();
    await quiet.until(({ events }) => events.some((event) => event.case === 'pong'));
    quiet.close();
  });

  it('what waits for slow readers stays within its memory: the furthest behind are sent to the pages', async () => {
    const hub = await hubWith({ tailBytes: MiB });
    const mailbox = await hub.openMailbox();
    const brisk: WireTail[] = Array.from({ length: 3 }, () => hub.wire.tail(hub.pass));
    const stuck: WireTail[] = Array.from({ length: 8 }, () => hub.wire.tail(hub.pass));
    await Promise.all([...brisk, ...stuck].map((tail) => tail.opened()));
    for (const tail of stuck) tail.socket.pause();
    // 8 MiB are within each one's own bound; the bound of all of them is what sends them away.
    for (let count = 0; count < 32; count += 1) await mailbox.post(random(256 * KiB), { kind: Kind.NOTICE });
    await Promise.all(brisk.map((tail) => tail.until(({ records }) => records.length === 32)));
    for (const tail of stuck) tail.socket.resume();
    await Promise.all(stuck.map((tail) => tail.until(({ closed }) => closed !== undefined)));
    // 1006: hung up on, where even the goodbye was too much to keep.
    for (const { closed } of stuck) expect([4008, 1006]).toContain(closed?.code);
    expect(brisk.every(({ closed }) => closed === undefined)).toBe(true);
    for (const tail of brisk) tail.close();
  }, 60_000);
});
