/**
 * Six people with two devices each, over bad lines, as a seed says: they write, answer, react, change and delete what they
 * wrote, come and go, lose devices and link new ones, and now and then the room is set up anew. In the end nothing that
 * was acknowledged is lost, nothing is shown twice, and all agree on the order and on who is there.
 */
import { expect } from 'vitest';
import { SessionFailure, type MessageItem, type MessagePlace, type RoomId, type SessionFailureCode } from '#core/session/api.ts';
import { chanceFrom, type Chance } from '../harness/chance.ts';
import { Line } from '../harness/line.ts';
import { linkDevice } from '../harness/linking.ts';
import { foundHub, TestPerson, until, welcome } from '../harness/people.ts';
import { startTestRelay } from '../harness/relay.ts';
import { testCalendar, type TestCalendar } from '../harness/test-calendar.ts';
import { expectOneLife, type Dweller } from './one-life.ts';

const NAMES = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'];
const EMOJI = ['👍', '❤️', '😂'];
const REST_MS = 120_000;
/** What may rightly come of an act when the room changed under somebody's hands, when the line was bad, or when whoever moves the room is away. */
const LOST_RACES: readonly SessionFailureCode[] = [
  'not-allowed', 'already-member', 'not-a-member', 'room-inactive', 'unknown-room', 'unknown-member', 'offline', 'timeout', 'locked', 'relay-busy',
];

interface Device extends Dweller {
  readonly line: Line;
}
interface Member {
  readonly name: string;
  readonly devices: Device[];
}
interface Counted {
  readonly acts: Readonly<Record<string, number>>;
  readonly acknowledged: number;
  readonly lost: number;
  readonly moved: number;
}

export async function liveTogether(seed: number, operations: number): Promise<Counted & { seconds: number }> {
  const began = Date.now();
  const calendar = testCalendar();
  const relay = await startTestRelay({ calendar });
  const life = new Life(chanceFrom(seed), calendar);
  try {
    await life.gather(relay.foundingLink as string);
    const counted = await life.run(operations);
    return { ...counted, seconds: Math.round((Date.now() - began) / 1000) };
  } finally {
    await life.end();
    await relay.stop();
  }
}

class Life {
  readonly #chance: Chance;
  readonly #calendar: TestCalendar;
  readonly #members: Member[] = [];
  readonly #acknowledged = new Map<string, string>();
  readonly #deliveries: Promise<void>[] = [];
  readonly #acts: Record<string, number> = {};
  #room: RoomId = '';
  #said = 0;
  #lost = 0;
  #moved = 0;

  constructor(chance: Chance, calendar: TestCalendar) {
    this.#chance = chance;
    this.#calendar = calendar;
  }

