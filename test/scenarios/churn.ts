/**
 * Churn: people come and go, renew their keys, make each other admins, write, lose their line and restart, several of
 * them at once, as a seed says. Whatever happened, everybody agrees in the end.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SessionFailure, type RoomId, type SessionFailureCode } from '#core/session/api.ts';
import { type Acknowledged, expectAgreement } from '../harness/agreement.ts';
import { type Chance, chanceFrom } from '../harness/chance.ts';
import { Line } from '../harness/line.ts';
import { foundHub, TestPerson, until, welcome } from '../harness/people.ts';
import { startTestRelay } from '../harness/relay.ts';

type Suite = 'xwing' | 'classical';
const OPERATIONS = 80;

interface Somebody {
  readonly person: TestPerson;
  readonly line: Line;
}

/** Six people, each with a line of their own; alice founds. Half of them follow the log live, half read when asked. */
async function gather(foundingLink: string): Promise<readonly Somebody[]> {
  const crowd: Somebody[] = [];
  for (const name of ['alice', 'bob', 'carol', 'dave', 'erin', 'frank']) {
    const line = new Line();
    const options = { relayAt: line.relayAt, live: crowd.length % 2 === 0 };
    const inviter = crowd[0]?.person;
    const person = inviter === undefined ? await foundHub(foundingLink, name, options) : await welcome(inviter, name, options);
    crowd.push({ person, line });
  }
  return crowd;
}

const disperse = async (crowd: readonly Somebody[]): Promise<void> => {
  for (const { person } of crowd) await person.session.close();
};

/** One room, one seed, so many operations; then everybody is held against the witness. */
async function churn(crowd: readonly Somebody[], suite: Suite, seed: number, operations = OPERATIONS): Promise<void> {
  const began = Date.now();
  const { messages, changes } = await new Churn(crowd, suite, chanceFrom(seed)).run(operations);
  console.log(`${suite}, seed ${seed}: ${operations} operations, ${messages} messages and ${changes} changes, ${Date.now() - began} ms`);
}

/** What may rightly come of an operation when the room changed under the person's hands. */
const LOST_RACES: readonly SessionFailureCode[] = ['not-allowed', 'already-member', 'not-a-member', 'room-inactive', 'unknown-room'];
const DEADLINE_MS = 60_000;

class Churn {
  readonly #crowd: readonly Somebody[];
  readonly #suite: Suite;
  readonly #chance: Chance;
  readonly #acknowledged: Acknowledged[] = [];
  readonly #deliveries: Promise<void>[] = [];
  #room: RoomId = '';
  #said = 0;
  #changes = 0;

  constructor(crowd: readonly Somebody[], suite: Suite, chance: Chance) {
    this.#crowd = crowd;
    this.#suite = suite;
    this.#chance = chance;
  }

