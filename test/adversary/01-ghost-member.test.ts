/** Mallory is an admin here: all that is wrong with what she does is whom she adds. */
import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRelay } from '#core/relay/http.ts';
import { adding, bentCommit } from '#core/mls/testing/hostile.ts';
import type { RoomId } from '#core/session/api.ts';
import { AdmissionFactsSchema, CredentialSchema, DeviceFactsSchema } from '#core/content/gen/thicket/content/v1/content_pb.ts';
import { LABELS, signFacts } from '#core/domain/signing.ts';
import { signerFrom } from '#core/session/signer.ts';
import { ed25519KeyPair, randomBytes } from '#shared/sodium.ts';
import { namesIn, replanted, worksOn } from '../harness/hub-story.ts';
import { type HostileHub, hostileHub, toldByAll } from '../harness/hostile-room.ts';

let hub: HostileHub;
beforeAll(async () => { hub = await hostileHub(); });
afterAll(() => hub.end());

/** Everything a member has, but vouched for by nobody else than itself. */
async function ghost(_room: RoomId): Promise<Uint8Array> {
  const keys = ed25519KeyPair(randomBytes(32));
  const self = signerFrom(randomBytes(32));
  const { hub: hubId } = await createRelay(hub.relay.origin).hello();
  const facts = { hub: hubId as Uint8Array, memberKey: self.key, day: 20_000 };
  const credential = create(CredentialSchema, {
    admission: signFacts(LABELS.admission, toBinary(AdmissionFactsSchema, create(AdmissionFactsSchema, facts)), [self]),
    device: signFacts(LABELS.device, toBinary(DeviceFactsSchema, create(DeviceFactsSchema, { ...facts, leafKey: keys.verifyKey })), [self]),
  });
  return (await hub.mls.newKeyPackage('xwing', toBinary(CredentialSchema, credential), keys, 30)).keyPackage;
}

/** A true member's credential on a key of somebody else's. */
async function strayCredential(room: RoomId): Promise<Uint8Array> {
  const credential = hub.mls.roomIn(room).leaves[1]?.credential as Uint8Array;
  return (await hub.mls.newKeyPackage('xwing', credential, ed25519KeyPair(randomBytes(32)), 30)).keyPackage;
}

it.each([
  ['that only vouches for itself', ghost],
  ['with the credential of a member and a key of its own', strayCredential],
])('attack 01 ghost member: adding a leaf %s is refused by every device, told by name, and the room works on', async (_what, make) => {
  const room = await hub.freshRoom({ malloryIsAdmin: true });
  await hub.forger.commit(room, await bentCommit(hub.mls.roomIn(room), [adding(await make(room))]));
  // The relay took it: the slot is hers now.
  await expect(hub.forger.post(room, randomBytes(1024))).rejects.toMatchObject({ code: 'wrong-slot' });

  await toldByAll(hub, room, 'ghost');
  await replanted(hub.honest, room);
  for (const person of hub.honest) expect(await namesIn(person, room)).toEqual(['alice', 'bob', 'carol']);
  await worksOn(hub.honest, room);
});
