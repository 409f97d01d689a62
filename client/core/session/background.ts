/** What an unlocked device does by itself: follow the log, send, keep itself reachable, finish what was begun. */
import { roughly } from '#shared/chance.ts';
import { RelayRefusal } from '#shared/errors.ts';
import { Stage } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { fromHex, hex } from '#shared/sodium.ts';
import { SessionFailure, type JoinRequest } from './api.ts';
import { asSessionFailure, isPassing } from './failure.ts';
import { Admission } from './admission.ts';
import { nameIssuer } from './bulletin-revision.ts';
import { bringBack } from './backup/bringing-back.ts';
import { BoardWork } from './boards/work.ts';
import type { Device } from './device.ts';
import type { OwnDevices } from './devices/devices.ts';
import { isRemovedHere } from './devices/whereabouts.ts';
import { Drawing } from './drawing.ts';
import { claimHub, postBulletins } from './founding.ts';
import { isRefillDue, supplyKeyPackages } from './key-package-supply.ts';
import type { Files } from './files/files.ts';
import { withdrawNoted } from './files/withdrawing.ts';
import { LogReader } from './log-reader.ts';
import { registerPass } from './newcomer.ts';
import { Outbox } from './outbox.ts';
import { readBacklogs } from './backlog.ts';
import { byChance, Pauses } from './pace.ts';
import { readdAll } from './repair/readding.ts';
import { Replanting } from './replanting.ts';
import { RoomChanges } from './room-changes.ts';
import { Searching } from './searching.ts';
import { removeLeavers } from './rooms/leaving.ts';
import { Serial } from './serial.ts';
import { Presence } from './talk/presence.ts';
import { Vanishing } from './vanishing/vanishing.ts';
import { Views } from './views.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

export class Background {
  readonly device: Device;
  readonly log: LogReader;
  readonly outbox: Outbox;
  readonly changes: RoomChanges;
  readonly admission: Admission;
  readonly views: Views;
  readonly drawing: Drawing;
  readonly vanishing: Vanishing;
  readonly searching: Searching;
  readonly boards: BoardWork;
  readonly presence: Presence;
  /** Work under way, and whether there was a call for more of it meanwhile. */
  readonly #running = new Map<string, { again: boolean }>();
  #requestTimer: ReturnType<typeof setTimeout> | undefined;
  readonly replanting: Replanting;
  readonly #steps = new Serial();
  #files: Promise<Files> | undefined;
  #devices: Promise<OwnDevices> | undefined;
  #asking: string | undefined;
  #siblingsTimer: ReturnType<typeof setTimeout> | undefined;
  #isReady = false;
  #hasRead = false;
  #live = false;
  #stopped = false;
  readonly #pauses = new Pauses();

  constructor(device: Device) {
    this.device = device;
    this.log = new LogReader(device);
    this.changes = new RoomChanges(device, this.log);
    this.outbox = new Outbox(device, this.log, (room) => this.changes.open(room));
    this.admission = new Admission(device);
    this.views = new Views(device);
    this.drawing = new Drawing(device);
    this.vanishing = new Vanishing(device);
    this.presence = new Presence(device, () => this.drawing.state);
    this.boards = new BoardWork(device, { openRoom: (room) => this.changes.open(room), tellBulletins: () => this.tellBulletins(), catchUp: () => this.log.catchUp() });
    device.restock = (kind, count) => this.drawing.restock(kind, count);
    this.replanting = new Replanting(device, this.changes);
    this.changes.moveWithout = (room, member) => this.replanting.decide(room, fromHex(member));
    device.read = () => this.#read();
    this.searching = new Searching(device, (key) => this.views.person(key));
    device.wake = {
      outbox: () => this.outbox.wake(),
      queued: () => this.outbox.wakeLater(),
      changes: () => this.#keepTrying('changes', () => this.changes.resume()),
      bulletins: () => this.#keepTrying('bulletins', () => postBulletins(device)),
      keyPackages: () => this.#keepTrying('used key packages', () => this.#replaceUsed()),
      backlog: () => this.#keepTrying('backlog', () => this.#readBacklogs()),
      rollback: () => this.#keepTrying('rollback', () => this.#afterRollback()),
      returning: () => this.#keepTrying('returning', () => bringBack(device, this.changes)),
      replanting: () => this.#keepTrying('replanting', () => this.#replant()),
      siblings: () => this.#keepTrying('siblings', () => this.#bringTogether()),
      index: (scope) => this.searching.arrived(scope),
      vanishing: () => this.vanishing.look(),
      renewing: () => this.#keepTrying('renewing', () => this.#renew()),
      boards: () => this.#keepTrying('boards', () => this.boards.run()),
      withdrawing: () => this.#keepTrying('withdrawing', () => this.#withdraw()),
      leavers: () => this.#keepTrying('leavers', () => removeLeavers(device, this.changes, (ms) => this.#pauses.wait(ms, { firm: true }), () => this.#stopped)),
    };
  }