  async run(operations: number): Promise<{ messages: number; changes: number }> {
    const alice = this.#crowd[0] as Somebody;
    this.#room = await alice.person.session.createRoom('Churn', { suite: this.#suite });
    for (const { person } of this.#crowd.slice(1, 3)) await alice.person.add(this.#room, person.name);
    for (let done = 0; done < operations; ) {
      const together = Math.min(1 + this.#chance.below(3), operations - done);
      const actors = this.#several(together);
      await Promise.all(actors.map((actor) => this.#step(actor)));
      done += actors.length;
    }
    await this.#rest();
    await expectAgreement(this.#room, alice.person, this.#crowd.slice(1).map(({ person }) => person), this.#acknowledged);
    await this.#rollCall();
    // A churn in which little happens shows little.
    expect(this.#acknowledged.length + this.#changes, 'what really happened').toBeGreaterThan(operations / 4);
    return { messages: this.#acknowledged.length, changes: this.#changes };
  }

  #several(count: number): Somebody[] {
    const left = [...this.#crowd];
    return Array.from({ length: count }, () => left.splice(this.#chance.below(left.length), 1)[0] as Somebody);
  }

  /** Every choice is made before the first await, so that a seed always makes the same ones. */
  #step(actor: Somebody): Promise<void> {
    const what = this.#chance.weighted({ say: 40, add: 15, remove: 10, renew: 11, admin: 8, line: 9, restart: 7 });
    const target = this.#chance.pick(this.#crowd).person;
    const yes = this.#chance.next() < 0.6;
    const { person, line } = actor;
    // Nobody changes anything through a line that is cut, so a cut one is mended soon.
    if (what === 'line' || (line.isCut && yes)) return this.#switch(line);
    if (what === 'restart') return person.restart();
    return this.#allowing(async () => {
      // Changing a room needs a line; somebody without one can only write.
      if (line.isCut) return this.#say(person);
      await person.session.catchUp();
      if (!(await this.#isIn(person))) return this.#letIn(person);
      if (what === 'say') return this.#say(person);
      await this.#change(person, what, target, yes);
      this.#changes += 1;
    });
  }

  async #change(person: TestPerson, what: 'add' | 'remove' | 'renew' | 'admin', target: TestPerson, yes: boolean): Promise<void> {
    const id = (await target.session.overview()).me?.id as string;
    const isAdmin = (await person.session.rooms()).find((room) => room.id === this.#room)?.admin === true;
    const isWitness = target === this.#crowd[0]?.person;
    if (what === 'renew' || !isAdmin || (isWitness && what !== 'add')) await person.session.renewKeys(this.#room);
    else if (what === 'add') await person.session.addMember(this.#room, id);
    else if (what === 'remove') await person.session.removeMember(this.#room, id);
    else await person.session.setAdmin(this.#room, id, yes);
  }

  /** Somebody outside can do nothing but be let in by the witness, if she has a line. */
  async #letIn(person: TestPerson): Promise<void> {
    const alice = this.#crowd[0] as Somebody;
    if (alice.line.isCut) return;
    await alice.person.session.addMember(this.#room, (await person.session.overview()).me?.id as string);
    this.#changes += 1;
  }

  async #switch(line: Line): Promise<void> {
    if (line.isCut) line.mend();
    else line.cut();
  }

  async #say(person: TestPerson): Promise<void> {
    this.#said += 1;
    const text = `${person.name} ${this.#said}`;
    const id = await person.session.send(this.#room, text);
    this.#deliveries.push(person.session.delivered(this.#room, id).then(
      () => void this.#acknowledged.push({ id, text }),
      // Locked: the device was restarted while the message was on its way.
      (failure: unknown) => this.#only(['room-inactive', 'locked'], failure),
    ));
  }

  async #allowing(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (failure) {
      // Somebody never heard of is somebody this person cannot add.
      this.#only([...LOST_RACES, 'unknown-member'], failure);
    }
  }

  #only(codes: readonly SessionFailureCode[], failure: unknown): void {
    if (!(failure instanceof SessionFailure) || !codes.includes(failure.code)) throw failure;
  }

  /** Everybody has a line again, and everything that was queued has left. */
  async #rest(): Promise<void> {
    for (const { line } of this.#crowd) if (line.isCut) line.mend();
    for (const { person } of this.#crowd) await person.session.nudge();
    await until(async () => {
      for (const { person } of this.#crowd) await person.session.catchUp();
      return !(await this.#somethingIsOnItsWay());
    }, 'every message to leave', DEADLINE_MS);
    await Promise.all(this.#deliveries);
    for (const { person } of this.#crowd) await person.session.catchUp();
  }

  async #somethingIsOnItsWay(): Promise<boolean> {
    for (const { person } of this.#crowd) {
      if (!(await this.#isIn(person, false))) continue;
      const { items } = await person.session.timeline(this.#room, { limit: 50 });
      if (items.some((item) => item.kind === 'message' && item.state === 'sending')) return true;
    }
    return false;
  }

  async #isIn(person: TestPerson, active = true): Promise<boolean> {
    const summary = (await person.session.rooms()).find(({ id }) => id === this.#room);
    return summary !== undefined && (summary.active || !active);
  }

  /** Everybody in the room says something more: all in one epoch, and read by all. */
  async #rollCall(): Promise<void> {
    const present: Somebody[] = [];
    for (const somebody of this.#crowd) if (await this.#isIn(somebody.person)) present.push(somebody);
    const expected: string[] = [];
    for (const { person } of present) {
      await person.say(this.#room, `${person.name} is here`);
      expected.push(`${person.name} is here`);
    }
    expect(new Set(present.map(({ line }) => line.postedSlots.at(-1))).size, 'everybody is in the same epoch').toBe(1);
    for (const { person } of present) expect((await this.#read(person)).slice(-expected.length), person.name).toEqual(expected);
    for (const { person } of this.#crowd) {
      if (present.some((somebody) => somebody.person === person) || !(await this.#isIn(person, false))) continue;
      expect((await this.#read(person)).filter((text) => text.endsWith('is here')), `${person.name} reads nothing newer`).toEqual([]);
    }
  }

  /** Without what stayed behind when its writer was removed. */
  async #read(person: TestPerson): Promise<string[]> {
    return (await person.timeline(this.#room)).flatMap((item) => (item.kind === 'message' && item.state === 'sent' ? [item.text] : []));
  }
}

/** The tests: each suite a hub of its own, each seed a room of its own in it. */
export function describeChurn(seeds: readonly number[]): void {
  for (const suite of ['xwing', 'classical'] as const) {
    describe(`churn, ${suite}`, () => {
      let stop = async (): Promise<void> => undefined;
      let crowd: readonly Somebody[];

      beforeAll(async () => {
        const relay = await startTestRelay();
        stop = relay.stop;
        crowd = await gather(relay.foundingLink as string);
      });
      afterAll(async () => {
        await disperse(crowd);
        await stop();
      });

      it.for(seeds)('everybody agrees after seed %i', (seed) => churn(crowd, suite, seed));
    });
  }
}

/** The seeds to run, or the one that THICKET_SEED names. */
export function seedsOr(seeds: readonly number[]): readonly number[] {
  const given = process.env['THICKET_SEED'];
  return given === undefined ? seeds : [Number(given)];
}
