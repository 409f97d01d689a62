/** Random histories: adds, removes, updates, settings, messages, restarts, by whoever happens to be there. Everybody must agree. */
import { beforeAll, describe, expect, it } from 'vitest';
import { hex, sodiumReady, utf8 } from '#shared/sodium.ts';
import type { PendingCommit, Room, Suite } from './port.ts';
import { stateOf } from './room-state.ts';
import { anything, follow, HUB, mls, nameOf, newMailbox, seeded, settingsFor, somebody, textOf } from './testing/story.ts';

beforeAll(sodiumReady);

const OPERATIONS = 80;
const MOST = 8;
const NOTHING = new Uint8Array(0);

class Churn {
  readonly suite: Suite;
  readonly mailbox = newMailbox();
  readonly random: (below: number) => number;
  readonly rooms = new Map<string, Room>();
  private names = 0;

  constructor(suite: Suite, seed: number) {
    this.suite = suite;
    this.random = seeded(seed);
  }

  async start(): Promise<void> {
    const founder = await somebody(this.nextName(), this.suite);
    this.rooms.set(founder.name, await mls.create(this.suite, this.mailbox, founder.own, settingsFor(this.mailbox)));
  }

  async step(): Promise<void> {
    const [name, room] = this.pick();
    const choice = this.random(10);
    if (choice < 3 && this.rooms.size < MOST) await this.add(name, room);
    else if (choice < 5 && this.rooms.size > 1) await this.remove(name, room);
    else if (choice < 7) await this.commit(name, await mls.update(room));
    else if (choice < 8) await this.commit(name, await mls.changeSettings(room, settingsFor(this.mailbox, `name ${this.random(1000)}`)));
    else if (choice < 9) await this.speak(name, room);
    else this.rooms.set(name, mls.decode(mls.encode(room)));
    await this.agree();
  }

  private nextName(): string {
    this.names += 1;
    return `p${this.names}`;
  }
  private pick(): [string, Room] {
    return [...this.rooms][this.random(this.rooms.size)] as [string, Room];
  }

  private async add(by: string, room: Room): Promise<void> {
    const count = 1 + this.random(3);
    const newcomers = await Promise.all(Array.from({ length: count }, () => somebody(this.nextName(), this.suite)));
    const pending = await mls.add(room, newcomers.map(({ own }) => own.keyPackage));
    await this.commit(by, pending);
    for (const [i, { name, own }] of newcomers.entries()) {
      this.rooms.set(name, (await mls.join(pending.welcomes[i] as Uint8Array, own, { mailbox: this.mailbox, hub: HUB }, anything)).room);
    }
  }

  private async remove(by: string, room: Room): Promise<void> {
    const others = room.leaves.filter(({ index }) => index !== room.ownLeaf);
    const gone = others.filter(() => this.random(3) === 0).slice(0, 3);
    const leaves = gone.length > 0 ? gone : others.slice(0, 1);
    await this.commit(by, await mls.remove(room, leaves.map(({ index }) => index)));
    for (const leaf of leaves) {
      expect(this.rooms.get(nameOf(leaf))?.active).toBe(false);
      this.rooms.delete(nameOf(leaf));
    }
  }

  private async commit(by: string, pending: PendingCommit): Promise<void> {
    for (const [name, room] of this.rooms) this.rooms.set(name, name === by ? pending.next : await follow(room, pending));
  }

  private async speak(by: string, room: Room): Promise<void> {
    const { body, next } = await mls.encrypt(room, utf8('hello'));
    this.rooms.set(by, next);
    for (const [name, other] of this.rooms) {
      if (name === by) continue;
      const opened = await mls.open(other, 'post', body, anything);
      expect(textOf(opened)).toBe(`${by}: hello`);
      if (opened.kind === 'message') this.rooms.set(name, opened.next);
    }
  }

  private async agree(): Promise<void> {
    const views = await Promise.all([...this.rooms.values()].map(async (room) => [
      room.epoch, hex(await mls.exportSecret(room, 'churn', NOTHING, 32)), hex(stateOf(room).groupContext.treeHash), hex(room.settings),
      room.leaves.map((leaf) => `${leaf.index} ${nameOf(leaf)}`).join(),
    ].join('|')));
    expect(new Set(views).size).toBe(1);
    expect(this.rooms.values().next().value?.leaves.length).toBe(this.rooms.size);
  }
}

const newSeed = (): number => Math.floor(Math.random() * 2 ** 32);

describe.each([['classical', 5], ['xwing', 2]] as const)('%s', (suite, seeds) => {
  it.each(Array.from({ length: seeds }, newSeed))(`${OPERATIONS} random operations converge, seed %i`, async (seed) => {
    const churn = new Churn(suite, seed);
    await churn.start();
    for (let i = 0; i < OPERATIONS; i += 1) await churn.step();
  }, 60_000);
});
