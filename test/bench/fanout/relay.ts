/** The real relay from outside: the built server in a process of its own, on its own embedded PostgreSQL, which waits for the disk. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { create, toBinary } from '@bufbuild/protobuf';
import { createRelay } from '#core/relay/http.ts';
import { ed25519KeyPair, ed25519Sign, randomBytes } from '#shared/sodium.ts';
import { Kind, PostRecordSchema, TailRequestSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import type { HubId, MailboxId, PassId, PostVerifyKey, Secret32, Signature, Slot } from '#shared/ids.ts';
import { recordCost, SINGLE_COST } from '#shared/postage.ts';
import { openMailboxMessage, postMessage } from '#shared/signing.ts';
import { heapWindow } from '../../harness/heap.ts';
import { Purse } from '../../harness/purse.ts';
import { Wire } from '../../harness/wire.ts';
import type { Server } from './wire.ts';

const MAIN = fileURLToPath(new URL('../../../dist/server/src/main.js', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface MeasuredRelay extends Server {
  /** Where records go: for making the same bytes for the bare side. */
  readonly mailbox: MailboxId;
}

/** @param bodies of the records, all different */
export async function relayServer(bodies: readonly Uint8Array[], posters: number): Promise<MeasuredRelay> {
  const folder = mkdtempSync(join(tmpdir(), 'thicket-bench-'));
  chmodSync(folder, 0o755);
  const heap = await heapWindow();
  const { child, origin, token } = await started(folder, heap.environment);
  const hub = randomBytes(16) as HubId;
  const pass = { id: randomBytes(16) as PassId, secret: randomBytes(32) as Secret32 };
  const mailbox = randomBytes(16) as MailboxId;
  const keys = ed25519KeyPair();
  const verifyKey = keys.verifyKey as PostVerifyKey;
  const relay = createRelay(origin);
  await relay.found({ token, hub, pass });
  const purse = Purse.of(new Wire(origin), hub, pass);
  await relay.openMailbox({ postage: await purse.take(SINGLE_COST), mailbox, verifyKey, proof: ed25519Sign(keys.signKey, openMailboxMessage(hub, mailbox, verifyKey)) as Signature });

  // Made beforehand: what a device does to send is measured elsewhere.
  const requests = await Promise.all(bodies.map(async (body) => {
    const facts = { hub, mailbox, slot: 0 as Slot, kind: Kind.POST, bodyHash: createHash('sha256').update(body).digest() };
    return Buffer.from(toBinary(PostRecordSchema, create(PostRecordSchema, {
      mailbox, kind: Kind.POST, slot: 0n, body, signature: ed25519Sign(keys.signKey, postMessage(facts)),
      postage: await purse.take(recordCost(body.length)),
    })));
  }));
  const agent = new Agent({ keepAlive: true, maxSockets: posters });
  return {
    mailbox,
    url: `${origin.replace('http', 'ws')}/v1/tail`,
    held: heap.look,
    hello: toBinary(TailRequestSchema, create(TailRequestSchema, {
      request: { case: 'open', value: { version: 1, passId: pass.id, passSecret: pass.secret, shards: [0] } },
    })),
    post: (index) => posted(`${origin}/v1/records`, agent, requests[index] as Buffer),
    stop: async () => {
      agent.destroy();
      child.removeAllListeners('exit');
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function posted(url: string, agent: Agent, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers: { 'content-type': 'application/x-protobuf', 'content-length': body.length } }, (reply) => {
      reply.resume();
      reply.once('end', () => (reply.statusCode === 200 ? resolve() : reject(new Error(`the relay answered ${reply.statusCode}`))));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

async function started(folder: string, environment: Readonly<Record<string, string>>): Promise<{ child: ChildProcess; origin: string; token: Secret32 }> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [MAIN], {
    cwd: ROOT, env: { PATH, THICKET_DATA: folder, THICKET_PORT: '0', THICKET_WEB: folder, THICKET_TAILS_OF_A_PASS: '500000', THICKET_POSTAGE_PER_WEEK: '1000000', ...environment }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  process.once('exit', () => child.kill('SIGTERM'));
  const link = await new Promise<URL>((resolve, reject) => {
    let said = '';
    const read = (chunk: Buffer): void => {
      said += chunk.toString('utf8');
      const found = /https?:\/\/\S+#found=[\w-]+/.exec(said)?.[0];
      if (found !== undefined) resolve(new URL(found));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => reject(new Error(`the relay did not start: ${said}`)));
  });
  return { child, origin: link.origin, token: new Uint8Array(Buffer.from(link.hash.replace('#found=', ''), 'base64url')) as Secret32 };
}
