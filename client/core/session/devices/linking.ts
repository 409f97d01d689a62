/** The old device's side of a link: it makes the meeting place, and after the person's yes gives the new one what it needs. */
import { RelayRefusal } from '#shared/errors.ts';
import { hpkeOverhead, hpkeSeal, isHpkePublicKey } from '#shared/hpke.ts';
import { dayOf, secret32, type Secret32 } from '#shared/ids.ts';
import { ANSWER_BODY_SIZES } from '#shared/limits.ts';
import { pad, unpad } from '#shared/padding.ts';
import { SINGLE_COST } from '#shared/postage.ts';
import { concatBytes, ed25519Verify, fromHex, hex, randomBytes, unseal } from '#shared/sodium.ts';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  CardFactsSchema, DeviceClaimSchema, DeviceLinkSchema, LinkAnswerSchema, LinkedRoomSchema, LinkedSchema, RefusedSchema,
  type DeviceClaim, type DeviceLink, type Linked, type LinkAnswer,
} from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredDeviceSchema, StoredInvitationSchema, type StoredInvitation } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { deviceLink } from '../../content/links.ts';
import { MOST_DEVICES } from '../../domain/own-room.ts';
import { decode } from '../../domain/parsing.ts';
import { readCard } from '../../domain/people.ts';
import { samePhrase } from '../../domain/phrase.ts';
import { cleanName } from '../../domain/room-policy.ts';
import { LABELS, sameBytes, signFacts } from '../../domain/signing.ts';
import { SessionFailure, type DeviceId, type LinkOffer, type LinkRequest, type RequestId } from '../api.ts';
import type { Device } from '../device.ts';
import type { Draft } from '../draft.ts';
import { isPassing } from '../failure.ts';
import { credentialFor, inviterMark, makeCard } from '../identity.ts';
import { ANSWER_SUITE } from '../meeting.ts';
import { paid, paying } from '../paying.ts';
import { isTicketGood, takeSpareTicket, takeTokens } from '../postage-stock.ts';
import { settingsOf } from '../room-state.ts';
import { LINK_INFO, LINK_MS, linkMeetingOf, linkPhraseFor } from './link-meeting.ts';
import { asOwnDevice } from './own-devices.ts';
import { isOwnRoom, ownRoomOf } from './own-room.ts';

const REQUEST_ID_DIGITS = 12;

interface Claim {
  readonly facts: DeviceClaim;
  readonly phrase: readonly string[];
  readonly contested: boolean;
}

export class Linking {
  readonly #device: Device;
  /** Phrases cost a slow hash each. */
  readonly #phrases = new Map<string, readonly string[]>();

  constructor(device: Device) {
    this.#device = device;
  }

  /** @throws SessionFailure `too-many-devices` | `not-yet` */
  async offer(thisDeviceName: string): Promise<LinkOffer> {
    const device = this.#device;
    const others = [...device.devices].filter(([id, { removed }]) => !removed && id !== device.deviceId);
    if (others.length + 2 > MOST_DEVICES) throw new SessionFailure('too-many-devices');
    if (others.length > 0 && ownRoomOf(device.rooms.values()) === undefined) throw new SessionFailure('not-yet');
    await this.cancel();
    const link = create(DeviceLinkSchema, { version: 1, secret: randomBytes(16), hub: device.hub, member: inviterMark(device.member.key) });
    const stored = create(StoredInvitationSchema, {
      link: toBinary(DeviceLinkSchema, link), ownerSecret: randomBytes(32), expiresAtMs: BigInt(device.now() + LINK_MS),
    });
    const { id } = linkMeetingOf(link);
    await paid(device, `meeting ${hex(id)}`, SINGLE_COST, (postage) =>
      device.relay.openRendezvous({ rendezvous: id, ownerSecret: ownerOf(stored), postage }));
    const request = hex(id).slice(0, REQUEST_ID_DIGITS);
    await device.change(async (draft) => {
      draft.invitations.set(request, stored);
      nameThis(draft, thisDeviceName);
      draft.emit({ changed: 'devices' });
    });
    return this.#shown(request, stored);
  }

  current(): LinkOffer | undefined {
    const [open] = this.#open();
    return open && this.#shown(...open);
  }

