/**
 * bea's browser is killed again and again, all of its processes at once, while she writes and alice writes to her. Her
 * vault opens every time. Whatever stood on her screen is there in the end: once, for both, in the same order.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { BrowserPerson, WEB_DIRECTORY } from '../harness/browser.ts';
import { chanceFrom, freshSeed, type Chance } from '../harness/chance.ts';
import { MortalBrowser } from '../harness/mortal-browser.ts';
import { TestPerson, until } from '../harness/people.ts';
import { startTestRelay } from '../harness/relay.ts';

const ROOM = 'Boiler watch';
const NAME = 'Bea';

interface Result {
  readonly kills: number;
  /** Of bea's, that stood on her screen before a kill. */
  readonly seen: number;
  readonly messages: number;
}

export async function killBrowser(times: number): Promise<Result> {
  const relay = await startTestRelay({ webDirectory: WEB_DIRECTORY });
  const profile = mkdtempSync(join(tmpdir(), 'thicket-test-profile-'));
  const alice = await TestPerson.arrive('Alice', { live: true });
  let browser: MortalBrowser | undefined;
  const enter = async (): Promise<BrowserPerson> => {
    browser = await MortalBrowser.start(profile);
    return BrowserPerson.at(browser.context, NAME, relay.origin);
  };
  try {
    await alice.found(relay.foundingLink as string);
    const room = await admitted(alice, await enter());
    const seed = freshSeed();
    console.log(`killing bea's browser ${times} times, seed ${seed}`);
    const chance = chanceFrom(seed);
    const seen = new Set<string>();
    const chatter = new Chatter(alice, room);
    for (let kill = 1; kill <= times; kill += 1) {
      if (kill > 1) await backIn(await enter(), relay.origin, kill, chance, seen, () => browser as MortalBrowser);
      else await (browser as MortalBrowser | undefined)?.kill();
    }
    const said = await chatter.end();
    const bea = await enter();
    await open(bea, relay.origin);
    return await settle(bea, alice, room, [...seen], said, times);
  } finally {
    await browser?.kill().catch(() => undefined);
    await alice.session.close();
    await relay.stop();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function admitted(alice: TestPerson, bea: BrowserPerson): Promise<string> {
  const { id, link } = await alice.session.invite();
  await alice.session.admit(id, await bea.join(link));
  await bea.online();
  const room = await alice.session.createRoom(ROOM);
  await alice.add(room, NAME);
  await bea.openRoom(ROOM);
  return room;
}

async function open(bea: BrowserPerson, origin: string): Promise<void> {
  await bea.page.goto(origin);
  await bea.unlock();
  await bea.openRoom(ROOM);
}

/** One life: unlocks, writes as fast as the screen takes it, and is killed at any moment, from the unlocking on. */
async function backIn(bea: BrowserPerson, origin: string, life: number, chance: Chance, seen: Set<string>, browser: () => MortalBrowser): Promise<void> {
  await bea.page.goto(origin);
  await bea.page.getByLabel('Passphrase', { exact: true }).waitFor();
  const early = life % 5 === 0;
  if (early) await bea.unlock();
  else await open(bea, origin);
  const writing = early ? undefined : write(bea, life, seen);
  writing?.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, chance.below(early ? 1_500 : 6_000)));
  await browser().kill();
  await writing?.catch(() => undefined);
}

async function write(bea: BrowserPerson, life: number, seen: Set<string>): Promise<void> {
  for (let n = 1; ; n += 1) {
    const text = `bea ${life}.${n}.`;
    await bea.say(text);
    await bea.reads(text);
    seen.add(text);
  }
}

/** Alice writes a few times a second, and knows what the relay took. */
class Chatter {
  #goesOn = true;
  readonly #said: Promise<string[]>;

  constructor(alice: TestPerson, room: string) {
    this.#said = this.#run(alice, room);
    this.#said.catch(() => undefined);
  }
  async #run(alice: TestPerson, room: string): Promise<string[]> {
    const said: string[] = [];
    while (this.#goesOn) {
      const text = `alice ${said.length + 1}.`;
      await alice.say(room, text);
      said.push(text);
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    return said;
  }
  end(): Promise<string[]> {
    this.#goesOn = false;
    return this.#said;
  }
}

async function settle(bea: BrowserPerson, alice: TestPerson, room: string, seen: readonly string[], said: readonly string[], kills: number): Promise<Result> {
  await bea.online();
  await bea.say('the last word');
  await bea.reads('the last word');
  await until(async () => (await alice.texts(room)).includes('the last word'), 'the last word to arrive', 180_000);
  const truth = await alice.texts(room);
  expect(new Set(truth).size, 'alice reads nothing twice').toBe(truth.length);
  expect([...said, ...seen].filter((text) => !truth.includes(text)), 'lost').toEqual([]);
  expect(truth.filter((text) => seen.includes(text)), 'in the order in which she wrote').toEqual(seen);
  await until(async () => (await bea.page.locator('[data-testid="message"][data-state="sending"]').count()) === 0, 'all of it to be sent');
  expect((await bea.readAll()).map(({ text }) => text), 'bea reads what alice reads').toEqual(truth);
  expect(bea.complaints).toEqual([]);
  return { kills, seen: seen.length, messages: truth.length };
}
