/** The new device's side of a link: it asks, and takes what the old one gives it after the person's yes. */
import { hpkeEncSize, hpkeOpen } from '#shared/hpke.ts';
import { dayOf, secret32, type HubId, type Secret32 } from '#shared/ids.ts';
import { CLAIM_BODY_SIZES } from '#shared/limits.ts';
import { pad, unpad } from '#shared/padding.ts';
import { ed25519KeyPair, ed25519Verify, hex, randomBytes, seal, SEAL_OVERHEAD, xwingKeyPair } from '#shared/sodium.ts';
import { create, fromBinary, toBinary, type MessageShape } from '@bufbuild/protobuf';
import {
  CredentialSchema, DeviceClaimSchema, DeviceLinkSchema, LinkAnswerSchema, LinkedSchema, RefusedSchema, type DeviceLink, type Linked, type Signed,
} from '../../content/gen/thicket/content/v1/content_pb.ts';
import { NewcomerSchema, Stage, StoredDeviceSchema, type Newcomer, type Profile } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { parseDeviceLink } from '../../content/links.ts';
import { followBulletins, type Bulletin } from '../../domain/bulletin.ts';
import { memberOfLeaf } from '../../domain/membership.ts';
import { decode } from '../../domain/parsing.ts';
import { isNewer, readCard, type Card } from '../../domain/people.ts';
import { LABELS, sameBytes, signersOf, type Label } from '../../domain/signing.ts';
import type { Relay } from '../../relay/port.ts';
import { SessionFailure } from '../api.ts';
import { BULLETIN_TOOLS, type Device } from '../device.ts';
import { signerFrom } from '../signer.ts';
import { checkEntries, inviterMark, newProfile } from '../identity.ts';
import { ANSWER_SUITE } from '../meeting.ts';
import type { AnswerState } from '../newcomer.ts';
import { LINK_INFO, LINK_MS, linkMeetingOf, linkPhraseFor } from './link-meeting.ts';
import { takeDevice } from './own-devices.ts';

/** Keys, claim and phrase. The member key is one that stands in until the answer comes. @throws SessionFailure `bad-link` | `bad-name` | `weak-passphrase` */
export function arrivingProfile(text: string, options: { deviceName: string; passphrase: string }, now: number): Profile {
  const parsed = parseDeviceLink(text);
  if (parsed === undefined) throw new SessionFailure('bad-link');
  const name = checkEntries(options.deviceName, options.passphrase);
  const { link, origin } = parsed;
  const profile = newProfile(origin, link.hub as HubId, name, Stage.WAITING);
  const answerKeys = xwingKeyPair();
  const claim = toBinary(DeviceClaimSchema, create(DeviceClaimSchema, {
    leafKey: ed25519KeyPair(profile.leafSeed).verifyKey, sealKey: answerKeys.publicKey, pool: profile.pool, name,
  }));
  const meeting = linkMeetingOf(link);
  const padded = pad(claim, CLAIM_BODY_SIZES, SEAL_OVERHEAD);
  if (padded === undefined) throw new SessionFailure('bad-name');
  return {
    ...profile,
    newcomer: create(NewcomerSchema, {
      link: toBinary(DeviceLinkSchema, link),
      claimSecret: randomBytes(32),
      claimBody: seal(meeting.key, padded, meeting.id),
      sealSecretKey: answerKeys.secretKey,
      phrase: [...linkPhraseFor(link, claim)],
      claimedAtMs: BigInt(now),
      deviceName: name,
    }),
  };
}

/** Puts the claim into the meeting place; the same claim again is no second one. */
export async function claimLink(relay: Relay, profile: Profile): Promise<void> {
  const { newcomer, claimSecret, meeting } = meetingIn(profile);
  const hello = await relay.hello();
  if (hello.hub === undefined || !sameBytes(hello.hub, profile.hub)) throw new SessionFailure('link-of-other-hub');
  await relay.claimRendezvous({ rendezvous: meeting.id, claimSecret, body: newcomer.claimBody });
}

/**
 * Looks for the answer and takes it. What cannot be opened, or is not signed by the member the link names, is treated as
 * not there. @throws SessionFailure `link-expired`
 */
export async function takeLinkAnswer(device: Device): Promise<AnswerState> {
  const { newcomer, claimSecret, meeting, link } = meetingIn(device.profile);
  const { answer } = await device.relay.readRendezvous({ rendezvous: meeting.id, secret: claimSecret });
  const padded = answer && openAnswer(newcomer.sealSecretKey, meeting.id, answer);
  const opened = padded && unpad(padded);
  const said = opened && decode(LinkAnswerSchema, opened)?.answer;
  if (said?.case === 'refused' && factsBy(link, LABELS.refused, said.value, RefusedSchema, meeting.id) !== undefined) return 'refused';
  const linked = said?.case === 'linked' ? factsBy(link, LABELS.linked, said.value, LinkedSchema, meeting.id) : undefined;
  if (linked === undefined) {
    // A moment longer than the other device answers, whose clock may be another.
    if (device.now() > Number(newcomer.claimedAtMs) + 2 * LINK_MS) throw new SessionFailure('link-expired');
    return 'waiting';
  }
  await settleIn(device, link, linked);
  return 'admitted';
}

