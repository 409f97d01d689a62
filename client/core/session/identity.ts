/** Making keys, cards and certificates. */
import { create, toBinary } from '@bufbuild/protobuf';
import { dayOf, hubId, passId, poolId, secret32, type HubId } from '#shared/ids.ts';
import {
  AdmissionFactsSchema, CardFactsSchema, CredentialSchema, DeviceFactsSchema, type Credential, type Signed,
} from '../content/gen/thicket/content/v1/content_pb.ts';
import { ProfileSchema, Stage, type Profile } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { cleanName } from '../domain/room-policy.ts';
import { LABELS, signFacts, type Signer } from '../domain/signing.ts';
import { ed25519KeyPair, randomBytes, sha256 } from '#shared/sodium.ts';
import { SessionFailure } from './api.ts';
import { signerFrom } from './signer.ts';

/** Shortest passphrase taken, in characters. Argon2id slows a guesser down; it cannot save a short one. */
export const SHORTEST_PASSPHRASE = 8;

/** @throws SessionFailure `bad-name` | `weak-passphrase` */
export function checkEntries(name: string, passphrase: string): string {
  const clean = cleanName(name);
  if (clean.length === 0) throw new SessionFailure('bad-name');
  if ([...passphrase].length < SHORTEST_PASSPHRASE) throw new SessionFailure('weak-passphrase');
  return clean;
}

export const hubIdOf = (rootKey: Uint8Array): HubId => hubId(sha256(rootKey).slice(0, 16)) ?? impossible();
/** How an invitation names its inviter without carrying the key. */
export const inviterMark = (memberKey: Uint8Array): Uint8Array => sha256(memberKey).slice(0, 16);

/** A profile with fresh keys and a card; not yet a member of anything. */
export function newProfile(origin: string, hub: HubId, name: string, stage: Stage): Profile {
  const memberSeed = randomBytes(32);
  const pool = poolId(randomBytes(16)) ?? impossible();
  return create(ProfileSchema, {
    stage,
    origin,
    hub,
    memberSeed,
    leafSeed: randomBytes(32),
    card: makeCard(hub, signerFrom(memberSeed), name, pool, 1),
    pool,
    poolSecret: secret32(randomBytes(32)) ?? impossible(),
    passId: passId(randomBytes(16)) ?? impossible(),
    passSecret: secret32(randomBytes(32)) ?? impossible(),
  });
}

export const makeCard = (hub: HubId, member: Signer, name: string, pool: Uint8Array, version: number, morePools: readonly Uint8Array[] = []): Signed =>
  signFacts(LABELS.card, toBinary(CardFactsSchema, create(CardFactsSchema, { hub, memberKey: member.key, name, pool, version, morePools: [...morePools] })), [member]);

/** Signed by an inviter: this key is a member. */
export const admit = (hub: HubId, memberKey: Uint8Array, inviter: Signer, now: number): Signed =>
  signFacts(LABELS.admission, toBinary(AdmissionFactsSchema, create(AdmissionFactsSchema, { hub, memberKey, day: dayOf(now) })), [inviter]);

/** Signed by the member: this leaf key is my device. */
export function makeCredential(profile: Profile, admission: Signed, now: number): Credential {
  const leafKey = ed25519KeyPair(profile.leafSeed).verifyKey;
  return credentialFor(profile.hub, signerFrom(profile.memberSeed), leafKey, admission, now);
}

/** The same for any device of theirs. */
export function credentialFor(hub: Uint8Array, member: Signer, leafKey: Uint8Array, admission: Signed, now: number): Credential {
  const facts = create(DeviceFactsSchema, { hub, memberKey: member.key, leafKey, day: dayOf(now) });
  return create(CredentialSchema, { admission, device: signFacts(LABELS.device, toBinary(DeviceFactsSchema, facts), [member]) });
}

function impossible(): never {
  throw new SessionFailure('internal');
}
