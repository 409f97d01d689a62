/** One profile on one device, from no vault at all to an unlocked member: which stage it is in, and how it moves on. */
import { create, toBinary } from '@bufbuild/protobuf';
import { NewcomerSchema, ProfileSchema, Stage, type Profile } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import type { Mls } from '../mls/port.ts';
import type { Relay } from '../relay/port.ts';
import { RelayRefusal } from '#shared/errors.ts';
import type { Vault, VaultHome } from '../vault/port.ts';
import { SessionFailure, type FileSource, type Overview, type SessionEvent, type SessionFailureCode, type SessionStage, type TransferId } from './api.ts';
import type { Device } from './device.ts';
import { asSessionFailure, isPassing } from './failure.ts';
import { checkEntries } from './identity.ts';
import type * as Newcomer from './newcomer.ts';
import { DEFAULT_PACE, type Pace } from './pace.ts';
import { Serial } from './serial.ts';
import type { Unlocked } from './unlocked.ts';
import { within } from './within.ts';

export interface SessionDeps {
  readonly home: VaultHome;
  /** The relay of a hub, by its origin. */
  readonly relayAt: (origin: string) => Relay;
  /** The wrapper of MLS, or how to load it: a browser does once it has shown its first screen. */
  readonly mls: Mls | (() => Promise<Mls>);
  /** Milliseconds since 1970; the system clock unless a test says otherwise. */
  readonly now?: () => number;
  /** Follow the log as it grows. Off for a command that reads, does one thing and ends. */
  readonly live?: boolean;
  /** Pauses by chance; shorter ones are for tests. */
  readonly pace?: Pace;
}

const ANSWER_FIRST_MS = 700;
const ANSWER_LONGEST_MS = 4_000;
const FLUSH_MS = 20_000;
const STOP_MS = 1_000;

