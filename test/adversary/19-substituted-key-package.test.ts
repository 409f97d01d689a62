/** Alice asks for a key package of bob's, and the relay hands out another. Whoever has its secret would be in the room in bob's place. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CredentialSchema, PooledKeyPackageSchema } from '#core/content/gen/thicket/content/v1/content_pb.ts';
import { ProfileSchema } from '#core/content/gen/thicket/vault/v1/vault_pb.ts';
import { KEY_PACKAGE_SIZES } from '#shared/limits.ts';
import { pad } from '#shared/padding.ts';
import { deriveKey, ed25519KeyPair, randomBytes, seal, SEAL_OVERHEAD } from '#shared/sodium.ts';
import { type Hub, hubOf, namesIn, worksOn } from '../harness/hub-story.ts';
import { type WatchedMls, watchedMls } from '../harness/mallory-member.ts';
import { lyingRelay } from '../harness/mallory-relay.ts';
import { memoryVaultHome } from '../harness/memory-vault.ts';
import { PASSPHRASE, type TestPerson } from '../harness/people.ts';

const lies = lyingRelay();
const home = memoryVaultHome();
let hub: Hub;
let mls: WatchedMls;
let alice: TestPerson;
let bob: TestPerson;
beforeAll(async () => {
  mls = watchedMls();
  hub = await hubOf(['alice', 'bob', 'mallory'], { alice: { relayAt: lies.relayAt }, mallory: { mls, home } });
  [alice, bob] = hub.people as [TestPerson, TestPerson, TestPerson];
}, 60_000);
afterAll(() => hub.end());

/** What mallory, a member, and the relay can make together: sealed like any package of the hub. */
async function sealed(keyPackage: Uint8Array): Promise<Uint8Array> {
  const mallory = hub.people[2] as TestPerson;
  await mallory.session.lock();
  const vault = await home.open(PASSPHRASE);
  const profile = fromBinary(ProfileSchema, (await vault.get({ collection: 'profile', scope: '', order: 0 })) as Uint8Array);
  await vault.close();
  await mallory.session.unlock(PASSPHRASE);
  const padded = pad(toBinary(PooledKeyPackageSchema, create(PooledKeyPackageSchema, { keyPackage })), KEY_PACKAGE_SIZES, SEAL_OVERHEAD) as Uint8Array;
  return seal(deriveKey(profile.hubKey, 'thicket/1 pooled key package'), padded, new Uint8Array(0));
}

/** A package of mallory's device, by its suite (RFC 9420 section 10: version, then suite). */
function made(suite: number): Uint8Array {
  const own = mls.made.find(({ keyPackage }) => keyPackage[3] === suite);
  if (own === undefined) throw new Error('her device made none');
  return own.keyPackage;
}

/** Alice makes a room and is handed this instead of bob's; then the true one. */
async function isRefused(handedOut: () => Promise<{ sealed: Uint8Array; lastResort: boolean }>): Promise<void> {
  const room = await alice.session.createRoom('Stairwell B');
  lies.answer.takePackage = handedOut;
  await expect(alice.add(room, 'bob')).rejects.toMatchObject({ code: 'bad-key-package' });
  expect(await namesIn(alice, room), 'nobody came in').toEqual(['alice']);
  delete lies.answer.takePackage;
  await alice.add(room, 'bob');
  await bob.session.catchUp();
  await worksOn([alice, bob], room);
}

it("attack 19 substituted key package: another member's is not taken for bob's", async () => {
  const theirs = made(84);
  const handedOut = await sealed(theirs);
  await isRefused(async () => ({ sealed: handedOut, lastResort: false }));
}, 60_000);

it("attack 19 substituted key package: bob's certificates do not fit mallory's keys", async () => {
  const room = await alice.session.createRoom('Where mallory sees bob');
  for (const name of ['bob', 'mallory']) await alice.add(room, name);
  await hub.people[2]?.session.catchUp();
  const bobs = mls.roomIn(room).leaves.find(({ index }) => index === 1);
  expect(bobs && fromBinary(CredentialSchema, bobs.credential).device).toBeDefined();
  const forged = await mls.newKeyPackage('xwing', bobs?.credential as Uint8Array, ed25519KeyPair(randomBytes(32)), 30);
  const handedOut = await sealed(forged.keyPackage);
  await isRefused(async () => ({ sealed: handedOut, lastResort: false }));
}, 60_000);

it('attack 19 substituted key package: one of a stranger, of another suite, or no package at all', async () => {
  const stranger = await mls.newKeyPackage('xwing', randomBytes(64), ed25519KeyPair(randomBytes(32)), 30);
  for (const bytes of [await sealed(stranger.keyPackage), await sealed(randomBytes(700)), randomBytes(2048)]) {
    await isRefused(async () => ({ sealed: bytes, lastResort: false }));
  }
  // Mallory's true one for the other suite, in a room of this one.
  const handedOut = await sealed(made(3));
  await isRefused(async () => ({ sealed: handedOut, lastResort: false }));
}, 60_000);