  requests(): Promise<readonly JoinRequest[]> {
    return this.admission.requests((key) => this.views.person(key));
  }

  /** Not part of what a browser loads first. */
  files(): Promise<Files> {
    const loading = this.#files ?? import('./files/files.ts').then(({ Files }) => new Files(this.device));
    this.#files = loading;
    // Without a network there is nothing to load it from; the next try may find one.
    loading.catch(() => {
      if (this.#files === loading) this.#files = undefined;
    });
    return loading;
  }

  /** Rooms that another device of this person is still bringing this one into. */
  get arriving(): { done: number; total: number } | undefined {
    const { profile, rooms } = this.device;
    const awaited = profile.awaited.filter(({ past }) => !past);
    const done = awaited.filter(({ room }) => rooms.has(hex(room))).length;
    return done === awaited.length ? undefined : { done, total: awaited.length };
  }
  get isRemovedHere(): boolean {
    return isRemovedHere(this.device);
  }

  /** Nor is this. */
  devices(): Promise<OwnDevices> {
    const loading = this.#devices ?? import('./devices/devices.ts').then(({ OwnDevices }) => new OwnDevices(this.device, this.changes, () => this.files()));
    this.#devices = loading;
    loading.catch(() => {
      if (this.#devices === loading) this.#devices = undefined;
    });
    return loading;
  }

  /** Most people have one device: nothing is loaded for them. */
  async #bringTogether(): Promise<void> {
    const isLinking = [...this.device.invitations.values()].some(({ link }) => link.length > 0);
    if (this.#stopped || (this.device.devices.size === 0 && !isLinking)) return;
    const devices = await this.devices();
    await devices.linking.resume();
    this.#keepTrying('past', () => devices.past.take());
    const later = await devices.siblings.run();
    clearTimeout(this.#siblingsTimer);
    if (later !== undefined && !this.#stopped) this.#siblingsTimer = setTimeout(() => this.device.wake.siblings(), later);
  }

  /** Resolves once this device is of use to its hub. @throws whatever stands in the way now */
  async ready(): Promise<void> {
    if (!this.#isReady) await this.becomeMember();
  }

  /** What must have happened before; each step knows whether it is still to do. */
  becomeMember(): Promise<void> {
    return this.#steps.run(async () => {
      if (this.#isReady) return;
      await this.#takeSteps();
      this.#isReady = true;
    });
  }

  async #takeSteps(): Promise<void> {
    const { device } = this;
    await claimHub(device);
    await this.#registerPass();
    await this.log.catchUp();
    this.#hasRead = true;
    const hello = await device.relay.hello({ known: true });
    await nameIssuer(device, hello);
    await this.drawing.greet(hello);
    await this.#orLater('postage', () => this.drawing.start());
    await this.#orLater('bulletins', () => postBulletins(device));
    await this.#orLater('key packages', () => this.#supply());
  }

  /** Not right after the answer was read: a relay that sees both side by side knows whose invitation this pass came by. */
  async #registerPass(): Promise<void> {
    if (this.device.profile.ticket.length === 0) return;
    await this.#pauses.wait(byChance(this.device.pace.entering), { firm: true });
    if (this.#stopped) throw new SessionFailure('locked');
    await registerPass(this.device);
  }

  /** What every anonymous request waits for: a newer bulletin in the log may say which way it goes. */
  async #read(): Promise<void> {
    if (this.#hasRead || this.device.profile.stage !== Stage.MEMBER) return;
    try {
      await this.becomeMember();
    } catch (thrown) {
      if (!this.#hasRead) throw thrown;
    }
  }

  /** Pools are filled at once the first time. After that not beside a start, where pass and pool would show together. */
  async #supply(): Promise<void> {
    if (!isRefillDue(this.device)) return;
    if (this.device.profile.poolFilledDay === 0 || !this.#live) return supplyKeyPackages(this.device, false);
    void this.#pauses.wait(byChance(this.device.pace.refill), { firm: true })
      .then(() => this.#keepTrying('key packages', () => supplyKeyPackages(this.device, false)));
  }

  async #replaceUsed(): Promise<void> {
    if (this.#live) await this.#pauses.wait(byChance(this.device.pace.used), { firm: true });
    if (!this.#stopped) await supplyKeyPackages(this.device, true);
  }

  /** Without postage, or while the neighbour hub that posts go through is away, this device can still read. */
  async #orLater(name: string, step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (thrown) {
      const isRefused = name === 'postage' && thrown instanceof RelayRefusal;
      if (!isRefused && !['neighbour-offline', 'no-postage'].includes(asSessionFailure(thrown).code)) throw thrown;
      this.#keepTrying(name, step);
    }
  }

  /** Posts what the log does not have of the bulletins, now if that is possible. */
  tellBulletins(): Promise<void> {
    return this.#orLater('bulletins', () => postBulletins(this.device));
  }

  /** Records of rooms this device came into late: of shards it did not read, or from longer ago than it remembers. */
  async #readBacklogs(): Promise<void> {
    await this.log.widen();
    await readBacklogs(this.device);
    if (this.device.connection !== 'online') await this.log.catchUp();
  }

  /** Files that were on their way when this device was closed. */
  async #goOnSending(): Promise<void> {
    if ((await this.device.vault.all('uploads')).length > 0) await (await this.files()).goOn();
  }

  #withdraw(): Promise<void> {
    return withdrawNoted(this.device, () => this.#pauses.wait(byChance(this.device.pace.queued), { firm: true }), () => this.#stopped);
  }

  /** Once the log is read: until then what a copy did is still to be found out. */
  async #renew(): Promise<void> {
    await this.ready();
    for (const room of [...this.device.toRenew]) {
      if (this.device.rooms.get(room)?.room.active === true) await this.changes.renewKeys(room);
      this.device.toRenew.delete(room);
    }
  }

  /** The hub gets again what it has forgotten and only this device can give it. */
  async #afterRollback(): Promise<void> {
    await supplyKeyPackages(this.device, true);
    await postBulletins(this.device);
    await this.changes.resume();
    this.device.wake.replanting();
    this.outbox.wakeLater();
  }

