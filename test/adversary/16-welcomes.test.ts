/** A Welcome is an invitation into a room, once, by somebody who may. Drops are unsigned, so anybody can post one. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ReplantingFactsSchema, RoomSettingsSchema, WelcomeDropSchema, type RoomSettings } from '#core/content/gen/thicket/content/v1/content_pb.ts';
import { LABELS, signFacts } from '#core/domain/signing.ts';
import { createRelay } from '#core/relay/http.ts';
import type { OwnKeyPackage } from '#core/mls/port.ts';
import type { LogRecord } from '#core/relay/port.ts';
import type { RoomId } from '#core/session/api.ts';
import { signerFrom } from '#core/session/device.ts';
import { fromHex, randomBytes } from '#core/sodium.ts';
import type { MailboxId, Slot } from '#shared/ids.ts';
import { DROP_MAILBOX } from '#shared/mailboxes.ts';
import { type HostileHub, hostileHub } from '../harness/hostile-room.ts';
import { eventsOf, namesIn, worksOn } from '../harness/hub-story.ts';
import { lyingRelay } from '../harness/mallory-relay.ts';
import { watchedMls } from '../harness/mallory-member.ts';

const toBob = lyingRelay();
const atBob = watchedMls();
const fromAlice = lyingRelay();
let hub: HostileHub;
let room: RoomId;
beforeAll(async () => {
  hub = await hostileHub({ alice: { relayAt: fromAlice.relayAt }, bob: { relayAt: toBob.relayAt, mls: atBob } });
});
beforeEach(async () => { room = await hub.freshRoom(); });
afterAll(() => hub.end());

const drops = (): LogRecord[] => toBob.log.filter(({ kind }) => kind === 'drop');
const roomsOfBob = async () => {
  const [, bob] = hub.honest;
  await bob.session.catchUp();
  return (await bob.session.rooms()).map(({ id, name, active, people }) => ({ id, name, active, people }))
    .sort((a, b) => a.id.localeCompare(b.id));
};

it('attack 16 replayed Welcome: injected again while bob is in the room, it changes nothing', async () => {
  const before = await roomsOfBob();
  toBob.inject(...drops());
  expect(await roomsOfBob()).toEqual(before);
  await hub.honest[1].restart();
  toBob.inject(...drops());
  expect(await roomsOfBob()).toEqual(before);
  await worksOn(hub.honest, room);
});

it.each([['an ordinary key package', false], ['the last-resort key package', true]])('attack 16 replayed Welcome: made for %s, it brings nobody back after a removal', async (_which, lastResort) => {
  const [alice, bob] = hub.honest;
  await alice.remove(room, 'bob');
  const relay = createRelay(hub.relay.origin);
  // The pool is emptied by whoever likes to, so that bob's last package is all there is.
  if (lastResort) fromAlice.answer = { takePackage: async (pool) => {
    for (;;) {
      const taken = await relay.takePackage(pool);
      if (taken.lastResort) return taken;
    }
  } };
  await alice.add(room, 'bob');
  await bob.session.catchUp();
  await worksOn(hub.honest, room);
  await alice.remove(room, 'bob');
  const out = await roomsOfBob();
  expect(out.find(({ id }) => id === room)).toMatchObject({ active: false });

  toBob.inject(...drops());
  expect(await roomsOfBob()).toEqual(out);
  await bob.restart();
  toBob.inject(...drops());
  expect(await roomsOfBob()).toEqual(out);
  await expect(bob.session.send(room, 'am I in?')).rejects.toMatchObject({ code: 'room-inactive' });

  fromAlice.answer = {};
  await alice.add(room, 'bob');
  await bob.session.catchUp();
  await worksOn(hub.honest, room);
});

interface Forged {
  /** What the drop says the room's mailbox is. */
  readonly says: MailboxId;
  /** What the group is made for. */
  readonly group?: MailboxId;
  readonly settings?: Partial<RoomSettings>;
}

/** A group of mallory's with bob in it, and the Welcome on its way to him. */
async function welcomeBob({ says, group = says, settings = {} }: Forged): Promise<void> {
  const { hub: hubId } = await createRelay(hub.relay.origin).hello();
  // The longer ones are for X-Wing. Mallory knows the hub key, so she can have them from bob's pool like anybody.
  const isXwing = ({ keyPackage }: OwnKeyPackage) => keyPackage.length > 1000;
  const [own, bobs] = [hub.mls.made.findLast(isXwing), atBob.made.findLast(isXwing)];
  if (own === undefined || bobs === undefined) throw new Error('no key packages');
  const facts = create(RoomSettingsSchema, { mailbox: group, name: 'A trap', admins: [(await keyOf('mallory'))], hub: hubId as Uint8Array, ...settings });
  const trap = await hub.mls.create('xwing', group, own, toBinary(RoomSettingsSchema, facts));
  const { welcomes } = await hub.mls.add(trap, [bobs.keyPackage]);
  const drop = create(WelcomeDropSchema, { welcome: welcomes[0] as Uint8Array, mailbox: says, commitSeq: BigInt(toBob.log.length + 1) });
  const body = await hub.mls.sealDrop(bobs.keyPackage, toBinary(WelcomeDropSchema, drop));
  await createRelay(hub.relay.origin).post({ mailbox: DROP_MAILBOX, kind: 'drop', slot: 0 as Slot, body, signature: undefined });
}

const keyOf = async (name: string): Promise<Uint8Array> => fromHex((await hub.honest[0].seen(name)).id) as Uint8Array;
const fresh = (): MailboxId => randomBytes(16) as MailboxId;

it('attack 16 foreign Welcome: for another hub, another mailbox, or a room that bob is in, it is refused', async () => {
  const before = await roomsOfBob();
  await welcomeBob({ says: fresh(), settings: { hub: randomBytes(16) } });
  await welcomeBob({ says: fresh(), group: fresh() });
  await welcomeBob({ says: fresh(), settings: { mailbox: fresh() } });
  await welcomeBob({ says: fromHex(room) as MailboxId });
  expect(await roomsOfBob()).toEqual(before);
  await worksOn(hub.honest, room);

  // None of them failed for a reason of its own: the same with nothing wrong in it is a room of mallory's like any other.
  await welcomeBob({ says: fresh() });
  expect(await roomsOfBob()).toHaveLength(before.length + 1);
});

it('attack 16 foreign Welcome: a room that says it goes on from bob’s, without an admin’s signature, is refused', async () => {
  const [, bob] = hub.honest;
  const before = await roomsOfBob();
  const newMailbox = fresh();
  const facts = create(ReplantingFactsSchema, { hub: fromBinary(RoomSettingsSchema, hub.mls.roomIn(room).settings).hub, oldMailbox: fromHex(room) as Uint8Array, newMailbox });
  const replanting = signFacts(LABELS.replanting, toBinary(ReplantingFactsSchema, facts), [signerFrom(randomBytes(32))]);
  await welcomeBob({ says: newMailbox, settings: { name: 'Stairwell B', replanting } });
  expect(await roomsOfBob()).toEqual(before);
  expect(await eventsOf(bob, room, 'replanted')).toEqual([]);
  expect(await namesIn(bob, room)).toEqual(['alice', 'bob', 'carol', 'mallory']);
  await worksOn(hub.honest, room);
});
