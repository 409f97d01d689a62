/** The tail against a relay that comes and goes, falls silent, or talks nonsense. */
import { fromBinary } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { PuppetRelay, tailEvent } from '../../../test/harness/puppet-relay.ts';
import { Kind, TailRequestSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { PassId, Secret32, ShardIndex } from '#shared/ids.ts';
import { createRelay } from './http.ts';
import type { Tail, TailListener } from './port.ts';
import type { TailPace } from './tail.ts';

const pass = { id: new Uint8Array(16).fill(1) as PassId, secret: new Uint8Array(32).fill(2) as Secret32 };
const shards = [0, 3] as ShardIndex[];
const mailbox = new Uint8Array(16).fill(7);
const record = (seq: number) => ({ seq: BigInt(seq), mailbox, kind: Kind.POST, slot: 0n, body: Uint8Array.of(seq & 255) });
const opened = tailEvent({ case: 'opened', value: { heads: [{ shard: 0, head: 9n }, { shard: 3, head: 0n }] } });
const batch = (shard: number, ...seqs: number[]) => tailEvent({ case: 'batch', value: { shard, records: seqs.map(record) } });
const refusal = (code: string) => tailEvent({ case: 'refusal', value: { code } });
const pong = tailEvent({ case: 'pong', value: {} });

const PACE: TailPace = {
  firstPauseMs: 20, longestPauseMs: 80, refusedPauseMs: 500, steadyMs: 60_000,
  openMs: 1000, quietMs: 500, answerMs: 500, nudgedAnswerMs: 200,
};

let puppet: PuppetRelay;
let tail: Tail | undefined;
let heard: string[];
const listener: TailListener = {
  opened: (heads) => heard.push(`opened ${[...heads].map(([shard, head]) => `${shard}:${head}`).join(' ')}`),
  records: (shard, records) => heard.push(`${shard}: ${records.map((r) => `${r.seq} ${r.kind}`).join(', ')}`),
  closed: (why) => heard.push(`closed ${why.name === 'RelayRefusal' ? (why as { code?: string }).code : why.name}`),
};
const listen = (pace: Partial<TailPace> = {}) => (tail = createRelay(puppet.origin, { pace: { ...PACE, ...pace } }).tail(pass, shards, listener));
const hear = (what: string, times = 1) =>
  vi.waitFor(() => expect(heard.filter((line) => line === what).length).toBeGreaterThanOrEqual(times), { timeout: 5000, interval: 5 });
const requests = (socket: WebSocket, heed: (request: string | undefined) => void) =>
  socket.on('message', (data) => heed(fromBinary(TailRequestSchema, new Uint8Array(data as Buffer)).request.case));
/** Opens, and answers pings. */
const behave = (socket: WebSocket, then: () => void = () => undefined) =>
  requests(socket, (request) => {
    if (request === 'ping') socket.send(pong);
    if (request !== 'open') return;
    socket.send(opened);
    then();
  });

beforeEach(async () => {
  heard = [];
  puppet = await PuppetRelay.start();
});
afterEach(async () => {
  tail?.close();
  await puppet.stop();
});

describe('the tail', () => {
  test('opens with the pass and hands on what comes', async () => {
    let request: unknown;
    puppet.onSocket = (socket) => {
      socket.once('message', (data) => (request = fromBinary(TailRequestSchema, new Uint8Array(data as Buffer)).request.value));
      behave(socket, () => (socket.send(batch(0, 10, 11)), socket.send(batch(3, 1)), socket.send(batch(0))));
    };
    listen();
    await hear('3: 1 post');
    expect(heard).toEqual(['opened 0:9 3:0', '0: 10 post, 11 post', '3: 1 post']);
    expect(request).toMatchObject({ version: 1, passId: pass.id, passSecret: pass.secret, shards: [0, 3] });
    expect(new URL(puppet.origin).search).toBe('');
  });

  test('keeps a quiet link open with pings', async () => {
    let pings = 0;
    puppet.onSocket = (socket) => {
      behave(socket);
      requests(socket, (request) => (pings += request === 'ping' ? 1 : 0));
    };
    listen({ quietMs: 30, answerMs: 3000 });
    await vi.waitFor(() => expect(pings).toBeGreaterThanOrEqual(3), { timeout: 5000 });
    expect(heard).toEqual(['opened 0:9 3:0']);
  });

  test('notices a link that is dead without saying so, and comes back', async () => {
    // The first socket opens and then answers nothing more.
    puppet.onSocket = (socket) => (puppet.sockets.length === 1 ? requests(socket, (r) => r === 'open' && socket.send(opened)) : behave(socket));
    listen();
    await hear('closed RelayUnreachable');
    await hear('opened 0:9 3:0', 2);
  });

  test('gives up on a relay that never opens, and tries again', async () => {
    puppet.onSocket = (socket) => (puppet.sockets.length === 1 ? undefined : behave(socket));
    listen({ openMs: 400 });
    await hear('opened 0:9 3:0');
    expect(heard).toEqual(['closed RelayUnreachable', 'opened 0:9 3:0']);
  });

  test('comes back after the relay was cut off, with pauses that grow', async () => {
    const at: number[] = [];
    puppet.onSocket = (socket) => {
      at.push(Date.now());
      behave(socket, () => (at.length < 6 ? socket.terminate() : socket.send(batch(0, 10))));
    };
    listen({ firstPauseMs: 40, longestPauseMs: 300 });
    await hear('0: 10 post');
    const pauses = at.slice(1).map((time, i) => time - (at[i] as number));
    expect(pauses.length).toBe(5);
    // Doubling outgrows the jitter of a quarter either way over three steps.
    expect(pauses[4] as number).toBeGreaterThan(pauses[0] as number);
    expect(pauses[0] as number).toBeGreaterThanOrEqual(29);
  });

  test.each<[string, Uint8Array | string]>([
    ['text', 'hello'],
    ['garbage', Uint8Array.of(0xff, 0xff, 0xff)],
    ['half a batch', batch(0, 10, 11).subarray(0, 20)],
    ['a shard nobody asked for', batch(1, 10)],
    ['records out of order', batch(0, 11, 10)],
    ['a record numbered zero', batch(0, 0)],
  ])('starts over after a frame that is %s, hands none of it on, and listens on', async (_what, frame) => {
    puppet.onSocket = (socket) => behave(socket, () => socket.send(puppet.sockets.length === 1 ? frame : batch(0, 12)));
    listen();
    await hear('0: 12 post');
    expect(heard).toEqual(['opened 0:9 3:0', 'closed RelayUnreachable', 'opened 0:9 3:0', '0: 12 post']);
  });

  test('does not take records for good before the link is open, nor heads without its shards', async () => {
    puppet.onSocket = (socket) => {
      const count = puppet.sockets.length;
      if (count === 1) socket.send(batch(0, 10));
      else if (count === 2) socket.send(tailEvent({ case: 'opened', value: { heads: [{ shard: 0, head: 1n }] } }));
      else behave(socket);
    };
    listen();
    await hear('opened 0:9 3:0');
    expect(heard).toEqual(['closed RelayUnreachable', 'closed RelayUnreachable', 'opened 0:9 3:0']);
  });

  test('passes over events it does not know', async () => {
    puppet.onSocket = (socket) => behave(socket, () => (socket.send(Uint8Array.of(0xfa, 0x01, 0x01, 0x00)), socket.send(batch(0, 10))));
    listen();
    await hear('0: 10 post');
    expect(heard).toEqual(['opened 0:9 3:0', '0: 10 post']);
  });

  test('says that the pass is refused, and tries on slowly', async () => {
    puppet.onSocket = (socket) => socket.send(refusal('no-pass'));
    listen({ refusedPauseMs: 60_000 });
    await hear('closed no-pass');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(heard).toEqual(['closed no-pass']);
    puppet.onSocket = behave;
    tail?.nudge();
    await hear('opened 0:9 3:0');
  });

  test('comes back soon when the relay is only restarting', async () => {
    puppet.onSocket = (socket) => (puppet.sockets.length === 1 ? socket.send(refusal('shutting-down')) : behave(socket));
    listen({ refusedPauseMs: 60_000 });
    await hear('opened 0:9 3:0');
    expect(heard[0]).toBe('closed shutting-down');
  });

  test('tries at once when nudged in a pause, and asks a link whether it lives when nudged on one', async () => {
    puppet.onSocket = (socket) => socket.terminate();
    listen({ firstPauseMs: 60_000, longestPauseMs: 60_000 });
    await hear('closed RelayUnreachable');
    puppet.onSocket = (socket) => requests(socket, (request) => request === 'open' && socket.send(opened));
    tail?.nudge();
    await hear('opened 0:9 3:0');
    tail?.nudge();
    await hear('closed RelayUnreachable', 2);
  });

  test('says nothing more once closed, whatever state it was in', async () => {
    puppet.onSocket = behave;
    listen();
    await hear('opened 0:9 3:0');
    tail?.close();
    tail?.close();
    tail?.nudge();
    puppet.sockets[0]?.send(batch(0, 10));
    listen().close(); // while it connects
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(heard).toEqual(['opened 0:9 3:0']);
  });

  test('reports a relay that is not there', async () => {
    const { origin } = puppet;
    await puppet.stop();
    tail = createRelay(origin, { pace: PACE }).tail(pass, shards, listener);
    await hear('closed RelayUnreachable', 3);
    puppet = await PuppetRelay.start();
  });
});
