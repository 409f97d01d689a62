/** An admin has decided that a room moves, without mallory. What comes before it could be done changes nothing of that. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RelayUnreachable } from '#core/relay/port.ts';
import { type HostileHub, hostileHub } from '../harness/hostile-room.ts';
import { namesIn, replanted } from '../harness/hub-story.ts';
import { lyingRelay } from '../harness/mallory-relay.ts';

const atAlice = lyingRelay();
let hub: HostileHub;
beforeAll(async () => { hub = await hostileHub({ alice: { relayAt: atAlice.relayAt } }); }, 240_000);
afterAll(() => hub.end());

it('attack 12 junk commit: what an admin has decided is done, also where a good change comes before it could be', async () => {
  const room = await hub.freshRoom();
  const [alice, bob, carol] = hub.honest;
  atAlice.answer = { takePackage: () => Promise.reject(new RelayUnreachable()) };
  await alice.session.replant(room, { without: (await alice.seen('mallory')).id });
  await carol.session.renewKeys(room);
  await alice.session.catchUp();
  atAlice.answer = {};
  await replanted(hub.honest, room);
  for (const person of [alice, bob]) expect((await namesIn(person, room)).sort()).toEqual(['alice', 'bob', 'carol']);
}, 120_000);
