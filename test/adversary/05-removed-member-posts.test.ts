/** The post key dies with the slot, and a relay that helps her all the same gets nothing shown. */
import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RoomContentSchema } from '#core/content/gen/thicket/content/v1/content_pb.ts';
import { randomBytes, fromHex } from '#shared/sodium.ts';
import type { MailboxId, Slot } from '#shared/ids.ts';
import { type HostileHub, hostileHub } from '../harness/hostile-room.ts';
import { eventsOf, worksOn } from '../harness/hub-story.ts';
import { lyingRelay } from '../harness/mallory-relay.ts';

const toBob = lyingRelay();
let hub: HostileHub;
beforeAll(async () => { hub = await hostileHub({ bob: { relayAt: toBob.relayAt } }); });
afterAll(() => hub.end());

const saying = (text: string): Uint8Array => toBinary(RoomContentSchema, create(RoomContentSchema, {
  sentAtMs: BigInt(Date.now()), id: randomBytes(16), body: { case: 'text', value: { text } },
}));

it('attack 05 removed member posts: the old key gets 409, and what the relay lets in for her is hidden', async () => {
  const room = await hub.freshRoom();
  const [alice, bob] = hub.honest;
  const kept = hub.mls.roomIn(room);
  await alice.remove(room, 'mallory');
  await alice.say(room, 'without her');
  expect(await bob.texts(room)).toEqual(['without her']);

  const { body } = await hub.mls.encrypt(kept, saying('I am still here'));
  await expect(hub.forger.post(room, body, kept)).rejects.toMatchObject({ code: 'wrong-slot', currentSlot: kept.epoch + 1 });
  await expect(hub.forger.commit(room, (await hub.mls.update(kept)).body, kept)).rejects.toMatchObject({ code: 'wrong-slot' });

  const mailbox = fromHex(room) as MailboxId;
  for (const slot of [kept.epoch, kept.epoch + 1] as Slot[]) {
    const { body: another } = await hub.mls.encrypt(kept, saying(`I am still here in slot ${slot}`));
    toBob.inject({ mailbox, kind: 'post', slot, body: another });
  }
  toBob.inject({ mailbox, kind: 'commit', slot: (kept.epoch + 1) as Slot, body: (await hub.mls.update(kept)).body });
  await alice.say(room, 'quiet at last');
  expect(await bob.texts(room)).toEqual(['without her', 'quiet at last']);
  expect((await eventsOf(bob, room, 'hidden-record')).length).toBeGreaterThan(0);
  expect(await eventsOf(bob, room, 'refused-change')).toEqual([]);
  await worksOn(hub.honest, room);
});