function openAnswer(secretKey: Uint8Array, meeting: Uint8Array, answer: Uint8Array): Uint8Array | undefined {
  const encSize = hpkeEncSize(ANSWER_SUITE);
  return hpkeOpen(ANSWER_SUITE, secretKey, LINK_INFO, meeting, { enc: answer.subarray(0, encSize), ciphertext: answer.subarray(encSize) });
}

/** What the member whom the link names signed, for this meeting and no other. */
function factsBy<Desc extends typeof LinkedSchema | typeof RefusedSchema>(
  link: DeviceLink, label: Label, signed: Signed, schema: Desc, meeting: Uint8Array,
): MessageShape<Desc> | undefined {
  const bySelf = signersOf(label, signed, ed25519Verify).some((key) => sameBytes(inviterMark(key), link.member));
  const facts = bySelf ? decode(schema, signed.facts) : undefined;
  return facts !== undefined && sameBytes((facts as { readonly meeting: Uint8Array }).meeting, meeting) ? facts : undefined;
}

interface Proven {
  readonly bulletin: Bulletin;
  readonly card: Card;
}

/** Holds all of it against the hub and the member that the link names. */
function prove(device: Device, link: DeviceLink, linked: Linked): Proven {
  const { hub, leafKeys, profile } = device;
  const bulletin = followBulletins(linked.bulletins, hub, BULLETIN_TOOLS);
  if (typeof bulletin === 'string' || linked.hubKey.length !== 32 || linked.memberSeed.length !== 32 || linked.credential === undefined) throw new SessionFailure('relay-refused');
  const member = signerFrom(linked.memberSeed);
  const verdict = memberOfLeaf(toBinary(CredentialSchema, linked.credential), leafKeys.verifyKey, bulletin, ed25519Verify);
  if (typeof verdict === 'string' || !sameBytes(verdict.memberKey, member.key) || !sameBytes(inviterMark(member.key), link.member)) throw new SessionFailure('not-admitted');
  const card = readCard(linked.card, hub, ed25519Verify);
  const isOurs = card !== undefined && sameBytes(card.facts.memberKey, member.key)
    && [card.facts.pool, ...card.facts.morePools].some((pool) => sameBytes(pool, profile.pool));
  if (!isOurs) throw new SessionFailure('relay-refused');
  return { bulletin, card };
}

async function settleIn(device: Device, link: DeviceLink, linked: Linked): Promise<void> {
  const { bulletin, card } = prove(device, link, linked);
  const standIn = device.memberId;
  await device.change(async (draft) => {
    draft.people.delete(standIn);
    draft.people.set(hex(card.facts.memberKey), card);
    for (const signed of linked.people) {
      const known = readCard(signed, device.hub, ed25519Verify);
      const id = known && hex(known.facts.memberKey);
      if (known !== undefined && id !== undefined && isNewer(known, draft.people.get(id))) draft.people.set(id, known);
    }
    const { pool, newcomer } = draft.profile;
    draft.setProfile({
      stage: Stage.MEMBER, memberSeed: linked.memberSeed, card: card.signed, ...(linked.credential && { credential: linked.credential }),
      bulletins: linked.bulletins, hubKey: linked.hubKey, ticket: linked.ticket, spareTicket: linked.spareTicket, awaited: linked.rooms,
    });
    draft.bulletin = bulletin;
    for (const other of linked.devices) takeDevice(draft, { ...other, removed: false });
    const now = device.now();
    draft.devices.set(device.deviceId, create(StoredDeviceSchema, { name: newcomer?.deviceName ?? '', namedAtMs: BigInt(now), day: dayOf(now), pool }));
    draft.emit({ changed: 'overview' });
    draft.emit({ changed: 'people' });
  });
}

interface OwnClaim {
  readonly newcomer: Newcomer;
  readonly claimSecret: Secret32;
  readonly link: DeviceLink;
  readonly meeting: ReturnType<typeof linkMeetingOf>;
}

function meetingIn(profile: Profile): OwnClaim {
  const { newcomer } = profile;
  const claimSecret = newcomer && secret32(newcomer.claimSecret);
  if (newcomer === undefined || claimSecret === undefined) throw new SessionFailure('vault-damaged');
  const link = fromBinary(DeviceLinkSchema, newcomer.link);
  return { newcomer, claimSecret, link, meeting: linkMeetingOf(link) };
}
