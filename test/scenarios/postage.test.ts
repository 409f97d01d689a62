/** A device's week: what it draws, what it pays with, and what happens when there is no more. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRelay } from '#core/relay/http.ts';
import { type Relay, RelayUnreachable, type TokenKind } from '#core/relay/port.ts';
import { sqliteVaultHome } from '#core/vault/sqlite.ts';
import { DAY_MS, dayOf, firstDayOf, weekOf, type Week } from '#shared/ids.ts';
import { TEST_COST } from '../harness/memory-vault.ts';
import { foundHub, PASSPHRASE, TestPerson, until, welcome } from '../harness/people.ts';
import { startTestRelay, type TestRelay } from '../harness/relay.ts';
import { testCalendar, type TestCalendar } from '../harness/test-calendar.ts';

type Draw = Parameters<Relay['drawTokens']>[1];

/** A way to the relay that notes every draw; `lose` makes the reply to the next one get lost. */
class Watched {
  readonly draws: Draw[] = [];
  lose = false;
  readonly relayAt = (origin: string): Relay => {
    const relay = createRelay(origin);
    return {
      ...relay,
      drawTokens: async (pass, request) => {
        this.draws.push(request);
        const drawn = await relay.drawTokens(pass, request);
        if (this.lose) throw this.#lost();
        return drawn;
      },
    };
  };
  #lost(): RelayUnreachable {
    this.lose = false;
    return new RelayUnreachable();
  }
  sizes(kind: TokenKind): number[] {
    // On a Sunday the next week's are drawn as well.
    return this.draws.filter((draw) => draw.kind === kind && draw.week === this.draws[0]?.week).map(({ blinded }) => blinded.length);
  }
}