/** Owns what is unlocked, if anything, and moves between the stages one step at a time. */
export class SessionKeeper {
  readonly deps: SessionDeps;
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  readonly #steps = new Serial();
  #open: Unlocked | undefined;
  #joinProblem: SessionFailureCode | undefined;
  #answerTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: SessionDeps) {
    this.deps = deps;
  }

  subscribe(listener: (event: SessionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  readonly #emit = (event: SessionEvent): void => {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (mistake) {
        // The listener's own: the engine goes on, and whoever watches for uncaught errors hears of it.
        queueMicrotask(() => {
          throw mistake;
        });
      }
    }
  };

  /** The unlocked parts. @throws SessionFailure `locked` | `not-admitted` */
  get unlocked(): Unlocked {
    if (this.#open === undefined) throw new SessionFailure('locked');
    if (this.#open.device.profile.stage === Stage.WAITING) throw new SessionFailure('not-admitted');
    return this.#open;
  }

  async overview(): Promise<Overview> {
    const device = this.#open?.device;
    const newcomer = device?.profile.stage === Stage.WAITING ? device.profile.newcomer : undefined;
    const stage: SessionStage = device ? (newcomer ? 'waiting' : 'open') : (await this.deps.home.exists()) ? 'locked' : 'empty';
    return {
      stage,
      connection: device?.connection ?? 'connecting',
      catchUp: device?.catchUp,
      hubName: device?.bulletin?.facts.hubName,
      me: this.#open?.background.views.me(),
      postsThrough: postsThrough(device),
      waitingForNeighbour: device !== undefined && !device.neighbourAnswers,
      entering: stage === 'open' && (device?.profile.ticket.length ?? 0) > 0,
      maySetNeighbour: this.#open?.mayRevise() ?? false,
      mayInvite: this.#open?.background.admission.mayInvite ?? false,
      phrase: newcomer?.phrase,
      linking: (newcomer?.link.length ?? 0) > 0,
      returning: newcomer?.before !== undefined,
      arriving: this.#open?.background.arriving,
      removedHere: this.#open?.background.isRemovedHere ?? false,
      postage: stage === 'open' ? this.#open?.background.drawing.state : undefined,
      joinProblem: newcomer?.refused === true ? 'refused' : this.#joinProblem,
      alarms: this.#open?.background.views.alarms() ?? [],
    };
  }

  found(link: string, options: { name: string; hubName?: string; passphrase: string }): Promise<void> {
    return this.#steps.run(async () => {
      if (await this.deps.home.exists()) throw new SessionFailure('vault-exists');
      checkEntries(options.name, options.passphrase);
      const { foundingProfile, originOf } = await import('./founding.ts');
      const hello = await this.deps.relayAt(originOf(link)).hello();
      const profile = foundingProfile(link, options, hello, this.#now());
      const vault = await this.#createVault(profile, options.passphrase);
      const { background, device } = await this.#enter(vault);
      try {
        await background.becomeMember();
      } catch (thrown) {
        // Only the relay's own no says that the hub is not founded by these keys. After a lost reply, or when this device
        // could not write the yes down, the keys stay, and the founding is tried again.
        if (thrown instanceof RelayRefusal && !isPassing(thrown) && device.profile.stage === Stage.FOUNDING) await this.#abandon();
        throw thrown;
      } finally {
        if (this.#open !== undefined) background.start(this.deps.live ?? false);
      }
    });
  }

  join(link: string, options: { name: string; passphrase: string }): Promise<{ phrase: readonly string[] }> {
    return this.#steps.run(async () => {
      if (await this.deps.home.exists()) throw new SessionFailure('vault-exists');
      const { newcomerProfile } = await import('./newcomer.ts');
      return this.#ask(newcomerProfile(link, options), options.passphrase);
    });
  }

  joinAsDevice(link: string, options: { deviceName: string; passphrase: string }): Promise<{ phrase: readonly string[] }> {
    return this.#steps.run(async () => {
      if (await this.deps.home.exists()) throw new SessionFailure('vault-exists');
      const { arrivingProfile } = await import('./devices/arriving.ts');
      return this.#ask(arrivingProfile(link, options, this.#now()), options.passphrase);
    });
  }

  restore(source: FileSource, words: readonly string[], options: { passphrase: string; transfer?: TransferId }): Promise<void> {
    return this.#steps.run(async () => {
      if (await this.deps.home.exists()) throw new SessionFailure('vault-exists');
      const { restore } = await import('./backup/restoring.ts');
      const { transfer } = options;
      const tell = (done: number, total: number) => transfer !== undefined && this.#emit({ changed: 'transfer', transfer, done, total });
      const vault = await restore({ home: this.deps.home, source, words, passphrase: options.passphrase, now: this.#now(), tell });
      const { background } = await this.#enter(vault);
      background.start(this.deps.live ?? false);
    });
  }

  comeBack(link: string, { passphrase }: { passphrase: string }): Promise<{ phrase: readonly string[] }> {
    return this.#steps.run(async () => {
      const { device } = this.unlocked;
      const [{ returningProfile }, { claimInvitation }] = await Promise.all([import('./backup/returning.ts'), import('./newcomer.ts')]);
      const waiting = returningProfile(device.profile, link);
      const hasMoved = waiting.origin !== device.profile.origin;
      await claimInvitation(hasMoved ? this.deps.relayAt(waiting.origin) : device.relay, waiting);
      await device.change(async (draft) => {
        draft.setProfile(waiting);
        draft.emit({ changed: 'overview' });
      });
      // What ran with the pass from before ends with this.
      await this.#leave();
      await this.#enter(await this.deps.home.open(passphrase));
      this.#awaitAnswer(ANSWER_FIRST_MS);
      return { phrase: waiting.newcomer?.phrase ?? [] };
    });
  }

  stopAsking(): Promise<void> {
    return this.#steps.run(async () => {
      const open = this.#open;
      const before = open && (await import('./backup/returning.ts')).stayingAway(open.device.profile);
      if (open === undefined || before === undefined || open.device.profile.stage !== Stage.WAITING) return;
      clearTimeout(this.#answerTimer);
      const isSameHub = open.device.profile.origin === before.origin;
      this.#joinProblem = undefined;
      const isAway = await open.device.change(async (draft) => {
        if (draft.profile.stage !== Stage.WAITING) return false;
        draft.setProfile(before);
        draft.emit({ changed: 'overview' });
        draft.emit({ changed: 'rooms' });
        return true;
      });
      // Let in at the last moment.
      if (!isAway) return;
      // The link may have led elsewhere: nothing of the pass from before goes there.
      if (isSameHub) open.background.start(this.deps.live ?? false);
      else await this.#leave();
    });
  }

  /** Puts the claim of a profile that is just made, and waits for what it brings. */
  async #ask(profile: Profile, passphrase: string): Promise<{ phrase: readonly string[] }> {
    const relay = this.deps.relayAt(profile.origin);
    await relay.hello();
    const vault = await this.#createVault(profile, passphrase);
    await this.#enter(vault);
    try {
      await (await asking(profile)).claim(relay, profile);
    } catch (thrown) {
      if (!isPassing(thrown)) {
        await this.#abandon();
        throw thrown;
      }
    }
    this.#awaitAnswer(ANSWER_FIRST_MS);
    return { phrase: profile.newcomer?.phrase ?? [] };
  }

  unlock(passphrase: string): Promise<void> {
    return this.#steps.run(async () => {
      if (this.#open !== undefined) return;
      const { device, background } = await this.#enter(await this.deps.home.open(passphrase));
      if (device.profile.stage === Stage.RESTORING) {
        await this.#abandon();
        throw new SessionFailure('restore-cut-short');
      }
      if (device.profile.stage === Stage.WAITING) this.#awaitAnswer(0);
      else background.start(this.deps.live ?? false);
    });
  }

  lock(): Promise<void> {
    return this.#steps.run(() => this.#leave());
  }

  erase(): Promise<void> {
    return this.#steps.run(() => this.#abandon());
  }

  /** Gives what is queued a moment to leave, then locks. */
  async close(): Promise<void> {
    const outbox = this.#open?.background.outbox;
    if (outbox !== undefined && this.#open?.device.profile.stage === Stage.MEMBER) await within(FLUSH_MS / 4 + this.#pace.queued[1], outbox.settle());
    await this.lock();
  }

  get #pace(): Pace {
    return this.deps.pace ?? DEFAULT_PACE;
  }

  #now(): number {
    return (this.deps.now ?? Date.now)();
  }

  async #createVault(profile: Profile, passphrase: string): Promise<Vault> {
    const vault = await this.deps.home.create(passphrase);
    try {
      await vault.write([{ put: { collection: 'profile', scope: '', order: 0 }, value: toBinary(ProfileSchema, profile) }]);
      return vault;
    } catch (thrown) {
      // A vault with nobody in it could never be opened, and would stand in the way of the next try.
      await vault.close();
      await this.deps.home.erase();
      throw thrown;
    }
  }

  async #enter(vault: Vault): Promise<Unlocked> {
    try {
      const { mls } = this.deps;
      const [{ openDevice }, loaded] = await Promise.all([import('./unlocked.ts'), typeof mls === 'function' ? mls() : mls]);
      this.#open = await openDevice({
        vault, mls: loaded, relayAt: this.deps.relayAt, now: () => this.#now(), emit: this.#emit, pace: this.#pace,
      });
      this.#joinProblem = undefined;
      this.#emit({ changed: 'overview' });
      this.#emit({ changed: 'rooms' });
      return this.#open;
    } catch (thrown) {
      await vault.close();
      throw thrown;
    }
  }

  async #leave(): Promise<void> {
    clearTimeout(this.#answerTimer);
    const open = this.#open;
    this.#open = undefined;
    if (open !== undefined) {
      const stopped = open.background.stop();
      await open.device.close();
      // The keys are gone; a request still under way has nothing left to write with.
      await within(STOP_MS, stopped);
    }
    this.#emit({ changed: 'overview' });
  }

  async #abandon(): Promise<void> {
    await this.#leave();
    await this.deps.home.erase();
    this.#emit({ changed: 'overview' });
  }

  #awaitAnswer(pause: number): void {
    clearTimeout(this.#answerTimer);
    this.#answerTimer = setTimeout(() => void this.#lookForAnswer(pause), pause);
  }

  async #lookForAnswer(pause: number): Promise<void> {
    const open = this.#open;
    if (open === undefined || open.device.profile.stage !== Stage.WAITING) return;
    const { device, background } = open;
    try {
      const state = await (await asking(device.profile)).takeAnswer(device);
      if (state === 'admitted') {
        background.start(this.deps.live ?? false);
        return;
      }
      if (state === 'refused') {
        await device.change(async (draft) => {
          draft.setProfile({ newcomer: { ...(draft.profile.newcomer ?? create(NewcomerSchema)), refused: true } });
        });
        this.#emit({ changed: 'overview' });
        return;
      }
      if (this.#open === open) this.#problem(undefined);
    } catch (thrown) {
      if (device.closed) return;
      const settled = await this.#claimAgain(device, thrown);
      if (settled) return;
    }
    if (this.#open === open) this.#awaitAnswer(Math.min(Math.max(pause, ANSWER_FIRST_MS) * 1.3, ANSWER_LONGEST_MS));
  }

  /** The first claim may never have arrived. @returns true when waiting on is pointless */
  async #claimAgain(device: Device, thrown: unknown): Promise<boolean> {
    const { code } = asSessionFailure(thrown);
    if (code === 'offline' || code === 'relay-busy') {
      this.#problem(code);
      return false;
    }
    if (thrown instanceof SessionFailure && thrown.code === 'link-expired') {
      this.#problem(thrown.code);
      return true;
    }
    try {
      await (await asking(device.profile)).claim(device.relay, device.profile);
      return false;
    } catch (again) {
      this.#problem(asSessionFailure(again).code);
      return (await import('./newcomer.ts')).isLostClaim(again);
    }
  }

  #problem(code: SessionFailureCode | undefined): void {
    if (this.#joinProblem === code) return;
    this.#joinProblem = code;
    this.#emit({ changed: 'overview' });
  }
}

/** How somebody asks who has an invitation, and a device that has a link. */
async function asking({ newcomer }: Profile): Promise<{ claim: typeof Newcomer.claimInvitation; takeAnswer: typeof Newcomer.takeAnswer }> {
  if ((newcomer?.link.length ?? 0) === 0) {
    const { claimInvitation, takeAnswer } = await import('./newcomer.ts');
    return { claim: claimInvitation, takeAnswer };
  }
  const { claimLink, takeLinkAnswer } = await import('./devices/arriving.ts');
  return { claim: claimLink, takeAnswer: takeLinkAnswer };
}

function postsThrough(device: Device | undefined): string | undefined {
  const neighbour = device?.bulletin?.facts.neighbour ?? '';
  return neighbour === '' ? undefined : new URL(neighbour).host;
}
