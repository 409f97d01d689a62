/**
 * People with devices, for stories: alice founds, bob joins, they talk. Each is the real engine over the real relay
 * adapter; only the vault is in memory unless a test says otherwise.
 */
import { createMls } from '#core/mls/mls.ts';
import type { Mls } from '#core/mls/port.ts';
import { createRelay } from '#core/relay/http.ts';
import { loneFetch } from '#core/relay/lone-fetch.ts';
import type { Relay } from '#core/relay/port.ts';
import type { Person as SeenPerson, RoomId, Session, TimelineItem } from '#core/session/api.ts';
import { openSession } from '#core/session/open.ts';
import type { Pace } from '#core/session/pace.ts';
import type { VaultHome } from '#core/vault/port.ts';
import { memoryVaultHome } from './memory-vault.ts';
import { QUICK_PACE } from './pace.ts';
import { until } from './until.ts';

export const PASSPHRASE = 'quiet river under seven bridges';

export interface PersonOptions {
  readonly home?: VaultHome;
  /** A relay of the test's own making: a hostile one, a flaky one. */
  readonly relayAt?: (origin: string) => Relay;
  readonly mls?: Mls;
  readonly now?: () => number;
  readonly live?: boolean;
  readonly pace?: Pace;
}

export class TestPerson {
  readonly name: string;
  readonly home: VaultHome;
  readonly #options: PersonOptions;
  session: Session;

  private constructor(name: string, home: VaultHome, options: PersonOptions, session: Session) {
    this.name = name;
    this.home = home;
    this.#options = options;
    this.session = session;
  }

  static async arrive(name: string, options: PersonOptions = {}): Promise<TestPerson> {
    const home = options.home ?? memoryVaultHome();
    return new TestPerson(name, home, options, await sessionFor(home, options));
  }

  /** Closes the device and opens it again, as after a restart. */
  async restart(): Promise<void> {
    await this.session.close();
    this.session = await sessionFor(this.home, this.#options);
    await this.session.unlock(PASSPHRASE);
  }

  found(link: string, hubName = 'Riverside Tenants'): Promise<void> {
    return this.session.found(link, { name: this.name, hubName, passphrase: PASSPHRASE });
  }

  async seen(name: string): Promise<SeenPerson> {
    const found = (await this.session.people()).find((person) => person.name === name);
    if (found === undefined) throw new Error(`${this.name} does not see ${name}`);
    return found;
  }

  async add(room: RoomId, name: string): Promise<void> {
    await this.session.addMember(room, (await this.seen(name)).id);
  }

  async remove(room: RoomId, name: string): Promise<void> {
    const member = (await this.session.members(room)).find((person) => person.name === name);
    if (member === undefined) throw new Error(`${name} is not in the room`);
    await this.session.removeMember(room, member.id);
  }

  /** Sends and waits for the relay's acknowledgement. */
  async say(room: RoomId, text: string): Promise<number> {
    const id = await this.session.send(room, text);
    return (await this.session.delivered(room, id)).seq;
  }

  /** Everything in the room, oldest first, after catching up. */
  async timeline(room: RoomId): Promise<readonly TimelineItem[]> {
    await this.session.catchUp();
    return (await this.session.timeline(room, { limit: 100_000 })).items;
  }

  async texts(room: RoomId): Promise<string[]> {
    return (await this.timeline(room)).flatMap((item) => (item.kind === 'message' ? [item.text] : []));
  }

  async events(room: RoomId): Promise<string[]> {
    return (await this.timeline(room)).flatMap((item) => (item.kind === 'event' ? [item.event.what] : []));
  }
}

const sessionFor = (home: VaultHome, options: PersonOptions): Promise<Session> =>
  openSession({
    home,
    relayAt: options.relayAt ?? ((origin) => createRelay(origin, { anonymousFetch: loneFetch })),
    mls: options.mls ?? createMls(),
    live: options.live ?? false,
    pace: options.pace ?? QUICK_PACE,
    ...(options.now && { now: options.now }),
  });

/** Founds a hub. */
export async function foundHub(foundingLink: string, name = 'alice', options: PersonOptions = {}): Promise<TestPerson> {
  const founder = await TestPerson.arrive(name, options);
  await founder.found(foundingLink);
  return founder;
}

/** Invites, joins, compares the phrase, and waits until the newcomer is in. */
export async function welcome(inviter: TestPerson, name: string, options: PersonOptions = {}): Promise<TestPerson> {
  const newcomer = await TestPerson.arrive(name, options);
  const { id, link } = await inviter.session.invite();
  const { phrase } = await newcomer.session.join(link, { name, passphrase: PASSPHRASE });
  await inviter.session.requests();
  await inviter.session.admit(id, phrase.join(' '));
  await until(async () => (await newcomer.session.overview()).stage === 'open', `${name} to be admitted`);
  await newcomer.session.catchUp();
  return newcomer;
}

export { until };
