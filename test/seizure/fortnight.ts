/**
 * A hub lives through some days: people join, make rooms, talk, bring each other in, are removed. Each has an address of their own.
 * The days pass by the test's calendar; the relay is a process of its own on its own PostgreSQL.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMls } from '#core/mls/mls.ts';
import { type Chance, chanceFrom } from '../harness/chance.ts';
import { foundHub, type PersonOptions, type TestPerson, welcome } from '../harness/people.ts';
import { type SpawnedRelay, spawnRelay } from '../harness/relay.ts';
import { testCalendar, type TestCalendar } from '../harness/test-calendar.ts';
import { relayFrom } from './addressed.ts';
import { type Member, noted, notedMls, type RoomTruth, type Truth } from './truth.ts';

export interface Life {
  readonly seed: number;
  readonly members: number;
  /** Days on which something happens; between two of them `stride` days pass. */
  readonly days: number;
  readonly stride: number;
  readonly rooms: number;
  readonly messagesADay: number;
  /** Every fourth message is a file. */
  readonly files: boolean;
  /** Days before which the relay is started again; always before the last. */
  readonly restarts: readonly number[];
  /** Called on the second of these days, before anything happens. */
  readonly onBackup: (stage: Stage) => Promise<void>;
}
export interface Stage {
  readonly relay: SpawnedRelay;
  readonly calendar: TestCalendar;
  /** The relay's data folder. */
  readonly folder: string;
  /** Its folder for temporary files. */
  readonly temporary: string;
  readonly truth: Truth;
  end(): Promise<void>;
}

const unlikely = (): string => randomBytes(6).toString('hex');

/** @returns the hub on its last evening, running */
export async function live(life: Life): Promise<Stage> {
  const story = await Story.begin(life);
  for (let day = 0; day < life.days; day += 1) await story.day(day);
  return story.stage;
}

class Story {
  readonly stage: Stage;
  readonly #life: Life;
  readonly #chance: Chance;
  readonly #people = new Map<Member, TestPerson>();
  /** The last body each member posted into each mailbox. */
  readonly #bodies = new Map<string, Uint8Array>();
  readonly #roomIds = new Map<RoomTruth, string>();

  private constructor(life: Life, stage: Stage) {
    this.#life = life;
    this.stage = stage;
    this.#chance = chanceFrom(life.seed);
  }