  async gather(link: string): Promise<void> {
    for (const name of NAMES) {
      const line = new Line();
      const options = { relayAt: line.relayAt, live: true, now: this.#calendar.now };
      const inviter = this.#members[0]?.devices[0]?.person;
      const person = inviter === undefined ? await foundHub(link, name, options) : await welcome(inviter, name, options);
      this.#members.push({ name, devices: [{ label: `${name} 1`, person, line }] });
    }
    // From their second week on people have tickets for devices of their own.
    this.#calendar.pass(8);
    const alice = this.#witness.person;
    this.#room = await alice.session.createRoom('Twelve devices');
    for (const name of NAMES.slice(1)) await alice.add(this.#room, name);
    for (const member of this.#members) await this.#link(member);
    for (const { line } of this.#all) line.shake(this.#chance);
  }

  get #witness(): Device {
    return this.#members[0]?.devices[0] as Device;
  }
  get #all(): Device[] {
    return this.#members.flatMap(({ devices }) => devices);
  }

  /** Another device for somebody, in every room of the first. */
  async #link(member: Member): Promise<void> {
    const line = new Line();
    const label = `${member.name} ${member.devices.length + this.#lost + 1}`;
    const first = member.devices[0] as Device;
    const person = await linkDevice(first.person, label, { relayAt: line.relayAt, live: true, now: this.#calendar.now }, REST_MS);
    const device = { label, person, line };
    await this.#explained(() => until(async () => {
      if (await this.#isIn(device)) return true;
      // A removal that was under way may have come in between.
      if (!(await this.#isIn(first))) await this.#letIn(first).catch(orLost);
      return false;
    }, `${label} to be in the room`, REST_MS), device);
    member.devices.push(device);
  }

  /** @param also somebody who does not belong to it yet */
  async #explained(wait: () => Promise<void>, also?: Device): Promise<void> {
    try {
      await wait();
    } catch (thrown) {
      const seen = await Promise.all([...this.#all, ...(also === undefined ? [] : [also])].map((device) => this.#described(device)));
      throw new Error(`the room is ${this.#room}\n${seen.join('\n')}`, { cause: thrown });
    }
  }

  /** How a device has the room, for whoever looks for what went wrong. */
  async #described({ label, person: { session } }: Device): Promise<string> {
    const rooms = (await session.rooms()).map(({ id, active, health }) => `${id} ${active ? 'in' : 'out'} ${health.is}`);
    const people = await session.members(this.#room).catch(() => []);
    const { items } = await session.timeline(this.#room, { limit: 50 }).catch(() => ({ items: [] }));
    const unsent = items.flatMap((item) => (item.kind === 'message' && item.state !== 'sent' ? [`${item.text}: ${item.state}`] : []));
    const { connection, postage } = await session.overview();
    return [label, connection, `postage ${postage?.left}`, ...rooms, people.map(({ name, role }) => `${name} ${role}`).join(' '), ...unsent].join(' | ');
  }

  async run(operations: number): Promise<Counted> {
    for (let done = 0; done < operations; ) {
      const together = Math.min(1 + this.#chance.below(4), operations - done);
      const left = [...this.#all];
      const actors = Array.from({ length: together }, () => left.splice(this.#chance.below(left.length), 1)[0] as Device);
      await Promise.all(actors.map((actor) => this.#act(actor)));
      // A lost device takes a while to replace, and whoever replaces it does nothing else meanwhile.
      if (this.#chance.below(60) === 0) await this.#lose();
      done += actors.length;
    }
    await this.#rest();
    await expectOneLife(this.#room, this.#witness, this.#all, this.#acknowledged);
    return { acts: this.#acts, acknowledged: this.#acknowledged.size, lost: this.#lost, moved: this.#moved };
  }

  async #act(actor: Device): Promise<void> {
    const what = this.#chance.weighted({
      say: 30, reply: 8, thread: 8, react: 12, edit: 6, delete: 3, pin: 2, read: 8, add: 4, remove: 3, renew: 2, admin: 2, line: 6, restart: 4, replant: 0.6,
    });
    const [pick, other] = [this.#chance.next(), this.#chance.pick(this.#members)];
    this.#acts[what] = (this.#acts[what] ?? 0) + 1;
    try {
      await this.#do(actor, what, pick, other);
    } catch (failure) {
      orLost(failure);
    }
  }

  async #do(actor: Device, what: string, pick: number, other: Member): Promise<void> {
    const { session } = actor.person;
    if (what === 'line') return this.#turnLine(actor);
    if (what === 'restart') return actor.person.restart();
    if (!(await this.#isIn(actor))) return this.#letIn(actor);
    if (what === 'say') return this.#say(actor, {});
    if (what === 'renew' || what === 'add' || what === 'remove' || what === 'admin' || what === 'replant') return this.#change(actor, what, other, pick < 0.6);
    const items = (await session.timeline(this.#room, { limit: 40 })).items.filter((item): item is MessageItem => item.kind === 'message' && item.seq !== undefined && item.deletedBy === undefined);
    const own = items.filter(({ sender }) => sender.isMe);
    const some = what === 'edit' || what === 'delete' ? own : items;
    const target = some[Math.floor(pick * some.length)];
    if (target === undefined) return this.#say(actor, {});
    return this.#about(actor, what, placeOf(target));
  }

  /** Nobody's line is cut while the room moves: it would rest until they are back, and everybody with it. */
  async #turnLine({ person: { session }, line }: Device): Promise<void> {
    if (line.isCut) return line.mend();
    const moves = (await session.rooms()).some(({ id, health }) => id === this.#room && health.is === 'mending');
    if (!moves) line.cut();
  }

  async #about(actor: Device, what: string, target: MessagePlace): Promise<void> {
    const { session } = actor.person;
    if (what === 'reply') return this.#say(actor, { replyTo: target });
    if (what === 'thread') return this.#say(actor, { thread: target });
    if (what === 'react') return session.react(this.#room, target, EMOJI[target.seq % EMOJI.length] as string, target.seq % 4 !== 0);
    if (what === 'edit') return session.edit(this.#room, target, { text: `${actor.label} thought again ${(this.#said += 1)}` });
    if (what === 'delete') return session.deleteMessage(this.#room, target);
    if (what === 'pin') return session.pin(this.#room, target, target.seq % 3 !== 0);
    return session.markReadTo(this.#room, target.seq);
  }

  async #change({ person: { session }, line }: Device, what: 'renew' | 'add' | 'remove' | 'admin' | 'replant', other: Member, yes: boolean): Promise<void> {
    // Changing a room needs a line; somebody without one would only wait.
    if (line.isCut) return;
    if (what === 'replant') return this.#replant(session);
    const isAdmin = (await session.rooms()).find(({ id }) => id === this.#room)?.admin === true;
    const member = (await other.devices[0]?.person.session.overview())?.me?.id as string;
    const isWitness = other === this.#members[0];
    if (what === 'renew' || !isAdmin || (isWitness && what !== 'add')) return session.renewKeys(this.#room);
    if (what === 'add') return session.addMember(this.#room, member);
    if (what === 'remove') return session.removeMember(this.#room, member);
    return session.setAdmin(this.#room, member, yes);
  }

  /** By whoever may: alice always may. */
  async #replant(session: TestPerson['session']): Promise<void> {
    const isAdmin = (await session.rooms()).find(({ id }) => id === this.#room)?.admin === true;
    if (!isAdmin && this.#witness.line.isCut) return;
    await (isAdmin ? session : this.#witness.person.session).replant(this.#room);
    this.#moved += 1;
  }

  async #letIn({ person }: Device): Promise<void> {
    const { line, person: alice } = this.#witness;
    if (!line.isCut) await alice.session.addMember(this.#room, (await person.session.overview()).me?.id as string);
  }

  async #say({ person: { session }, label }: Device, about: { replyTo?: MessagePlace; thread?: MessagePlace }): Promise<void> {
    const text = `${label} says ${(this.#said += 1)}`;
    const id = await session.send(this.#room, { text, ...about });
    this.#deliveries.push(session.delivered(this.#room, id).then(
      () => void this.#acknowledged.set(id, `${text}${about.thread === undefined ? '' : `, in the thread of ${about.thread.id}`}`),
      (failure: unknown) => {
        if (!(failure instanceof SessionFailure) || !['room-inactive', 'locked', 'not-allowed'].includes(failure.code)) throw failure;
      },
    ));
  }

  /** Somebody's device falls into the river. The other one takes it out of every room and links a new one. */
  async #lose(): Promise<void> {
    const member = this.#chance.pick(this.#members.slice(1));
    // The first one stays: a device that was linked this week has no tickets of its own for the next.
    const [kept, drowned] = member.devices as [Device, Device];
    await drowned.person.session.close();
    this.#lost += 1;
    member.devices.splice(member.devices.indexOf(drowned), 1);
    kept.line.mend();
    kept.line.shake(undefined);
    this.#witness.line.mend();
    if (!(await this.#isIn(kept))) await this.#letIn(kept).catch(orLost);
    const gone = (await kept.person.session.devices()).find(({ isThis }) => !isThis);
    if (gone !== undefined) await kept.person.session.removeDevice(gone.id);
    await this.#link(member);
    for (const { line } of member.devices) line.shake(this.#chance);
  }

  /** Good lines for everybody, until everything that was queued has left. */
  async #rest(): Promise<void> {
    for (const { line } of this.#all) {
      line.shake(undefined);
      line.mend();
    }
    for (const { person } of this.#all) await person.session.nudge();
    await this.#explained(() => until(async () => {
      for (const { person } of this.#all) await person.session.catchUp();
      return (await Promise.all(this.#all.map((device) => this.#hasUnsent(device)))).every((unsent) => !unsent);
    }, 'every message to leave', REST_MS));
    await Promise.all(this.#deliveries);
    for (const { person } of this.#all) await person.session.catchUp();
  }

  async #hasUnsent(device: Device): Promise<boolean> {
    if (!(await this.#isIn(device))) return false;
    const { items } = await device.person.session.timeline(this.#room, { limit: 50 });
    return items.some((item) => item.kind === 'message' && item.state === 'sending');
  }

  async #isIn({ person }: Device): Promise<boolean> {
    return (await person.session.rooms()).some(({ id, active }) => id === this.#room && active);
  }

  async end(): Promise<void> {
    for (const { person } of this.#all) await person.session.close();
  }
}

function orLost(failure: unknown): void {
  if (!(failure instanceof SessionFailure) || !LOST_RACES.includes(failure.code)) throw failure;
}

const placeOf = ({ id, sender, seq }: MessageItem): MessagePlace => ({ id, sender: sender.id, seq: seq as number });