  async cancel(): Promise<void> {
    const open = [...this.#device.invitations].filter(([, stored]) => stored.link.length > 0 && stored.answer.length === 0);
    if (open.length === 0) return;
    await this.#device.change(async (draft) => {
      for (const [id] of open) draft.invitations.delete(id);
      draft.emit({ changed: 'devices' });
    });
  }

  /** Asks the relay who opened the link. */
  async request(): Promise<LinkRequest | undefined> {
    const [open] = this.#open();
    const claim = open && (await this.#claimOf(open[1]));
    return claim && { id: (open as [string, StoredInvitation])[0], name: claim.facts.name, phrase: claim.phrase, contested: claim.contested };
  }

  /** @throws SessionFailure `unknown-request` | `phrase-differs` */
  async confirm(request: RequestId, said: string): Promise<DeviceId> {
    const [stored, claim] = await this.#find(request);
    if (!samePhrase(claim.phrase, said)) throw new SessionFailure('phrase-differs');
    const { leafKey, pool, name } = claim.facts;
    await this.#decide(request, stored, claim, (draft) => {
      const now = draft.device.now();
      draft.devices.set(hex(leafKey), create(StoredDeviceSchema, { name, namedAtMs: BigInt(now), day: dayOf(now), pool, lead: true }));
      nameThis(draft, '');
      addPool(draft, pool);
      return linkedAnswer(draft, linkIn(stored), claim.facts);
    });
    return hex(leafKey);
  }

  async refuse(request: RequestId): Promise<void> {
    const [stored, claim] = await this.#find(request);
    const { id: meeting } = linkMeetingOf(linkIn(stored));
    const facts = toBinary(RefusedSchema, create(RefusedSchema, { meeting }));
    await this.#decide(request, stored, claim, () =>
      create(LinkAnswerSchema, { answer: { case: 'refused', value: signFacts(LABELS.refused, facts, [this.#device.member]) } }));
  }

  /** Answers that were decided but may not have reached the relay. */
  async resume(): Promise<void> {
    for (const [id, stored] of [...this.#device.invitations]) if (stored.link.length > 0 && stored.answer.length > 0) await this.#deliver(id, stored);
  }

  async #find(request: RequestId): Promise<[StoredInvitation, Claim]> {
    const stored = this.#open().find(([id]) => id === request)?.[1];
    const claim = stored && (await this.#claimOf(stored));
    if (stored === undefined || claim === undefined) throw new SessionFailure('unknown-request');
    return [stored, claim];
  }

  /** Durable before the relay hears of it, with the ticket in it and what pays for it. */
  async #decide(id: string, stored: StoredInvitation, claim: Claim, answerWith: (draft: Draft) => LinkAnswer): Promise<void> {
    const { id: meeting } = linkMeetingOf(linkIn(stored));
    const decided = await paying(this.#device, async (draft) => {
      if (draft.invitations.get(id)?.answer.length !== 0) throw new SessionFailure('unknown-request');
      const padded = pad(toBinary(LinkAnswerSchema, answerWith(draft)), ANSWER_BODY_SIZES, hpkeOverhead(ANSWER_SUITE));
      if (padded === undefined) throw new SessionFailure('internal');
      const { enc, ciphertext } = hpkeSeal(ANSWER_SUITE, claim.facts.sealKey, LINK_INFO, meeting, padded);
      padded.fill(0);
      const answered: StoredInvitation = { ...stored, answer: concatBytes(enc, ciphertext) };
      draft.invitations.set(id, answered);
      draft.emit({ changed: 'devices' });
      draft.afterwards(() => draft.device.wake.siblings());
      return answered;
    });
    await this.#deliver(id, decided).catch((thrown: unknown) => {
      if (!isPassing(thrown)) throw thrown;
    });
  }

  async #deliver(id: string, stored: StoredInvitation): Promise<void> {
    const device = this.#device;
    try {
      await device.relay.answerRendezvous({ rendezvous: linkMeetingOf(linkIn(stored)).id, ownerSecret: ownerOf(stored), body: stored.answer });
    } catch (thrown) {
      if (!(thrown instanceof RelayRefusal && (thrown.code === 'already-answered' || thrown.code === 'unknown-rendezvous'))) throw thrown;
    }
    await device.change(async (draft) => draft.invitations.delete(id));
  }

  async #claimOf(stored: StoredInvitation): Promise<Claim | undefined> {
    const link = linkIn(stored);
    const meeting = linkMeetingOf(link);
    const state = await this.#device.relay.readRendezvous({ rendezvous: meeting.id, secret: ownerOf(stored) });
    const padded = state.claim && unseal(meeting.key, state.claim, meeting.id);
    const opened = padded && unpad(padded);
    const facts = opened && decode(DeviceClaimSchema, opened);
    if (opened === undefined || facts === undefined || !isClaim(facts)) return undefined;
    const key = hex(meeting.id) + hex(opened);
    const phrase = this.#phrases.get(key) ?? linkPhraseFor(link, opened);
    this.#phrases.set(key, phrase);
    return { facts, phrase, contested: state.refusedClaims > 0 };
  }

  /** Not answered, and not over. */
  #open(): [string, StoredInvitation][] {
    const now = this.#device.now();
    return [...this.#device.invitations].filter(([, stored]) => stored.link.length > 0 && stored.answer.length === 0 && Number(stored.expiresAtMs) > now);
  }

  #shown(id: string, stored: StoredInvitation): LinkOffer {
    return { id, link: deviceLink(this.#device.profile.origin, linkIn(stored)), expiresAt: Number(stored.expiresAtMs) };
  }
}

const linkIn = (stored: StoredInvitation): DeviceLink => fromBinary(DeviceLinkSchema, stored.link);

function ownerOf(stored: StoredInvitation): Secret32 {
  const secret = secret32(stored.ownerSecret);
  if (secret === undefined) throw new SessionFailure('vault-damaged');
  return secret;
}

const isClaim = ({ leafKey, pool, name, sealKey }: DeviceClaim): boolean =>
  leafKey.length === 32 && pool.length === 16 && name.length > 0 && cleanName(name) === name && isHpkePublicKey(ANSWER_SUITE, sealKey);

/** This device stands in the list as well, once there is one. A name it has stays. */
function nameThis(draft: Draft, name: string): void {
  const { deviceId, profile } = draft.device;
  const known = draft.devices.get(deviceId);
  if (known !== undefined && (known.name !== '' || name === '')) return;
  draft.devices.set(deviceId, { ...(known ?? create(StoredDeviceSchema)), name: cleanName(name), namedAtMs: BigInt(draft.device.now()), pool: profile.pool });
}

/** A newer card, by which whoever adds this person finds the new device too. */
function addPool(draft: Draft, pool: Uint8Array): void {
  const { device, profile } = draft;
  const facts = profile.card && decode(CardFactsSchema, profile.card.facts);
  if (facts === undefined) throw new SessionFailure('internal');
  const more = [...facts.morePools.filter((known) => !sameBytes(known, pool)), pool];
  const card = makeCard(device.hub, device.member, facts.name, facts.pool, facts.version + 1, more);
  draft.setProfile({ card });
  const read = readCard(card, device.hub, ed25519Verify);
  if (read !== undefined) draft.people.set(device.memberId, read);
}

/** Everything but what founded the hub: a founder's root and bulletin seeds stay on the device that made them. */
function linkedAnswer(draft: Draft, link: DeviceLink, claim: DeviceClaim): LinkAnswer {
  const { device, profile } = draft;
  const admission = profile.credential?.admission;
  if (admission === undefined) throw new SessionFailure('not-admitted');
  const ticket = ownTicket(draft);
  const spareTicket = takeSpareTicket(draft);
  const rooms = [...draft.rooms.entries()].map(([, state]) => state).filter((state) => !isOwnRoom(state));
  const known = [...draft.devices.entries()].sort(([a], [b]) => Number(b === device.deviceId) - Number(a === device.deviceId));
  const linked: Linked = create(LinkedSchema, {
    meeting: linkMeetingOf(link).id,
    memberSeed: profile.memberSeed,
    credential: credentialFor(device.hub, device.member, claim.leafKey, admission, device.now()),
    bulletins: profile.bulletins,
    hubKey: profile.hubKey,
    ...(profile.card && { card: profile.card }),
    ...(ticket && { ticket }),
    ...(spareTicket && { spareTicket }),
    rooms: rooms.map((state) => create(LinkedRoomSchema, {
      room: fromHex(state.id) ?? state.mailbox, name: settingsOf(state.room).name, mailbox: state.mailbox, admins: settingsOf(state.room).admins, past: !state.room.active,
    })),
    devices: known.filter(([, { removed }]) => !removed).map(([id, stored]) => asOwnDevice(id, stored)),
  });
  linked.people = peopleThatFit(draft, toBinary(LinkedSchema, linked).length);
  return create(LinkAnswerSchema, { answer: { case: 'linked', value: signFacts(LABELS.linked, toBinary(LinkedSchema, linked), [device.member]) } });
}

/** The one this device was given when it came in; after that its own. @throws TokensMissing */
function ownTicket(draft: Draft): Uint8Array | undefined {
  const { spareTicket } = draft.profile;
  if (spareTicket.length === 0 || !isTicketGood(draft.device, spareTicket)) return takeTokens(draft, 'ticket', 1)[0];
  draft.setProfile({ spareTicket: new Uint8Array(0) });
  return spareTicket;
}

/** Cards come with the rooms as well; these are for a list of people that is whole at once. */
function peopleThatFit(draft: Draft, taken: number): Linked['people'] {
  let left = (ANSWER_BODY_SIZES.at(-1) as number) - hpkeOverhead(ANSWER_SUITE) - taken - 1024;
  return [...draft.people.entries()].filter(([id]) => id !== draft.device.memberId).map(([, card]) => card.signed).filter(({ facts }) => {
    left -= facts.length + 128;
    return left > 0;
  });
}
