/** A relay that hands out tokens under a key of one person's own could tell, when they come back, who spends them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Relay } from '#core/relay/port.ts';
import type { HubId } from '#shared/ids.ts';
import { randomBytes } from '#shared/sodium.ts';
import { evaluateTokens, issuerKeyPair, type IssuerKeyPair, tokenInfo } from '#shared/voprf/tokens.ts';
import { type Hub, hubOf, roomOf } from '../harness/hub-story.ts';
import { type LyingRelay, lyingRelay } from '../harness/mallory-relay.ts';
import { type TestPerson, until, welcome } from '../harness/people.ts';

describe('attack 24: tagged postage', () => {
  let hub: Hub;
  let alice: TestPerson;
  let tag: IssuerKeyPair;
  beforeAll(async () => {
    hub = await hubOf(['alice']);
    alice = hub.people[0] as TestPerson;
    tag = await issuerKeyPair(randomBytes(32));
  });
  afterAll(() => hub.end());

  /** Mallory between the relay and one device: what the device draws, and what it pays with. */
  function tagging(): { lies: LyingRelay; relayAt: (origin: string) => Relay; draws: () => number; paid: () => Uint8Array[] } {
    const lies = lyingRelay();
    const seen: { paid: Uint8Array[]; draws: number } = { paid: [], draws: 0 };
    lies.answer.drawTokens = async (_pass, { kind, week, blinded }) => {
      seen.draws += 1;
      const hubId = (await lies.relayAt(hub.relay.origin).hello()).hub as HubId;
      const evaluated = await evaluateTokens(tag.secretKey, tokenInfo(kind, hubId, week), blinded);
      if (evaluated === undefined) throw new Error('a draw that cannot be evaluated');
      return { ...evaluated, left: 10 };
    };
    const relayAt = (origin: string): Relay => new Proxy(lies.relayAt(origin), {
      get: (relay, name: keyof Relay) => {
        const method = relay[name];
        if (typeof method !== 'function') return method;
        return (...args: readonly { readonly postage?: Uint8Array }[]) => {
          seen.paid.push(...args.flatMap(({ postage } = {}) => (postage === undefined || postage.length === 0 ? [] : [postage])));
          return (method as (...args: readonly unknown[]) => unknown)(...args);
        };
      },
    });
    return { lies, relayAt, draws: () => seen.draws, paid: () => seen.paid };
  }

  const alarmsOf = async (person: TestPerson): Promise<string[]> => (await person.session.overview()).alarms.map(({ what }) => what);

  it('attack 24: what was not evaluated with the key in the bulletin is not taken, and the person is told once', async () => {
    const mallory = tagging();
    const bob = await welcome(alice, 'bob', { relayAt: mallory.relayAt });
    expect(mallory.draws()).toBeGreaterThan(0);
    expect(await alarmsOf(bob)).toEqual(['other-issuer-key']);
    await bob.restart();
    await bob.session.catchUp();
    expect(await alarmsOf(bob)).toEqual(['other-issuer-key']);
    const room = await bob.session.createRoom('Quiet corner');
    await bob.session.send(room, 'this waits');
    await expect(bob.session.renewKeys(room)).rejects.toMatchObject({ code: 'no-postage' });
    expect(mallory.paid()).toEqual([]);
    expect((await bob.session.overview()).postage).toMatchObject({ waiting: true, problem: 'other-key' });

    // An honest relay answers the very same draw, and what waited goes out.
    delete mallory.lies.answer.drawTokens;
    await bob.restart();
    await until(async () => (await bob.texts(room)).includes('this waits'), 'what waited to be sent');
    expect((await bob.session.overview()).postage).toMatchObject({ waiting: false, problem: undefined });
    await bob.session.close();
  });

  it('attack 24: a key of one newcomer\'s own in the greeting is noticed before anything is drawn', async () => {
    const mallory = tagging();
    const honest = mallory.lies.relayAt(hub.relay.origin);
    const greeting = await honest.hello();
    mallory.lies.answer.hello = async () => ({ ...greeting, issuerKey: tag.publicKey });
    const carol = await welcome(alice, 'carol', { relayAt: mallory.relayAt });
    expect(await alarmsOf(carol)).toEqual(['other-issuer-key']);
    expect(mallory.draws()).toBe(0);
    expect(mallory.paid()).toEqual([]);
    await carol.session.close();
  });

  it('attack 24: a member who is tagged from now on works on with the tokens at hand', async () => {
    const mallory = tagging();
    const tagged = mallory.lies.answer.drawTokens;
    delete mallory.lies.answer.drawTokens;
    const dave = await welcome(alice, 'dave', { relayAt: mallory.relayAt });
    const room = await roomOf([alice, dave]);
    mallory.lies.answer.drawTokens = tagged as NonNullable<typeof tagged>;
    await dave.restart();
    await dave.say(room, 'still here');
    expect(await alarmsOf(dave)).toEqual(['other-issuer-key']);
    expect(await alice.texts(room)).toContain('still here');
    await dave.session.dismissAlarm('other-issuer-key');
    expect(await alarmsOf(dave)).toEqual([]);
    await dave.session.close();
  });
});