  static async begin(life: Life): Promise<Story> {
    const calendar = testCalendar();
    const folder = publicFolder('thicket-seizure-');
    const temporary = publicFolder('thicket-seizure-tmp-');
    calendar.runsWith(join(folder, 'keys'));
    const relay = await spawnRelay({ embedded: true, dataDirectory: folder, environment: { ...calendar.environment, TMPDIR: temporary, THICKET_BLOBS: join(folder, 'blobs') } });
    const truth: Truth = { hubName: `Harbour ${unlikely()}`, members: [], rooms: [], messages: [], began: Date.now() };
    const story: Story = new Story(life, {
      relay, calendar, folder, temporary, truth,
      end: async () => {
        for (const person of story.#people.values()) await person.session.close();
        await relay.stop();
        for (const each of [folder, temporary]) rmSync(each, { recursive: true, force: true });
      },
    });
    return story;
  }

  async day(day: number): Promise<void> {
    const { relay, calendar } = this.stage;
    if (day > 0) calendar.pass(this.#life.stride);
    if (day === 1) await this.#life.onBackup(this.stage);
    if (this.#life.restarts.includes(day) || day === this.#life.days - 1) await relay.restart();
    await this.#comings(day);
    for (let i = 0; i < this.#life.messagesADay; i += 1) await this.#somebodySpeaks(day);
    if (day % 4 === 2) await this.#somebodyIsRemoved();
  }

  /** Half of the people come on the first day, the others over the days that follow. */
  async #comings(day: number): Promise<void> {
    const { truth, relay } = this.stage;
    const { members, days, rooms } = this.#life;
    // Some come on the very last day: of these the day's order tells most.
    const late = day === days - 1 ? 0 : Math.ceil(members / 8);
    const wanted = day === 0 ? Math.ceil(members / 2) : Math.min(members - late, Math.ceil(members / 2) + Math.ceil((day * members) / (days - 1) / 2));
    while (truth.members.length < wanted) {
      const member: Member = { name: `Nameko ${unlikely()}`, address: `127.0.1.${truth.members.length + 10}`, leafKeys: new Set() };
      const founder = this.#people.get(truth.members[0] as Member);
      const person = founder === undefined
        ? await foundHub(relay.foundingLink as string, member.name, this.#optionsOf(member))
        : await welcome(founder, member.name, this.#optionsOf(member));
      member.memberKey = (await person.session.overview()).me?.id as string;
      truth.members.push(member);
      this.#people.set(member, person);
      if (truth.members.length > 3) await this.#bring(this.#chance.pick(truth.rooms), member);
      else if (truth.members.length === 3) for (let i = 0; i < rooms; i += 1) await this.#makeRoom();
    }
  }

  async #makeRoom(): Promise<void> {
    const { truth } = this.stage;
    const [founder] = truth.members as [Member];
    const room = await this.#personOf(founder).session.createRoom(`Room ${unlikely()}`);
    const told: RoomTruth = { mailbox: room, name: (await this.#personOf(founder).session.rooms()).find(({ id }) => id === room)?.name ?? '', members: new Set([founder]) };
    truth.rooms.push(told);
    this.#roomIds.set(told, room);
    for (const member of truth.members.slice(1)) if (this.#chance.next() < 0.5) await this.#bring(told, member);
  }

  async #bring(room: RoomTruth, member: Member): Promise<void> {
    const [founder] = this.stage.truth.members as [Member];
    if (room.members.has(member)) return;
    await this.#personOf(founder).add(this.#roomIds.get(room) as string, member.name);
    await this.#personOf(member).session.catchUp();
    room.members.add(member);
  }

  async #somebodySpeaks(day: number): Promise<void> {
    const { truth } = this.stage;
    const room = this.#chance.pick(truth.rooms);
    const by = this.#chance.pick([...room.members]);
    const person = this.#personOf(by);
    await person.session.catchUp();
    const active = (await person.session.rooms()).find(({ id }) => id === room.mailbox)?.active === true;
    if (!active) return;
    const canary = `heron-${unlikely()}${unlikely()}`;
    const isFile = this.#life.files && truth.messages.length % 4 === 1;
    const seq = isFile ? await this.#sendFile(person, room.mailbox, canary) : await person.say(room.mailbox, `The ${canary} is at the river.`);
    const body = this.#bodies.get(keyOf(by, room.mailbox)) as Uint8Array;
    truth.messages.push({ by, room: room.mailbox, canary, body, seq, at: Date.now(), day: day * this.#life.stride });
  }

  /** Its content and its name hold the word. @returns the number of the message that carries it */
  async #sendFile(person: TestPerson, room: string, canary: string): Promise<number> {
    const bytes = Buffer.from(`${canary} `.repeat(1000));
    const source = { size: bytes.length, slice: (from: number, to: number) => new Blob([bytes.subarray(from, to)]) };
    const message = await person.session.sendFile(room, source, { name: `${canary}.txt`, type: 'text/plain' });
    return (await person.session.delivered(room, message)).seq;
  }

  async #somebodyIsRemoved(): Promise<void> {
    const { truth } = this.stage;
    const room = truth.rooms.find(({ members }) => members.size > 3);
    const gone = room === undefined ? undefined : [...room.members].at(1);
    if (room === undefined || gone === undefined) return;
    const founder = this.#personOf(truth.members[0] as Member);
    const member = (await founder.session.members(room.mailbox)).find(({ name }) => name === gone.name);
    if (member !== undefined) await founder.session.removeMember(room.mailbox, member.id);
  }

  #optionsOf(member: Member): PersonOptions {
    return {
      now: this.stage.calendar.now,
      mls: notedMls(createMls(), member),
      relayAt: (origin) => noted(relayFrom(member.address, origin), member, (mailbox, body) => this.#bodies.set(keyOf(member, mailbox), body)),
    };
  }

  #personOf(member: Member): TestPerson {
    return this.#people.get(member) as TestPerson;
  }
}

const keyOf = (member: Member, mailbox: string): string => `${member.address} ${mailbox}`;

function publicFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  spawnSync('chmod', ['777', folder]);
  return folder;
}
