/** A relay that is asked to stop in the middle of everything: what it took is in the log, who comes late is told so. */
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { create, toBinary } from '@bufbuild/protobuf';
import { Kind, PostRecordSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { Slot } from '#shared/ids.ts';
import { DROP_MAILBOX } from '#shared/mailboxes.ts';
import { postMessage } from '#shared/signing.ts';
import { createHash } from 'node:crypto';
import { spawnRelay } from '../../../test/harness/relay.ts';
import { until } from '../../../test/harness/until.ts';
import { WireHub, type WireMailbox, random, refusalIn } from '../../../test/harness/wire.ts';

const POSTERS = 64;
const LONGEST_STOP_MS = 20_000;

interface Outcome {
  readonly body: string;
  /** `posted`, the code of a refusal, or `nothing`. */
  readonly what: string;
}

/** On a connection of the agent's that is kept open, as a busy device or a proxy has it. */
async function post(agent: Agent, mailbox: WireMailbox): Promise<Outcome> {
  const body = random(1024);
  const facts = { hub: mailbox.hub.hub, mailbox: mailbox.id, slot: 0 as Slot, kind: Kind.POST, bodyHash: createHash('sha256').update(body).digest() };
  const bytes = toBinary(PostRecordSchema, create(PostRecordSchema, { mailbox: mailbox.id, kind: Kind.POST, slot: 0n, body, signature: mailbox.key.sign(postMessage(facts)), postage: await mailbox.hub.purse.take(1) }));
  const text = Buffer.from(body).toString('base64');
  return new Promise((resolve) => {
    request(`${mailbox.hub.wire.origin}/v1/records`, { method: 'POST', agent, headers: { 'content-type': 'application/x-protobuf', 'content-length': bytes.length } }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () =>
        resolve({ body: text, what: reply.statusCode === 200 ? 'posted' : (refusalIn(Buffer.concat(chunks))?.code ?? 'nothing') }));
    }).on('error', () => resolve({ body: text, what: 'nothing' })).end(bytes);
  });
}

it('sixty-four posters, an upload, a page and three tails at SIGTERM: every post acknowledged and there, or refused; then exit 0', async () => {
  const relay = await spawnRelay();
  const hub = await WireHub.found(relay);
  const mailboxes = await Promise.all(Array.from({ length: 8 }, () => hub.openMailbox()));
  const tails = await Promise.all(Array.from({ length: 3 }, async () => {
    const tail = hub.wire.tail(hub.pass);
    await tail.opened();
    return tail;
  }));
  const outcomes: Outcome[] = [];
  const posters = Array.from({ length: POSTERS }, async (_, number) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let last = ''; last === '' || last === 'posted';) {
      const outcome = await post(agent, mailboxes[number % 8] as WireMailbox);
      outcomes.push(outcome);
      last = outcome.what;
    }
    agent.destroy();
  });
  // A drop whose second half is still to come.
  const large = random(4 * 1024 * 1024);
  const upload = toBinary(PostRecordSchema, create(PostRecordSchema, { mailbox: DROP_MAILBOX, kind: Kind.DROP, body: large, postage: await hub.purse.take(64) }));
  const { hostname, port } = new URL(relay.origin);
  const line = connect(Number(port), hostname);
  let said = '';
  line.on('data', (chunk: Buffer) => (said += chunk.toString('latin1'))).on('error', () => undefined);
  line.write(`POST /v1/records HTTP/1.1\r\nHost: hub\r\nContent-Type: application/x-protobuf\r\nContent-Length: ${upload.length}\r\n\r\n`);
  line.write(upload.subarray(0, 2 * 1024 * 1024));
  await until(() => outcomes.length >= 2 * POSTERS, 'posts to flow');

  const began = Date.now();
  const gone = relay.kill('SIGTERM');
  await until(() => outcomes.some(({ what }) => what === 'shutting-down'), 'the first to be told');
  line.write(upload.subarray(2 * 1024 * 1024));
  await Promise.all(posters);
  await until(() => said.startsWith('HTTP/1.1 200'), 'the upload to be acknowledged');
  expect(await gone).toBe(0);
  expect(Date.now() - began).toBeLessThan(LONGEST_STOP_MS);

  expect([...new Set(outcomes.map(({ what }) => what))].sort()).toEqual(['posted', 'shutting-down']);
  await Promise.all(tails.map((tail) => tail.until(({ closed }) => closed !== undefined)));
  expect(tails.map(({ closed }) => closed?.code)).toEqual([1012, 1012, 1012]);

  await relay.restart();
  const records = await hub.wire.readAll(0, hub.pass);
  const bodies = records.filter(({ kind }) => kind === Kind.POST).map(({ body }) => Buffer.from(body).toString('base64'));
  const acknowledged = outcomes.filter(({ what }) => what === 'posted').map(({ body }) => body);
  expect(bodies.length, 'nothing that was refused').toBe(acknowledged.length);
  expect(new Set(bodies)).toEqual(new Set(acknowledged));
  expect(records.filter(({ kind }) => kind === Kind.DROP).map(({ body }) => Buffer.compare(body, large))).toEqual([0]);
  await relay.stop();
}, 90_000);
