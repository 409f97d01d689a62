/** Mallory is an admin here: all that is wrong with what she does is whom she adds. */
import { create, toBinary } from '@bufbuild/protobuf';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRelay } from '#core/relay/http.ts';
import { adding, bentCommit } from '#core/mls/hostile.ts';
import type { RoomId } from '#core/session/api.ts';
import { AdmissionFactsSchema, CredentialSchema, DeviceFactsSchema } from '#core/content/gen/thicket/content/v1/content_pb.ts';
import { LABELS, signFacts } from '#core/domain/signing.ts';
import { signerFrom } from '#core/session/device.ts';
import { ed25519KeyPair, randomBytes } from '#core/sodium.ts';
import { eventsOf, type Hub, hubOf, namesIn, replanted, roomOf, worksOn } from '../harness/hub-story.ts';
import { Forger, type WatchedMls, watchedMls } from '../harness/mallory-member.ts';
import type { TestPerson } from '../harness/people.ts';

let mls: WatchedMls;
let hub: Hub;
let room: RoomId;
let honest: TestPerson[];
let mallory: Forger;

beforeEach(async () => {
  mls = watchedMls();
  hub = await hubOf(['alice', 'bob', 'carol', 'mallory'], { mallory: { mls } });
  room = await roomOf(hub.people);
  honest = hub.people.slice(0, 3);
  mallory = new Forger(createRelay(hub.relay.origin), mls);
  const [alice] = honest as [TestPerson];
  await alice.session.setAdmin(room, (await alice.seen('mallory')).id, true);
  await hub.people[3]?.session.catchUp();
});
afterEach(() => hub.end());

/** Everything a member has, but vouched for by nobody else than itself. */
async function ghost(): Promise<Uint8Array> {
  const keys = ed25519KeyPair(randomBytes(32));
  const self = signerFrom(randomBytes(32));
  const { hub: hubId } = await createRelay(hub.relay.origin).hello();
  const facts = { hub: hubId as Uint8Array, memberKey: self.key, day: 20_000 };
  const credential = create(CredentialSchema, {
    admission: signFacts(LABELS.admission, toBinary(AdmissionFactsSchema, create(AdmissionFactsSchema, facts)), [self]),
    device: signFacts(LABELS.device, toBinary(DeviceFactsSchema, create(DeviceFactsSchema, { ...facts, leafKey: keys.verifyKey })), [self]),
  });
  return (await mls.newKeyPackage('xwing', toBinary(CredentialSchema, credential), keys, 30)).keyPackage;
}

/** A true member's credential on a key of somebody else's. */
async function strayCredential(): Promise<Uint8Array> {
  const credential = mls.roomIn(room).leaves[1]?.credential as Uint8Array;
  return (await mls.newKeyPackage('xwing', credential, ed25519KeyPair(randomBytes(32)), 30)).keyPackage;
}

it.each([
  ['that only vouches for itself', ghost],
  ['with the credential of a member and a key of its own', strayCredential],
])('attack 01 ghost member: adding a leaf %s is refused by every device, told by name, and the room works on', async (_what, make) => {
  const body = await bentCommit(mls.roomIn(room), [adding(await make())]);
  const seq = await mallory.commit(room, body);
  expect(seq).toBeGreaterThan(0);
  // The relay took it: the slot is hers now.
  await expect(mallory.post(room, randomBytes(1024))).rejects.toMatchObject({ code: 'wrong-slot' });

  for (const person of honest) {
    expect(await eventsOf(person, room, 'refused-change')).toEqual([{ what: 'refused-change', reason: 'ghost', by: await person.seen('mallory') }]);
  }
  await replanted(honest, room);
  for (const person of honest) expect(await namesIn(person, room)).toEqual(['alice', 'bob', 'carol']);
  await worksOn(honest, room);
});
