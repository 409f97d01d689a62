/** Somebody wants to become a device of somebody else's: by the code, by the relay, as a member, or as a device that was removed. */
import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DeviceClaimSchema, LinkAnswerSchema, LinkedSchema, RoomContentSchema, type DeviceClaim } from '#core/content/gen/thicket/content/v1/content_pb.ts';
import { parseDeviceLink } from '#core/content/links.ts';
import { LABELS, signFacts } from '#core/domain/signing.ts';
import { adding, bentCommit } from '#core/mls/testing/hostile.ts';
import { createRelay } from '#core/relay/http.ts';
import { credentialFor, makeCard } from '#core/session/identity.ts';
import { signerFrom } from '#core/session/signer.ts';
import { LINK_INFO, linkMeetingOf } from '#core/session/devices/link-meeting.ts';
import { hpkeOverhead, hpkeSeal } from '#shared/hpke.ts';
import type { HubId, MailboxId, Secret32, Slot } from '#shared/ids.ts';
import { ANSWER_BODY_SIZES, CLAIM_BODY_SIZES } from '#shared/limits.ts';
import { pad, unpad } from '#shared/padding.ts';
import { concatBytes, ed25519KeyPair, fromHex, hex, randomBytes, seal, SEAL_OVERHEAD, unseal, xwingKeyPair } from '#shared/sodium.ts';
import { decode } from '#core/domain/parsing.ts';
import { profileOf } from '../harness/forged-welcome.ts';
import { type HostileHub, hostileHub, toldByAll } from '../harness/hostile-room.ts';
import { eventsOf, namesIn, replanted, worksOn } from '../harness/hub-story.ts';
import { linkDevice } from '../harness/linking.ts';
import { lyingRelay } from '../harness/mallory-relay.ts';
import { watchedMls } from '../harness/mallory-member.ts';
import { PASSPHRASE, TestPerson, until } from '../harness/people.ts';

/** What the relay of alice's first device hears of her meeting places. */
const atAlice = lyingRelay();
const toBob = lyingRelay();
let hub: HostileHub;
beforeAll(async () => {
  hub = await hostileHub({ alice: { relayAt: atAlice.relayAt }, bob: { relayAt: toBob.relayAt } });
});
afterAll(() => hub.end());

const newPhone = (options = {}) => TestPerson.arrive('alice', { live: true, ...options });

/** A claim of mallory's for a link she saw. */
function claimOf(text: string) {
  const parsed = parseDeviceLink(text);
  if (parsed === undefined) throw new Error('no link');
  const meeting = linkMeetingOf(parsed.link);
  const keys = { seal: xwingKeyPair(), leaf: ed25519KeyPair(randomBytes(32)) };
  const facts = create(DeviceClaimSchema, { leafKey: keys.leaf.verifyKey, sealKey: keys.seal.publicKey, pool: randomBytes(16), name: 'phone' });
  const padded = pad(toBinary(DeviceClaimSchema, facts), CLAIM_BODY_SIZES, SEAL_OVERHEAD) as Uint8Array;
  return { meeting, keys, secret: randomBytes(32) as Secret32, body: seal(meeting.key, padded, meeting.id) };
}

it('attack 17 stolen link: whoever photographs the code and is first shows other words, gets nothing, and the true device raises the alarm', async () => {
  const [alice] = hub.honest;
  const relay = createRelay(hub.relay.origin);
  const { link } = await alice.session.linkDevice();
  const thief = claimOf(link);
  await relay.claimRendezvous({ rendezvous: thief.meeting.id, claimSecret: thief.secret, body: thief.body });

  const phone = await newPhone();
  await expect(phone.session.joinAsDevice(link, { deviceName: 'phone', passphrase: PASSPHRASE })).rejects.toMatchObject({ code: 'somebody-else-claimed' });
  const request = await alice.session.linkRequest();
  expect(request).toMatchObject({ name: 'phone', contested: true });

  // The person reads what stands on their own phone, which is not what the thief's keys come to.
  await expect(alice.session.confirmLink(request?.id as string, 'any four words here')).rejects.toMatchObject({ code: 'phrase-differs' });
  const look = () => relay.readRendezvous({ rendezvous: thief.meeting.id, secret: thief.secret });
  expect((await look()).answer).toBeUndefined();
  await alice.session.refuseLink(request?.id as string);
  const { answer } = await look();
  expect(answer?.length, 'a no is as long as the shortest yes').toBe(ANSWER_BODY_SIZES[0]);
  expect(await alice.session.devices()).toHaveLength(1);
});

