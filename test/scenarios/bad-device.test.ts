/**
 * A device whose disk is full, fails, or is slow. Every write of the vault is made to fail in its turn: the person gets a
 * typed failure, nothing is half done, and when there is room again the device goes on as if nothing had been.
 */
import type { RoomId } from '#core/session/api.ts';
import { type VaultChange, VaultFailure, type VaultFailureCode, type VaultHome } from '#core/vault/port.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Acknowledged, expectAgreement } from '../harness/agreement.ts';
import { memoryVaultHome } from '../harness/memory-vault.ts';
import { foundHub, PASSPHRASE, TestPerson, until, welcome } from '../harness/people.ts';
import { startTestRelay, type TestRelay } from '../harness/relay.ts';

/** A disk that fails some of its writes. */
class Disk {
  writes = 0;
  failed = 0;
  #fails: (write: number) => boolean = () => false;
  #code: VaultFailureCode = 'storage-full';
  #slowMs = 0;

  readonly home: VaultHome = slowed(
    memoryVaultHome({
      beforeWrite: () => {
        this.writes += 1;
        if (!this.#fails(this.writes)) return;
        this.failed += 1;
        throw new VaultFailure(this.#code);
      },
    }),
    () => this.#slowMs,
  );

  /** From now on, counted from 1. */
  fail(which: (write: number) => boolean, code: VaultFailureCode = 'storage-full'): void {
    this.writes = 0;
    this.failed = 0;
    this.#fails = which;
    this.#code = code;
  }
  mend(): void {
    this.#fails = () => false;
  }
  slow(ms: number): void {
    this.#slowMs = ms;
  }
}

function slowed(home: VaultHome, ms: () => number): VaultHome {
  const slow = async (opening: Promise<Awaited<ReturnType<VaultHome['open']>>>) => {
    const vault = await opening;
    return {
      get: vault.get.bind(vault), range: vault.range.bind(vault), all: vault.all.bind(vault),
      changePassphrase: vault.changePassphrase.bind(vault), close: vault.close.bind(vault),
      write: async (batch: readonly VaultChange[]) => {
        if (ms() > 0) await new Promise((resolve) => setTimeout(resolve, ms()));
        return vault.write(batch);
      },
    };
  };
  return {
    exists: () => home.exists(), erase: () => home.erase(),
    create: (passphrase) => slow(home.create(passphrase)), open: (passphrase) => slow(home.open(passphrase)),
  };
}

const DISK_CODES = ['device-full', 'device-storage'];
const isDiskFailure = (failure: unknown): undefined => {
  expect(DISK_CODES).toContain((failure as { code?: unknown }).code);
};

describe('a device with a bad disk', () => {
  let relay: TestRelay;
  let alice: TestPerson;
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);

  beforeAll(async () => {
    process.on('unhandledRejection', note);
    relay = await startTestRelay();
    alice = await foundHub(relay.foundingLink as string, 'alice', { live: true });
  });
  afterAll(async () => {
    process.off('unhandledRejection', note);
    await alice.session.close();
    await relay.stop();
    expect(unhandled, 'no failure goes unheard').toEqual([]);
  });

  it.each([1, 2, 3, 4, 5])('founding with write %i failing leaves either nothing or a founder, never a hub without keys', async (n) => {
    const fresh = await startTestRelay();
    const disk = new Disk();
    const zoe = await TestPerson.arrive('zoe', { home: disk.home });
    disk.fail((write) => write === n);
    await zoe.found(fresh.foundingLink as string).catch(isDiskFailure);
    disk.mend();
    const { stage } = await zoe.session.overview();
    if (stage === 'empty') await zoe.found(fresh.foundingLink as string);
    else expect(stage).toBe('open');
    const room = await zoe.session.createRoom('Ours');
    await zoe.say(room, 'here');
    await zoe.restart();
    expect(await zoe.texts(room)).toEqual(['here']);
    await zoe.session.close();
    await fresh.stop();
  });

  it.each([1, 2, 3, 4, 5])('joining with write %i failing leaves either nothing or a newcomer who gets in', async (n) => {
    const disk = new Disk();
    const yan = await TestPerson.arrive(`yan ${n}`, { home: disk.home });
    const { id, link } = await alice.session.invite();
    disk.fail((write) => write === n);
    const joined = await yan.session.join(link, { name: `yan ${n}`, passphrase: PASSPHRASE }).catch(isDiskFailure);
    if (joined === undefined) {
      expect((await yan.session.overview()).stage, 'nothing half made').toBe('empty');
      disk.mend();
      await yan.session.join(link, { name: `yan ${n}`, passphrase: PASSPHRASE });
    }
    const { phrase = [] } = await yan.session.overview();
    await alice.session.requests();
    await alice.session.admit(id, phrase.join(' '));
    await until(async () => (await yan.session.overview()).stage === 'open', 'yan to be in');
    disk.mend();
    await yan.session.catchUp();
    await yan.session.close();
  });

  it('whichever write of an ordinary day fails, nothing is lost, doubled or half done', async () => {
    const disk = new Disk();
    const bob = await welcome(alice, 'bob', { home: disk.home });
    const carol = await welcome(alice, 'carol');
    const room = await alice.session.createRoom('An ordinary day');
    await alice.add(room, 'bob');
    await until(async () => (await bob.session.catchUp(), (await bob.session.rooms()).length > 0), 'bob to be in');
    await alice.session.setAdmin(room, (await alice.seen('bob')).id, true);
    await alice.add(room, 'carol');
    await bob.session.catchUp();
    await until(async () => (await bob.session.catchUp(), (await bob.session.people()).some(({ name }) => name === 'carol')), 'bob to know carol');
    await alice.remove(room, 'carol');
    const carolsId = (await bob.seen('carol')).id;
    const acknowledged: Acknowledged[] = [];

    const day = async (n: number): Promise<void> => {
      const text = `alice ${n}`;
      acknowledged.push({ id: await sayAndTell(alice, room, text), text });
      await bob.session.catchUp().catch(isDiskFailure);
      const mine = `bob ${n}`;
      const id = await bob.session.send(room, mine).catch(isDiskFailure);
      if (id !== undefined) await bob.session.delivered(room, id).then(() => acknowledged.push({ id, text: mine }));
      await (n % 2 === 0 ? bob.session.addMember(room, carolsId) : bob.session.removeMember(room, carolsId)).catch((failure: unknown) => {
        const { code } = failure as { code?: string };
        if (code !== 'already-member' && code !== 'not-a-member') isDiskFailure(failure);
      });
      await bob.session.renewKeys(room).catch(isDiskFailure);
    };
    let hits = 0;
    for (let n = 1; n <= 16; n += 1) {
      disk.fail((write) => write === n, n % 2 === 0 ? 'storage-full' : 'storage-unavailable');
      await day(n);
      hits += disk.failed;
    }
    expect(hits, 'the failures really happened').toBeGreaterThan(8);
    disk.mend();
    await until(async () => {
      await bob.session.catchUp();
      return (await bob.session.timeline(room)).items.every((item) => item.kind !== 'message' || item.state !== 'sending');
    }, 'everything to leave');
    for (const person of [alice, bob, carol]) await person.session.catchUp();
    await expectAgreement(room, alice, [bob, carol], acknowledged);
    // What the vault holds is what the device thought it holds.
    await bob.restart();
    await bob.say(room, 'a quiet night');
    for (const person of [alice, carol]) await person.session.catchUp();
    await expectAgreement(room, alice, [bob, carol], acknowledged);
    for (const person of [bob, carol]) await person.session.close();
  });

  it('a disk that is full for a while is asked now and then, not all the time; then everything leaves and arrives', async () => {
    const disk = new Disk();
    const dave = await welcome(alice, 'dave', { home: disk.home, live: true });
    const room = await alice.session.createRoom('Full');
    await alice.add(room, 'dave');
    await until(async () => (await dave.session.rooms()).length > 0, 'dave to be in');
    const ids = await Promise.all([1, 2, 3].map((n) => dave.session.send(room, `dave ${n}`)));
    disk.fail(() => true);
    await expect(dave.session.send(room, 'no room for this')).rejects.toMatchObject({ code: 'device-full' });
    for (let n = 1; n <= 3; n += 1) await alice.say(room, `alice ${n}`);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(disk.failed, 'it was tried').toBeGreaterThan(1);
    expect(disk.failed, 'but calmly').toBeLessThan(40);
    disk.mend();
    await dave.session.nudge();
    await Promise.all(ids.map((id) => dave.session.delivered(room, id)));
    await dave.session.catchUp();
    const texts = await dave.texts(room);
    expect([...texts].sort()).toEqual(['alice 1', 'alice 2', 'alice 3', 'dave 1', 'dave 2', 'dave 3']);
    expect(await alice.texts(room)).toEqual(texts);
    await dave.session.close();
  });

  it('a slow disk keeps the order of what is written and read', async () => {
    const disk = new Disk();
    const erin = await welcome(alice, 'erin', { home: disk.home, live: true });
    const room = await alice.session.createRoom('Slow');
    await alice.add(room, 'erin');
    await until(async () => (await erin.session.rooms()).length > 0, 'erin to be in');
    disk.slow(40);
    const sending = Promise.all(Array.from({ length: 8 }, (_, n) => erin.session.send(room, `erin ${n}`)));
    for (let n = 0; n < 8; n += 1) await alice.say(room, `alice ${n}`);
    const ids = await sending;
    await Promise.all(ids.map((id) => erin.session.delivered(room, id)));
    const texts = await erin.texts(room);
    expect(texts.filter((text) => text.startsWith('erin'))).toEqual(Array.from({ length: 8 }, (_, n) => `erin ${n}`));
    expect(texts).toHaveLength(16);
    expect(await alice.texts(room)).toEqual(texts);
    await erin.session.close();
  });
});

async function sayAndTell(person: TestPerson, room: RoomId, text: string): Promise<string> {
  const id = await person.session.send(room, text);
  await person.session.delivered(room, id);
  return id;
}