  async #replant(): Promise<void> {
    const pause = (ms: number) => this.#pause(ms);
    await this.replanting.run(pause);
    if (this.device.integrity.asks.size > 0) await readdAll(this.device, this.changes, pause);
    this.#keepTrying('owed', () => this.replanting.bringOwed(pause, () => this.#stopped));
  }

  /** Starts everything; without `live` only what is asked for happens (a command that ends soon). */
  start(live: boolean): void {
    this.#live = live;
    if (live) void this.searching.start(this.#pauses).catch(() => undefined);
    this.#keepTrying('start', async () => {
      await this.ready();
      if (live) {
        this.log.start();
        this.#watchRequests();
      }
      // Each by itself: what stands in the way of one must not keep the others from being done.
      this.#keepTrying('answers', () => this.admission.resume());
      this.#keepTrying('changes', () => this.changes.resume());
      this.device.wake.backlog();
      this.device.wake.returning();
      if (this.device.profile.poolsAnew) this.device.wake.rollback();
      this.device.wake.replanting();
      this.device.wake.siblings();
      this.device.wake.leavers();
      this.device.wake.withdrawing();
      this.device.wake.boards();
      this.outbox.wakeLater();
      this.#keepTrying('files', () => this.#goOnSending());
      void this.drawing.goOn((ms) => this.#pauses.wait(ms, { firm: true }), () => this.#stopped);
    });
  }

  /** While an invitation is open, somebody may be waiting with a phrase. */
  #watchRequests(): void {
    let shown = '';
    const look = async () => {
      if (this.device.invitations.size > 0) {
        const now = JSON.stringify(await this.requests().catch(() => undefined)) ?? shown;
        if (now !== shown) this.device.emit({ changed: 'requests' });
        shown = now;
        await this.#lookForDevice();
      }
      if (!this.#stopped) this.#requestTimer = setTimeout(() => void look(), byChance(this.device.pace.requests));
    };
    void look();
  }

  /** Somebody may have opened a link for another device of this person. */
  async #lookForDevice(): Promise<void> {
    if (![...this.device.invitations.values()].some(({ link }) => link.length > 0)) return;
    const asking = JSON.stringify(await this.devices().then((devices) => devices.linking.request()).catch(() => undefined));
    if (asking !== this.#asking) this.device.emit({ changed: 'devices' });
    this.#asking = asking;
  }

  nudge(): void {
    this.vanishing.look();
    this.#pauses.hurry();
    this.log.nudge();
    this.outbox.wakeLater();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#requestTimer);
    clearTimeout(this.#siblingsTimer);
    this.#pauses.stop();
    this.drawing.stop();
    this.vanishing.stop();
    this.boards.stop();
    this.presence.stop();
    this.log.stop();
    this.device.waiting.end();
    this.searching.stop();
    this.#files?.then((files) => files.stop(), () => undefined);
    await this.outbox.stop();
  }

  #keepTrying(name: string, work: () => Promise<void>): void {
    const running = this.#running.get(name);
    if (running !== undefined) running.again = true;
    if (this.#stopped || running !== undefined) return;
    const run = { again: false };
    this.#running.set(name, run);
    void this.#untilDone(work).finally(() => {
      this.#running.delete(name);
      if (run.again) this.#keepTrying(name, work);
    });
  }

  async #untilDone(work: () => Promise<void>): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; !this.#stopped; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        await work();
        return;
      } catch (thrown) {
        if (this.device.closed) return;
        if (asSessionFailure(thrown).code === 'offline' && this.device.connection !== 'offline') {
          this.device.connection = 'offline';
          this.device.emit({ changed: 'overview' });
        }
        if (!isPassing(thrown)) pause = LONGEST_PAUSE_MS;
        await this.#pause(roughly(pause));
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return this.#pauses.wait(ms);
  }
}
