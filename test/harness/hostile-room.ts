/** Alice, bob and carol share a room with mallory, who makes what she likes of it. */
import { expect } from 'vitest';
import { createRelay } from '#core/relay/http.ts';
import type { RefusedReason, RoomId } from '#core/session/api.ts';
import { eventsOf, type Hub, hubOf, roomOf } from './hub-story.ts';
import { Forger, type WatchedMls, watchedMls } from './mallory-member.ts';
import type { PersonOptions, TestPerson } from './people.ts';
import type { Purse } from './purse.ts';
import { pursed } from './pursed.ts';

export interface HostileHub extends Hub {
  readonly honest: readonly [TestPerson, TestPerson, TestPerson];
  readonly mallory: TestPerson;
  /** The MLS of mallory's device. */
  readonly mls: WatchedMls;
  /** Of mallory's pass. */
  readonly purse: Purse;
  /** Posts what mallory made. */
  readonly forger: Forger;
  /** A room of alice with everybody in it. */
  freshRoom(options?: { malloryIsAdmin?: boolean }): Promise<RoomId>;
}

export async function hostileHub(options: Readonly<Record<string, PersonOptions>> = {}): Promise<HostileHub> {
  const mls = watchedMls();
  const { relayAt, purse } = pursed(options['mallory']?.relayAt);
  const hub = await hubOf(['alice', 'bob', 'carol', 'mallory'], { ...options, mallory: { ...options['mallory'], mls, relayAt } });
  const [alice, bob, carol, mallory] = hub.people as [TestPerson, TestPerson, TestPerson, TestPerson];
  return {
    ...hub, mls, mallory, purse, honest: [alice, bob, carol],
    forger: new Forger(createRelay(hub.relay.origin), mls, purse),
    freshRoom: async ({ malloryIsAdmin = false } = {}) => {
      const room = await roomOf(hub.people);
      if (malloryIsAdmin) await alice.session.setAdmin(room, (await alice.seen('mallory')).id, true);
      await Promise.all(hub.people.map((person) => person.session.catchUp()));
      return room;
    },
  };
}

/** Every honest device refused it, and says so and whose doing it was; null where nothing authentic says it. */
export async function toldByAll({ honest }: HostileHub, room: RoomId, reason: RefusedReason, by: string | null = 'mallory'): Promise<void> {
  for (const person of honest) {
    const told = await eventsOf(person, room, 'refused-change');
    expect(told.map((event) => ({ reason: event.reason, by: event.by?.name ?? null })), `what ${person.name} is told`).toEqual([{ reason, by }]);
  }
}