it('attack 17 stolen link: a relay that knows the code and puts its own claim in the place of the true one shows other words', async () => {
  const [alice] = hub.honest;
  const { link } = await alice.session.linkDevice();
  const phone = await newPhone();
  const { phrase } = await phone.session.joinAsDevice(link, { deviceName: 'phone', passphrase: PASSPHRASE });
  const forged = claimOf(link);
  const true_ = createRelay(hub.relay.origin);
  atAlice.answer = { readRendezvous: async (asked) => ({ ...(await true_.readRendezvous(asked)), claim: forged.body }) };
  const request = await alice.session.linkRequest();
  expect(request?.phrase).not.toEqual(phrase);
  await expect(alice.session.confirmLink(request?.id as string, phrase.join(' '))).rejects.toMatchObject({ code: 'phrase-differs' });
  atAlice.answer = {};
  await alice.session.cancelLink();
  await phone.session.erase();
});

it('attack 17 stolen invitation: whoever claims it first shows other words and is never let in, and the newcomer raises the alarm', async () => {
  const [alice] = hub.honest;
  const { id, link } = await alice.session.invite();
  const thief = await TestPerson.arrive('dora');
  await thief.session.join(link, { name: 'dora', passphrase: PASSPHRASE });
  const dora = await TestPerson.arrive('dora');
  await expect(dora.session.join(link, { name: 'dora', passphrase: PASSPHRASE })).rejects.toMatchObject({ code: 'somebody-else-claimed' });
  expect((await alice.session.requests()).find((request) => request.id === id)).toMatchObject({ name: 'dora', contested: true });
  await expect(alice.session.admit(id, 'any four words here')).rejects.toMatchObject({ code: 'phrase-differs' });
  await alice.session.refuse(id);
  await until(async () => (await thief.session.overview()).joinProblem === 'refused', 'the no');
  expect(await thief.session.overview()).toMatchObject({ stage: 'waiting', hubName: undefined });
  expect((await alice.session.people()).map(({ name }) => name)).not.toContain('dora');
});

it('nothing of a person leaves before the yes, and an answer that is not from the member the link names is not there', async () => {
  const [alice] = hub.honest;
  const { link } = await alice.session.linkDevice();
  const lies = lyingRelay();
  const phone = await newPhone({ relayAt: lies.relayAt });
  const answers: Uint8Array[] = [];
  const relay = createRelay(hub.relay.origin);
  let claimed: DeviceClaim | undefined;
  let lied = 0;
  const hers = await profileOf(hub.mallory);
  const mallory = signerFrom(hers.memberSeed);
  const { link: facts } = parseDeviceLink(link) as NonNullable<ReturnType<typeof parseDeviceLink>>;
  const meeting = linkMeetingOf(facts);
  lies.answer = {
    claimRendezvous: async (claim) => {
      claimed = decode(DeviceClaimSchema, unpad(unseal(meeting.key, claim.body, meeting.id) as Uint8Array) as Uint8Array);
      await relay.claimRendezvous(claim);
    },
    readRendezvous: async (asked) => {
      const state = await relay.readRendezvous(asked);
      if (state.answer !== undefined) answers.push(state.answer);
      // A hostile relay knows the code here, and mallory, a member, would have the phone as a device of hers: all of it is in order but for who.
      if (claimed === undefined || hers.credential?.admission === undefined) return state;
      const linked = toBinary(LinkedSchema, create(LinkedSchema, {
        meeting: meeting.id, memberSeed: hers.memberSeed, hubKey: hers.hubKey, bulletins: hers.bulletins,
        credential: credentialFor(hers.hub as HubId, mallory, claimed.leafKey, hers.credential.admission, Date.now()),
        card: makeCard(hers.hub as HubId, mallory, 'mallory', claimed.pool, 2, []),
      }));
      const forged = toBinary(LinkAnswerSchema, create(LinkAnswerSchema, { answer: { case: 'linked', value: signFacts(LABELS.linked, linked, [mallory]) } }));
      const padded = pad(forged, ANSWER_BODY_SIZES, hpkeOverhead('xwing')) as Uint8Array;
      lied += 1;
      const { enc, ciphertext } = hpkeSeal('xwing', claimed.sealKey, LINK_INFO, meeting.id, padded);
      return { ...state, answer: concatBytes(enc, ciphertext) };
    },
  };
  const { phrase } = await phone.session.joinAsDevice(link, { deviceName: 'phone', passphrase: PASSPHRASE });
  // It looked, looked again, and so did not take the first for an answer.
  await until(async () => lied > 2, 'the phone to look for its answer');
  expect(answers, 'nothing was answered before the yes').toEqual([]);
  expect((await phone.session.overview())).toMatchObject({ stage: 'waiting', linking: true });
  expect((await alice.session.linkRequest())?.phrase).toEqual(phrase);
  await alice.session.cancelLink();
  await phone.session.erase();
});

