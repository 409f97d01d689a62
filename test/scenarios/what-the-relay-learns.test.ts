/** What a relay could learn, or spoil, from how a device behaves around its own requests. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RelayRefusal } from '#shared/errors.ts';
import { createRelay } from '#core/relay/http.ts';
import type { Relay } from '#core/relay/port.ts';
import { foundHub, TestPerson, until, welcome } from '../harness/people.ts';
import { startTestRelay } from '../harness/relay.ts';

describe('around its own requests', () => {
  let relay: Awaited<ReturnType<typeof startTestRelay>>;
  let alice: TestPerson, bob: TestPerson, room: string;
  let pagesRead = 0;
  let lie: 'none' | 'no-to-a-taken-commit' = 'none';

  const watched = (origin: string): Relay => {
    const honest = createRelay(origin);
    return {
      ...honest,
      readPage: (...args) => {
        pagesRead += 1;
        return honest.readPage(...args);
      },
      commit: async (request) => {
        const place = await honest.commit(request);
        if (lie === 'no-to-a-taken-commit') throw new RelayRefusal('bad-field');
        return place;
      },
    };
  };

  beforeAll(async () => {
    relay = await startTestRelay();
    alice = await foundHub(relay.foundingLink as string, 'alice', { relayAt: watched, live: true });
    bob = await welcome(alice, 'bob', { live: true });
    room = await alice.session.createRoom('Quiet corner');
    await alice.add(room, 'bob');
    await until(async () => (await bob.session.rooms()).length === 1, 'bob to come in');
    await until(async () => (await alice.session.overview()).connection === 'online', 'alice to be online');
    await alice.say(room, 'first');
  });
  afterAll(async () => {
    await alice?.session.close();
    await bob?.session.close();
    await relay?.stop();
  });

  it('a device with a tail reads no page because it posted, committed, or was too late', async () => {
    const before = pagesRead;
    await alice.say(room, 'a post');
    await alice.session.renewKeys(room);
    await alice.session.setAdmin(room, (await alice.seen('bob')).id, true);
    await until(async () => (await bob.session.rooms())[0]?.admin === true, 'bob to be an admin');
    // Both change the room at once, again and again: one of the two loses each time, and must not run to the pages.
    for (let i = 0; i < 6; i += 1) await Promise.all([alice.session.renewKeys(room), bob.session.renewKeys(room), alice.say(room, `while it changed ${i}`)]);
    expect(pagesRead - before).toBe(0);
  });

  it('a commit that the relay took and denied is ours all the same, because the log shows it', async () => {
    // Without a tail, so that the no comes before the log does.
    const carol = await welcome(alice, 'carol', { relayAt: watched });
    await alice.add(room, 'carol');
    await carol.texts(room);
    lie = 'no-to-a-taken-commit';
    await expect(carol.session.renewKeys(room)).rejects.toMatchObject({ code: 'relay-refused' });
    lie = 'none';
    await alice.say(room, 'under the new keys');
    expect(await carol.texts(room)).toContain('under the new keys');
    await carol.say(room, 'and I with you');
    await until(async () => (await alice.texts(room)).includes('and I with you'), 'alice to read on');
    await carol.session.close();
  });
});
