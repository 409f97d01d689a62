/**
 * What a relay leaves on the disk and in its log after a day of work and of trouble: people from many addresses found,
 * post, read and listen; others send junk; the disk fills up, the database is killed, and then the relay itself.
 */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TailRequestSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { type SpawnedRelay, foundingTokenIn, spawnRelay } from '../harness/relay.ts';
import { tracesOf } from '../harness/seized.ts';
import { type SmallDisk, smallDisk } from '../harness/small-disk.ts';
import { Wire, WireHub, type WireMailbox, type WirePass, type WireReply, authorization, random, randomPass, refusalIn } from '../harness/wire.ts';

const PEOPLE = 8;

/** Requests from an address and a browser of one's own. */
class Person extends Wire {
  readonly address: string;
  readonly agent: string;
  readonly name: string;
  constructor(origin: string, number: number) {
    super(origin);
    this.address = `127.0.${50 + number}.${101 + number}`;
    this.name = `Rosa Canary${number}`;
    this.agent = `CanaryBrowser${number}/7.${number}`;
  }

  override raw(method: string, path: string, options: { body?: Uint8Array; headers?: Record<string, string>; pass?: WirePass } = {}): Promise<WireReply> {
    return new Promise((resolve, reject) => {
      const headers = {
        'user-agent': this.agent, from: this.name, 'x-forwarded-for': this.address, cookie: `name=${this.name}`,
        ...(options.body === undefined ? {} : { 'content-type': 'application/x-protobuf' }),
        ...(options.pass === undefined ? {} : { authorization: authorization(options.pass) }),
        ...options.headers,
      };
      const asked = request(`${this.origin}${path}`, { method, headers, localAddress: this.address, agent: false }, (reply) => {
        reply.toArray().then((parts) => {
          const body = new Uint8Array(Buffer.concat(parts));
          const status = reply.statusCode ?? 0;
          resolve({ status, headers: new Headers(), body, refusal: status >= 400 ? refusalIn(body) : undefined });
        }, reject);
      });
      asked.on('error', reject);
      asked.end(options.body);
    });
  }

  /** A socket that listens, and then talks nonsense. */
  listen(pass: WirePass): WebSocket {
    const socket = new WebSocket(`${this.origin.replace('http', 'ws')}/v1/tail`, { localAddress: this.address, headers: { 'user-agent': this.agent } });
    socket.on('error', () => undefined);
    socket.on('open', () => {
      socket.send(toBinary(TailRequestSchema, create(TailRequestSchema, { request: { case: 'open', value: { version: 1, passId: pass.id, passSecret: pass.secret, shards: [0] } } })));
      socket.send(`not a frame of ${this.name}`);
    });
    return socket;
  }
}

let folder: string;
let disk: SmallDisk | undefined;
beforeAll(() => {
  disk = smallDisk();
  folder = mkdtempSync(join(tmpdir(), 'thicket-test-logs-'));
  chmodSync(folder, 0o755);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  disk?.unmount();
});

const settled = (acts: readonly Promise<unknown>[]): Promise<unknown> => Promise.allSettled(acts);

/** Everything a person does, well or badly. */
async function work(person: Person, mailbox: WireMailbox, pass: WirePass): Promise<void> {
  for (let count = 0; count < 3; count += 1) await settled([mailbox.post(), person.page(0, 0, pass), person.hello()]);
  await settled([
    mailbox.post(random(777)), mailbox.post(random(1024), { slot: 9 }), person.page(0, 0, randomPass()), person.page(77, 0, pass),
    person.raw('POST', '/v1/records', { body: random(300) }),
    person.raw('POST', '/v1/records', { body: new Uint8Array(6 * 1024 * 1024) }),
    person.raw('GET', `/v1/log/${person.agent}/${Buffer.from(mailbox.id).toString('hex')}?name=${encodeURIComponent(person.name)}`, { pass }),
    person.raw('POST', '/v1/records', { body: random(10), headers: { 'content-type': person.agent } }),
    person.raw('PATCH', `/v1/%zz/${person.agent}`, { pass }),
  ]);
}

const postmasterOf = (data: string): number => Number.parseInt(readFileSync(join(data, 'database', 'cluster', 'postmaster.pid'), 'utf8'), 10);

async function untilPosted(mailbox: WireMailbox): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const error: unknown = await mailbox.post().then(() => undefined, (thrown: unknown) => thrown);
    if (error === undefined) return;
    if (tries > 300) throw error;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function throughTrouble(relay: SpawnedRelay, data: string, everybody: () => Promise<unknown>, mailbox: WireMailbox): Promise<void> {
  disk?.fill();
  await everybody();
  disk?.clear();
  await untilPosted(mailbox);
  process.kill(postmasterOf(data), 'SIGKILL');
  await everybody();
  await untilPosted(mailbox);
  await Promise.all([everybody(), relay.kill('SIGSEGV')]);
}

it('attack 32: no address, browser, name, mailbox or pass is on the disk outside the database, whatever went wrong', async () => {
  const [temporary, started] = ['tmp', 'started'].map((name) => join(folder, name)) as [string, string];
  const data = join(disk?.path ?? folder, 'data');
  for (const path of [temporary, started, data]) mkdirSync(path);
  chmodSync(temporary, 0o777);
  const relay = await spawnRelay({
    embedded: true, dataDirectory: data, workingDirectory: started, environment: { TMPDIR: temporary, THICKET_BLOBS: join(data, 'blobs') },
  });
  const people = Array.from({ length: PEOPLE }, (_, number) => new Person(relay.origin, number));
  const [first] = people as [Person];
  const founder = new WireHub(first, random(16) as WireHub['hub'], randomPass());
  await first.found(foundingTokenIn(relay.foundingLink as string), founder.hub, founder.pass);
  // One pass reads for all of them: who holds it is not what this test is about.
  const mailboxes = await Promise.all(people.map((person) => new WireHub(person, founder.hub, founder.pass).openMailbox()));
  const sockets = people.map((person) => person.listen(founder.pass));
  const everybody = () => Promise.all(people.map((person, number) => work(person, mailboxes[number] as WireMailbox, founder.pass)));
  await everybody();
  expect((await first.page(0, 0, founder.pass)).records).toHaveLength(PEOPLE * 3);
  await throughTrouble(relay, data, everybody, mailboxes[0] as WireMailbox);
  for (const socket of sockets) socket.terminate();
  const log = [...relay.lines];
  await relay.restart();
  await everybody();
  await relay.kill('SIGTERM');

  const secrets: Record<string, Uint8Array | string> = { 'the pass': founder.pass.id, 'its secret': founder.pass.secret };
  people.forEach(({ address, agent, name }, number) => Object.assign(secrets, { [address]: address, [agent]: agent, [name]: name, [`mailbox ${number}`]: mailboxes[number]?.id }));
  writeFileSync(join(folder, 'log'), [...log, ...relay.lines].join('\n'));
  const besideTheDatabase = readdirSync(data).filter((name) => name !== 'database').map((name) => join(data, name));
  expect(besideTheDatabase).toContain(join(data, 'keys'));
  expect(tracesOf(secrets, folder, ...besideTheDatabase)).toEqual([]);
  // The database does hold mailboxes and passes, and nothing else of it.
  const inside = tracesOf(secrets, join(data, 'database')).map((trace) => trace.split(': ')[1] as string);
  expect(inside).toContain('mailbox 3');
  expect(inside.filter((name) => !/^(mailbox \d+|the pass)$/.test(name))).toEqual([]);
  await relay.stop();
}, 300_000);