it('a member who adds a device in the name of somebody else is refused by everybody, and told by name', async () => {
  const room = await hub.freshRoom();
  const [, bob] = hub.honest;
  // Bob's true credential, on a key of mallory's.
  const credential = hub.mls.roomIn(room).leaves[1]?.credential as Uint8Array;
  const stray = await hub.mls.newKeyPackage('xwing', credential, ed25519KeyPair(randomBytes(32)), 30);
  await hub.forger.commit(room, await bentCommit(hub.mls.roomIn(room), [adding(stray.keyPackage)]));
  await toldByAll(hub, room, 'ghost');
  await replanted(hub.honest, room);
  expect(await namesIn(bob, room)).toEqual(['alice', 'bob', 'carol']);
  expect(await eventsOf(bob, room, 'device-added')).toEqual([]);
  await worksOn(hub.honest, room);
});

it('a sibling that was removed opens nothing that is said later, whatever it kept, and posts nothing', async () => {
  const room = await hub.freshRoom();
  const [alice, bob] = hub.honest;
  const mls = watchedMls();
  const laptop = await linkDevice(alice, 'laptop', { mls });
  await alice.say(room, 'both read this');
  expect(await laptop.texts(room)).toEqual(['both read this']);
  const kept = mls.roomIn(room);
  await laptop.session.lock();

  const other = (await alice.session.devices()).find(({ isThis }) => !isThis);
  await alice.session.removeDevice(other?.id as string);
  await until(async () => (await alice.session.devices()).length === 1, 'the laptop to be out');
  await bob.session.catchUp();
  await alice.say(room, 'only one of them reads this');
  await bob.say(room, 'nor this');
  await bob.session.catchUp();

  const anything = { leaf: () => undefined, change: () => undefined };
  const posts = toBob.log.filter((record) => hex(record.mailbox) === room && record.kind === 'post' && record.slot > kept.epoch);
  expect(posts.length).toBeGreaterThan(1);
  for (const { body } of posts) expect(await mls.open(kept, 'post', body, anything)).toMatchObject({ kind: 'refused', why: 'unreadable' });

  const saying = toBinary(RoomContentSchema, create(RoomContentSchema, { sentAtMs: 1n, id: randomBytes(16), body: { case: 'text', value: { text: 'from the stolen laptop' } } }));
  const { body } = await mls.encrypt(kept, saying);
  await expect(hub.forger.post(room, body, kept)).rejects.toMatchObject({ code: 'wrong-slot' });
  for (const slot of [kept.epoch, kept.epoch + 1] as Slot[]) toBob.inject({ mailbox: fromHex(room) as MailboxId, kind: 'post', slot, body });
  await alice.say(room, 'quiet');
  expect(await bob.texts(room)).toEqual(['both read this', 'only one of them reads this', 'nor this', 'quiet']);

  await laptop.session.unlock(PASSPHRASE);
  expect(await laptop.texts(room)).toEqual(['both read this']);
  expect(await laptop.session.overview()).toMatchObject({ removedHere: true });
  expect(await namesIn(bob, room)).toEqual(['alice', 'bob', 'carol', 'mallory']);
});
