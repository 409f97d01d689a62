/** What a relay that notes the connection of each call can put together about a device in Node. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PROTOBUF_HEADERS, PuppetRelay, refuse, reply, type Say } from '../../../test/harness/puppet-relay.ts';
import * as wire from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { MailboxId, PassId, Secret32, ShardIndex, Signature, Slot } from '#shared/ids.ts';
import { createRelay } from './http.ts';
import { loneFetch } from './lone-fetch.ts';
import type { Relay } from './port.ts';

const bytes = <T>(length: number, filling: number) => new Uint8Array(length).fill(filling) as unknown as T;
const pass = { id: bytes<PassId>(16, 0xa1), secret: bytes<Secret32>(32, 0xa2) };
const shard = 0 as ShardIndex;
const postTo = (mailbox: number, length = 1024) => ({
  postage: new Uint8Array(100),
  mailbox: bytes<MailboxId>(16, mailbox), kind: 'post' as const, slot: 3 as Slot, body: bytes<Uint8Array>(length, 1), signature: bytes<Signature>(64, 2),
});
const unreachable = expect.objectContaining({ name: 'RelayUnreachable' });

let puppet: PuppetRelay;
let relay: Relay;
beforeEach(async () => {
  puppet = await PuppetRelay.start();
  relay = createRelay(puppet.origin, { anonymousFetch: loneFetch, timeouts: { baseMs: 1000, idleMs: 500 } });
});
afterEach(() => puppet.stop());

test('no connection carries a pass and an anonymous call, nor two anonymous calls', async () => {
  puppet.say = (asked, response) =>
    (asked.path.startsWith('/v1/log/') ? reply(wire.LogPageSchema, {}) : reply(wire.RecordPostedSchema, { shard: 0, seq: 1n }))(asked, response);
  for (const mailbox of [1, 2, 3, 4]) {
    await relay.readPage(pass, shard, 0);
    await relay.post(postTo(mailbox));
  }
  await Promise.all([5, 6, 7].map((mailbox) => relay.post(postTo(mailbox))));
  await relay.readPage(pass, shard, 0);
  const ports = (withPass: boolean) => puppet.asked.filter(({ headers }) => (headers.authorization !== undefined) === withPass).map(({ port }) => port);
  const known = new Set(ports(true));
  const anonymous = ports(false);
  expect(anonymous).toHaveLength(7);
  expect(new Set(anonymous).size).toBe(7);
  expect(anonymous.filter((port) => known.has(port))).toEqual([]);
  // Reading stays on the connection it has: nothing is gained by a new one.
  expect(known.size).toBe(1);
});

test('an anonymous call carries its bytes and its type, and nothing that tells one device from another', async () => {
  puppet.say = reply(wire.RecordPostedSchema, { shard: 1, seq: 9n });
  expect(await relay.post(postTo(7, 65_536))).toEqual({ shard: 1, seq: 9 });
  const { headers, body } = puppet.asked[0] as (typeof puppet.asked)[number];
  expect(body.length).toBeGreaterThan(65_536);
  expect(Object.keys(headers).sort()).toEqual(['connection', 'content-length', 'content-type', 'host']);
  puppet.say = refuse(409, { code: 'wrong-slot', currentSlot: 12n });
  await expect(relay.post(postTo(7))).rejects.toMatchObject({ code: 'wrong-slot', currentSlot: 12 });
});

test.each<[string, Say]>([
  ['cuts the line', (_asked, response) => void response.destroy()],
  ['stops halfway', (_asked, response) => {
    response.writeHead(200, { ...PROTOBUF_HEADERS, 'content-length': '100' }).write('x');
    setTimeout(() => response.destroy(), 20);
  }],
  ['says nothing', () => undefined],
  ['falls silent', (_asked, response) => void response.writeHead(200, PROTOBUF_HEADERS).write('x')],
  ['sends elsewhere', (_asked, response) => void response.writeHead(307, { location: '/v1/elsewhere' }).end()],
  ['has nothing to say', (_asked, response) => void response.writeHead(204).end()],
  ['answers with a status of its own', (_asked, response) => void response.writeHead(999, PROTOBUF_HEADERS).end()],
  ['switches to something else', (_asked, response) => void response.socket?.end('HTTP/1.1 101 Now\r\nconnection: upgrade\r\nupgrade: tea\r\n\r\n')],
  ['sends no HTTP', (_asked, response) => void response.socket?.end('tea?\r\n\r\n')],
])('is unreachable when the relay %s', async (_what, say) => {
  puppet.say = say;
  await expect(relay.post(postTo(1))).rejects.toEqual(unreachable);
  expect(puppet.asked).toHaveLength(1);
});

test('is unreachable when nobody is there, and gives up when closed', async () => {
  const nobody = createServer();
  await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve));
  const { port } = nobody.address() as AddressInfo;
  await new Promise((resolve) => nobody.close(resolve));
  await expect(createRelay(`http://127.0.0.1:${port}`, { anonymousFetch: loneFetch }).hello()).rejects.toEqual(unreachable);
  puppet.say = () => undefined;
  const hanging = relay.post(postTo(1));
  setTimeout(() => relay.close?.(), 20);
  const before = Date.now();
  await expect(hanging).rejects.toEqual(unreachable);
  expect(Date.now() - before).toBeLessThan(900);
});