describe('a week of postage', () => {
  let relay: TestRelay;
  let calendar: TestCalendar;
  const people: TestPerson[] = [];
  beforeEach(() => {
    calendar = testCalendar();
  });
  afterEach(async () => {
    for (const person of people.splice(0)) await person.session.close();
    await relay.stop();
  });
  const start = async (postagePerWeek: number, ticketsPerWeek = 10): Promise<void> => {
    relay = await startTestRelay({ calendar, config: { postagePerWeek, ticketsPerWeek } });
  };
  const founder = async (way = new Watched()): Promise<TestPerson> => {
    const alice = await foundHub(relay.foundingLink as string, 'alice', { relayAt: way.relayAt, now: calendar.now });
    people.push(alice);
    return alice;
  };

  it('what is drawn does not tell how much somebody posts, nor whether they invite', async () => {
    await start(90);
    const [busyWay, idleWay] = [new Watched(), new Watched()];
    const busy = await founder(busyWay);
    const idle = await welcome(busy, 'idle', { relayAt: idleWay.relayAt, now: calendar.now });
    people.push(idle);
    expect(idleWay.sizes('ticket'), 'who is new asks like everybody, is told that there are none yet, and asks no more').toEqual([4]);
    // In the middle of a later week.
    calendar.pass(7);
    while ((calendar.today() + 3) % 7 !== 2) calendar.pass(1);
    for (const way of [busyWay, idleWay]) way.draws.length = 0;
    for (const person of [busy, idle]) await person.restart();
    for (const person of [busy, idle]) await person.session.catchUp();
    const room = await busy.session.createRoom('Kitchen');
    for (let i = 0; i < 8; i += 1) await busy.say(room, `and another thing ${i}`);
    for (const person of [busy, idle]) {
      for (let start = 0; start < 2; start += 1) {
        await person.restart();
        await person.session.catchUp();
      }
    }
    expect(busyWay.sizes('postage')).toEqual([64, 26]);
    expect(idleWay.sizes('postage')).toEqual([64, 26]);
    expect(busyWay.sizes('ticket')).toEqual([4, 6]);
    expect(idleWay.sizes('ticket')).toEqual([4, 6]);
  });

  it('who runs out keeps what they write, reads when there is more, and then it leaves by itself', async () => {
    await start(12);
    const alice = await founder();
    const room = await alice.session.createRoom('Kitchen');
    const sent: string[] = [];
    let failure: unknown;
    while (failure === undefined && sent.length < 20) {
      sent.push(`line ${sent.length}`);
      await alice.say(room, sent.at(-1) as string).catch((thrown: unknown) => (failure = thrown));
    }
    expect(failure).toMatchObject({ code: 'no-postage' });
    const week = weekOf(dayOf(calendar.now()));
    // Her key packages wait as well, and find a moment later that there is nothing to wait for.
    await until(async () => (await alice.session.overview()).postage?.soon === false, 'all who wait to know');
    expect((await alice.session.overview()).postage)
      .toEqual({ left: 0, waiting: true, soon: false, renewsAt: firstDayOf((week + 1) as Week) * DAY_MS, problem: undefined });
    expect((await alice.timeline(room)).at(-1)).toMatchObject({ text: sent.at(-1), state: 'sending' });
    // A restart neither loses it nor makes postage of nothing; asking for it again says why it waits.
    await alice.restart();
    const waits = (await alice.timeline(room)).at(-1);
    await expect(alice.session.delivered(room, waits?.id as string)).rejects.toMatchObject({ code: 'no-postage' });

    calendar.pass(7);
    await alice.session.nudge();
    await until(async () => (await alice.timeline(room)).every((item) => item.kind !== 'message' || item.state === 'sent'), 'the last line to leave');
    expect(await alice.texts(room)).toEqual(sent);
    expect((await alice.session.overview()).postage).toMatchObject({ waiting: false });
  });

  it('a draw whose answer is lost is asked for again, the same to the byte, and counted once', async () => {
    await start(70);
    const way = new Watched();
    way.lose = true;
    const alice = await TestPerson.arrive('alice', { relayAt: way.relayAt, now: calendar.now });
    people.push(alice);
    await expect(alice.found(relay.foundingLink as string)).rejects.toMatchObject({ code: 'offline' });
    await alice.restart();
    await alice.session.catchUp();
    const [first, second] = way.draws;
    expect(second).toEqual(first);
    await alice.session.createRoom('Kitchen');
    await alice.restart();
    await alice.session.catchUp();
    // All that is left after 64 counted once.
    expect(way.sizes('postage')).toEqual([64, 64, 6]);
  });

  it('a device set back to an older copy finds its tokens spent, and pays with the next', async () => {
    await start(40);
    const folder = mkdtempSync(join(tmpdir(), 'thicket-test-restored-'));
    const copy = `${folder}-copy`;
    try {
      const home = () => sqliteVaultHome(folder, { cost: TEST_COST });
      const options = { now: calendar.now };
      const alice = await foundHub(relay.foundingLink as string, 'alice', { ...options, home: home() });
      await alice.session.close();
      cpSync(folder, copy, { recursive: true });
      const later = await TestPerson.arrive('alice', { ...options, home: home() });
      await later.session.unlock(PASSPHRASE);
      for (let i = 0; i < 3; i += 1) await later.session.createRoom(`Room ${i}`);
      await later.session.close();
      rmSync(folder, { recursive: true });
      cpSync(copy, folder, { recursive: true });
      const restored = await TestPerson.arrive('alice', { ...options, home: home() });
      people.push(restored);
      await restored.session.unlock(PASSPHRASE);
      await restored.session.catchUp();
      const before = (await restored.session.overview()).postage?.left as number;
      const room = await restored.session.createRoom('After all');
      await restored.say(room, 'and on');
      // Three that were spent in another life, and two that were not.
      expect((await restored.session.overview()).postage?.left).toBe(before - 5);
    } finally {
      rmSync(folder, { recursive: true, force: true });
      rmSync(copy, { recursive: true, force: true });
    }
  });

  it('a device whose clock is weeks off says so, and draws nothing', async () => {
    await start(40);
    const ahead = await TestPerson.arrive('alice', { now: () => calendar.now() + 28 * DAY_MS });
    people.push(ahead);
    await ahead.found(relay.foundingLink as string);
    expect((await ahead.session.overview()).postage).toMatchObject({ problem: 'other-week' });
  });
});
