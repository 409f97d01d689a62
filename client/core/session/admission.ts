/** The inviter's side: invitations, the people who claim them, and saying yes or no. */
import { RelayRefusal } from '#shared/errors.ts';
import { secret32, type Secret32 } from '#shared/ids.ts';
import { ANSWER_BODY_SIZES } from '#shared/limits.ts';
import { pad, unpad } from '#shared/padding.ts';
import { SINGLE_COST } from '#shared/postage.ts';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { invitationLink } from '../content/links.ts';
import { AdmittedSchema, InvitationSchema, JoinAnswerSchema, JoinClaimSchema, RefusedSchema, type JoinAnswer } from '../content/gen/thicket/content/v1/content_pb.ts';
import { StoredInvitationSchema, type StoredInvitation } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { decode } from '../domain/parsing.ts';
import { readCard, type Card } from '../domain/people.ts';
import { samePhrase } from '../domain/phrase.ts';
import { includesKey, LABELS, signFacts } from '../domain/signing.ts';
import { hpkeOverhead, hpkeSeal, isHpkePublicKey } from '#shared/hpke.ts';
import { concatBytes, ed25519Verify, hex, randomBytes, sha256, unseal } from '#shared/sodium.ts';
import { SessionFailure, type JoinRequest, type MemberId, type Person, type OpenInvitation, type RequestId } from './api.ts';
import type { Device } from './device.ts';
import type { Draft } from './draft.ts';
import { oweReturn } from './backup/bringing-back.ts';
import { isByMember } from './backup/returning.ts';
import { isPassing } from './failure.ts';
import { admit, inviterMark } from './identity.ts';
import { paid, paying } from './paying.ts';
import { takeSpareTicket, takeTokens } from './postage-stock.ts';
import { standingNow } from './repair/standing.ts';
import { ANSWER_INFO, ANSWER_SUITE, INVITATION_MS, meetingOf, phraseFor } from './meeting.ts';

const REQUEST_ID_DIGITS = 12;
const MOST_ALIKE = 8;
const isSameName = (one: string, other: string): boolean => one.normalize('NFKC').toLowerCase() === other.normalize('NFKC').toLowerCase();

interface Claim {
  readonly card: Card;
  readonly sealKey: Uint8Array;
  readonly phrase: readonly string[];
  readonly contested: boolean;
  /** The member key on the card is one that this device knows. */
  readonly returning: boolean;
}

export class Admission {
  readonly #device: Device;
  /** Phrases cost a slow hash each; a claim never changes. */
  readonly #phrases = new Map<string, readonly string[]>();

  constructor(device: Device) {
    this.#device = device;
  }

  get mayInvite(): boolean {
    const { bulletin, member } = this.#device;
    return bulletin !== undefined && includesKey(bulletin.facts.inviters, member.key) && !includesKey(bulletin.facts.revoked, member.key);
  }

  /** @throws SessionFailure `not-allowed` */
  async invite(): Promise<OpenInvitation> {
    if (!this.mayInvite) throw new SessionFailure('not-allowed');
    const device = this.#device;
    const invitation = create(InvitationSchema, {
      version: 1, secret: randomBytes(16), hub: device.hub, inviter: inviterMark(device.member.key),
    });
    const { id } = meetingOf(invitation);
    const stored = create(StoredInvitationSchema, {
      invitation: toBinary(InvitationSchema, invitation), ownerSecret: randomBytes(32), expiresAtMs: BigInt(device.now() + INVITATION_MS),
    });
    await paid(device, `meeting ${hex(id)}`, SINGLE_COST, (postage) =>
      device.relay.openRendezvous({ rendezvous: id, ownerSecret: ownerOf(stored), postage }));
    const request = hex(id).slice(0, REQUEST_ID_DIGITS);
    await device.change(async (draft) => {
      draft.invitations.set(request, stored);
      draft.emit({ changed: 'requests' });
    });
    return this.#open(request, stored);
  }

  invitations(): readonly OpenInvitation[] {
    return this.#ours().filter(([, stored]) => stored.answer.length === 0).map(([id, stored]) => this.#open(id, stored));
  }

