/**
 * A member is a process of its own with her vault in a file, and is killed with -9 again and again while she writes,
 * reads, and adds and removes people. Her vault opens every time, and what was acknowledged to her is read once, by everybody.
 * No key encrypts two bodies that the relay gets to see, and no token is shown for two things.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Session } from '#core/session/api.ts';
import { sqliteVaultHome } from '#core/vault/sqlite.ts';
import { type Acknowledged, expectAgreement } from '../harness/agreement.ts';
import { chanceFrom, freshSeed } from '../harness/chance.ts';
import { TEST_COST } from '../harness/memory-vault.ts';
import { foundHub, type TestPerson, until, welcome } from '../harness/people.ts';
import { startTestRelay } from '../harness/relay.ts';
import { type Sight, Sights } from '../harness/shown.ts';

const SCRIPT = fileURLToPath(new URL('./member-process.ts', import.meta.url));
const PATIENCE_MS = 60_000;
const SETTLE_MS = 120_000;

interface Told extends Sight {
  readonly opened?: boolean;
  readonly acknowledged?: string;
  readonly text?: string;
  readonly changed?: boolean;
  readonly items?: unknown;
}

interface Result {
  readonly acknowledged: number;
  readonly changes: number;
  /** Messages and tokens of hers that the relay was shown. */
  readonly messages: number;
  readonly tokens: number;
}

export async function killClient(times: number): Promise<Result & { seconds: number }> {
  const began = Date.now();
  const relay = await startTestRelay();
  const folder = mkdtempSync(join(tmpdir(), 'thicket-test-vera-'));
  const people: TestPerson[] = [];
  try {
    const alice = await foundHub(relay.foundingLink as string, 'alice', { live: true });
    people.push(alice, await welcome(alice, 'bob', { live: true }), await welcome(alice, 'dave', { live: true }));
    const result = await underFire(people, folder, times);
    return { ...result, seconds: Math.round((Date.now() - began) / 1000) };
  } finally {
    for (const person of people) await person.session.close();
    await relay.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function underFire(people: readonly TestPerson[], folder: string, times: number): Promise<Result> {
  const [alice, bob, dave] = people as [TestPerson, TestPerson, TestPerson];
  const vera = await welcome(alice, 'vera', { home: sqliteVaultHome(folder, { cost: TEST_COST }) });
  const room = await alice.session.createRoom('Under fire');
  for (const name of ['vera', 'bob', 'dave']) await alice.add(room, name);
  // Cards of the room's people travel in it: vera must have dave's, to add him later.
  await until(async () => (await vera.session.catchUp(), (await vera.session.people()).some(({ name }) => name === 'dave')), 'vera to know dave');
  const veraId = (await vera.session.overview()).me?.id as string;
  const daveId = (await dave.session.overview()).me?.id as string;
  await alice.session.setAdmin(room, veraId, true);
  await vera.session.catchUp();
  await vera.session.close();

  const acknowledged: Acknowledged[] = [];
  const sights = new Sights();
  let changes = 0;
  let firing = true;
  const chatter = chat(bob, room, acknowledged, () => firing);
  chatter.catch(() => undefined);
  const hear = (told: Told): void => {
    sights.hear(told);
    if (told.acknowledged !== undefined) acknowledged.push({ id: told.acknowledged, text: told.text as string });
    if (told.changed === true) changes += 1;
  };

  const seed = freshSeed();
  console.log(`killing vera ${times} times, seed ${seed}`);
  const chance = chanceFrom(seed);
  for (let kill = 0; kill < times; kill += 1) {
    const mine = new Member(['work', folder, room, daveId], hear);
    await until(() => mine.opened || mine.ended !== undefined, `vera's vault to open for the ${kill + 1}. time`, PATIENCE_MS);
    // Sometimes at once, sometimes after a while.
    await new Promise((resolve) => setTimeout(resolve, chance.below(kill % 3 === 0 ? 300 : 2_000)));
    // However slow the machine: not without having changed the room at all.
    if (kill === times - 1) await until(() => changes > 0 || mine.ended !== undefined, 'vera to have changed the room', PATIENCE_MS);
    await mine.kill();
  }
  firing = false;
  await chatter;

  const last = new Member(['settle', folder, room], hear);
  const settled = await last.finish();
  expect(sights.keysUsedTwice(), 'keys under which the relay saw two bodies').toEqual([]);
  expect(sights.tokensForTwoThings(), 'tokens the relay saw for two things').toEqual([]);
  expect(sights.spentTwice, 'tokens she tried to spend twice').toBe(0);
  for (const person of people) await person.session.catchUp();
  await expectAgreement(room, alice, [bob, dave, { name: 'vera', session: replay(settled) }], acknowledged);
  await stillWorks(alice, bob, room);
  return { acknowledged: acknowledged.length, changes, messages: sights.messages, tokens: sights.tokens };
}

async function chat(person: TestPerson, room: string, acknowledged: Acknowledged[], goesOn: () => boolean): Promise<void> {
  for (let n = 1; goesOn(); n += 1) {
    const text = `${person.name} ${n}`;
    const id = await person.session.send(room, text);
    await person.session.delivered(room, id);
    acknowledged.push({ id, text });
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

async function stillWorks(alice: TestPerson, bob: TestPerson, room: string): Promise<void> {
  await alice.session.renewKeys(room);
  await bob.say(room, 'and on we go');
  await until(async () => (await alice.texts(room)).at(-1) === 'and on we go', 'the room to work on');
}

/** What vera's last process printed, behind the calls that agreement asks. */
function replay(settled: Told): Session {
  const { me, rooms, members, items } = settled as Record<string, unknown>;
  const answers = { overview: { me }, rooms, members, timeline: { items, more: false } } as const;
  return new Proxy({} as Session, {
    get: (_target, call: string) => async () => {
      if (!(call in answers)) throw new Error(`vera is not there to answer ${call}`);
      return answers[call as keyof typeof answers];
    },
  });
}

class Member {
  readonly #process: ChildProcess;
  readonly #over: Promise<void>;
  readonly #errors: string[] = [];
  #last: Told = {};
  opened = false;
  ended: number | string | undefined;

  constructor(args: readonly string[], hear: (told: Told) => void) {
    this.#process = spawn(process.execPath, ['--conditions=thicket-source', SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process.stderr?.on('data', (chunk: Buffer) => this.#errors.push(chunk.toString('utf8')));
    createInterface({ input: this.#process.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const told = parse(line);
      // A line cut short by the kill says nothing.
      if (told === undefined) return;
      this.#last = told;
      this.opened ||= told.opened === true;
      hear(told);
    });
    this.#over = new Promise((resolve) => this.#process.once('close', (code, signal) => {
      this.ended = code ?? signal ?? 'gone';
      resolve();
    }));
  }

  /** @throws if the process had ended before: nothing but a kill may end it */
  async kill(): Promise<void> {
    if (this.ended !== undefined) throw new Error(`vera ended by herself (${this.ended}): ${this.#errors.join('')}`);
    this.#process.kill('SIGKILL');
    await this.#over;
    if (!this.opened) throw new Error(`vera's vault did not open: ${this.#errors.join('')}`);
  }

  /** Waits for the process to end by itself. @returns the last thing it said */
  async finish(): Promise<Told> {
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), SETTLE_MS);
    await this.#over;
    clearTimeout(timer);
    if (this.ended !== 0 || this.#last.items === undefined) throw new Error(`vera did not settle (${this.ended}): ${this.#errors.join('')}`);
    return this.#last;
  }
}

function parse(line: string): Told | undefined {
  try {
    return JSON.parse(line) as Told;
  } catch {
    return undefined;
  }
}