  /** Asks the relay for everybody who claimed one of our invitations. */
  async requests(personOf: (memberKey: Uint8Array) => Person): Promise<readonly JoinRequest[]> {
    await this.#forgetExpired();
    const requests: JoinRequest[] = [];
    for (const [id, stored] of this.#ours()) {
      if (stored.answer.length > 0) continue;
      const claim = await this.#claimOf(stored);
      if (claim !== undefined) requests.push({ id, name: claim.card.facts.name, phrase: claim.phrase, contested: claim.contested, returning: claim.returning ? personOf(claim.card.facts.memberKey) : undefined, perhaps: claim.returning ? [] : this.#namedAlike(claim.card).map(personOf) });
    }
    return requests;
  }

  /** People this device knows by the very name the newcomer gives. */
  #namedAlike({ facts }: Card): Uint8Array[] {
    const { people, memberId } = this.#device;
    return [...people].filter(([id, card]) => id !== memberId && isSameName(card.facts.name, facts.name)).map(([, card]) => card.facts.memberKey).slice(0, MOST_ALIKE);
  }

  /** @throws SessionFailure `unknown-request` | `unknown-member` | `phrase-differs` | `not-allowed` */
  async admit(request: RequestId, said: string, as?: MemberId): Promise<void> {
    if (!this.mayInvite) throw new SessionFailure('not-allowed');
    if (as !== undefined && (as === this.#device.memberId || !this.#device.people.has(as))) throw new SessionFailure('unknown-member');
    const [id, stored] = this.#find(request);
    const claim = await this.#claimOf(stored);
    if (claim === undefined) throw new SessionFailure('unknown-request');
    if (!samePhrase(claim.phrase, said)) throw new SessionFailure('phrase-differs');
    const device = this.#device;
    const admission = admit(device.hub, claim.card.facts.memberKey, device.member, device.now());
    await this.#decide(id, stored, claim, async (draft) => {
      if (claim.returning || as !== undefined) await oweReturn(draft, hex(claim.card.facts.memberKey), claim.returning ? undefined : as);
      // Taken for this newcomer alone. Drawn blind, so the relay cannot tell whose it was when it comes back.
      const [ticket] = takeTokens(draft, 'ticket', 1);
      const spareTicket = takeSpareTicket(draft);
      const { card, bulletins, hubKey } = draft.profile;
      const read = standingNow(device);
      const admitted = create(AdmittedSchema, { admission, bulletins, hubKey, read, ...(ticket && { ticket }), ...(spareTicket && { spareTicket }), ...(card && { inviterCard: card }) });
      const signed = signFacts(LABELS.admitted, toBinary(AdmittedSchema, admitted), [device.member]);
      return create(JoinAnswerSchema, { answer: { case: 'admitted', value: signed } });
    });
  }

  /** @throws SessionFailure `unknown-request` */
  async refuse(request: RequestId): Promise<void> {
    const [id, stored] = this.#find(request);
    const claim = await this.#claimOf(stored);
    if (claim === undefined) throw new SessionFailure('unknown-request');
    const { id: meeting } = meetingOf(fromBinary(InvitationSchema, stored.invitation));
    const refused = signFacts(LABELS.refused, toBinary(RefusedSchema, create(RefusedSchema, { meeting })), [this.#device.member]);
    await this.#decide(id, stored, claim, () => create(JoinAnswerSchema, { answer: { case: 'refused', value: refused } }));
  }

  /** After a start: answers that were decided but may not have reached the relay. */
  async resume(): Promise<void> {
    const decided = this.#ours().filter(([, stored]) => stored.answer.length > 0);
    const done = await Promise.allSettled(decided.map(([id, stored]) => this.#deliver(id, stored)));
    const failed = done.find((result) => result.status === 'rejected' && isPassing(result.reason));
    if (failed?.status === 'rejected') throw failed.reason;
  }

  /** The decision is durable before the relay hears of it, with what pays for it, so a crash cannot leave it half done. */
  async #decide(id: string, stored: StoredInvitation, claim: Claim, answerWith: (draft: Draft) => JoinAnswer | Promise<JoinAnswer>): Promise<void> {
    const meeting = meetingOf(fromBinary(InvitationSchema, stored.invitation));
    const decided = await paying(this.#device, async (draft) => {
      // Another tab may have decided meanwhile; the first decision stands.
      if (draft.invitations.get(id)?.answer.length !== 0) throw new SessionFailure('unknown-request');
      const answer = await answerWith(draft);
      const padded = pad(toBinary(JoinAnswerSchema, answer), ANSWER_BODY_SIZES, hpkeOverhead(ANSWER_SUITE));
      if (padded === undefined) throw new SessionFailure('internal');
      const sealed = hpkeSeal(ANSWER_SUITE, claim.sealKey, ANSWER_INFO, meeting.id, padded);
      const answered: StoredInvitation = { ...stored, answer: concatBytes(sealed.enc, sealed.ciphertext) };
      draft.invitations.set(id, answered);
      if (answer.answer.case === 'admitted') {
        draft.people.set(hex(claim.card.facts.memberKey), claim.card);
        draft.afterwards(() => this.#device.wake.returning());
      }
      draft.emit({ changed: 'requests' });
      draft.emit({ changed: 'people' });
      return answered;
    });
    await this.#deliver(id, decided);
  }

  async #deliver(id: string, stored: StoredInvitation): Promise<void> {
    const device = this.#device;
    const meeting = meetingOf(fromBinary(InvitationSchema, stored.invitation));
    try {
      await device.relay.answerRendezvous({ rendezvous: meeting.id, ownerSecret: ownerOf(stored), body: stored.answer });
    } catch (thrown) {
      if (!isOver(thrown)) throw thrown;
    }
    await device.change(async (draft) => draft.invitations.delete(id));
  }

  async #claimOf(stored: StoredInvitation): Promise<Claim | undefined> {
    const invitation = fromBinary(InvitationSchema, stored.invitation);
    const meeting = meetingOf(invitation);
    const state = await this.#device.relay.readRendezvous({ rendezvous: meeting.id, secret: ownerOf(stored) });
    const padded = state.claim && unseal(meeting.key, state.claim, meeting.id);
    const opened = padded && unpad(padded);
    const claim = opened && decode(JoinClaimSchema, opened);
    const card = readCard(claim?.card ?? undefined, this.#device.hub, ed25519Verify);
    if (claim === undefined || card === undefined || !isHpkePublicKey(ANSWER_SUITE, claim.sealKey)) return undefined;
    // A card of somebody who is a member already is worth nothing without their own word.
    const isKnown = this.#device.people.has(hex(card.facts.memberKey));
    if (isKnown && !isByMember(invitation, claim, card.facts.memberKey)) return undefined;
    const key = hex(sha256(concatBytes(stored.invitation, card.facts.memberKey, claim.sealKey)));
    const phrase = this.#phrases.get(key) ?? phraseFor(invitation, card.facts.memberKey, claim.sealKey);
    this.#phrases.set(key, phrase);
    return { card, sealKey: claim.sealKey, phrase, contested: state.refusedClaims > 0, returning: isKnown };
  }

  #find(request: RequestId): [string, StoredInvitation] {
    const stored = this.#device.invitations.get(request);
    if (stored === undefined || stored.link.length > 0 || stored.answer.length > 0) throw new SessionFailure('unknown-request');
    return [request, stored];
  }

  #open(id: string, stored: StoredInvitation): OpenInvitation {
    const invitation = fromBinary(InvitationSchema, stored.invitation);
    return { id, link: invitationLink(this.#device.profile.origin, invitation), expiresAt: Number(stored.expiresAtMs) };
  }

  /** Not those for another device of this person. */
  #ours(): [string, StoredInvitation][] {
    return [...this.#device.invitations].filter(([, stored]) => stored.link.length === 0);
  }

  async #forgetExpired(): Promise<void> {
    const now = this.#device.now();
    const over = [...this.#device.invitations].filter(([, stored]) => Number(stored.expiresAtMs) < now);
    if (over.length > 0) {
      await this.#device.change(async (draft) => over.forEach(([id]) => draft.invitations.delete(id)));
    }
  }
}

/** The relay has an answer already, or the meeting place is gone: either way there is nothing left to deliver. */
const isOver = (thrown: unknown): boolean =>
  thrown instanceof RelayRefusal && (thrown.code === 'already-answered' || thrown.code === 'unknown-rendezvous');

function ownerOf(stored: StoredInvitation): Secret32 {
  const secret = secret32(stored.ownerSecret);
  if (secret === undefined) throw new SessionFailure('vault-damaged');
  return secret;
}
