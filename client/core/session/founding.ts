/** Founding a hub: root key, first member, first bulletin. Every step can be taken again after a crash. */
import { RelayRefusal } from '#shared/errors.ts';
import { mailboxId, secret32, type PostVerifyKey, type Signature } from '#shared/ids.ts';
import { RETENTION_DAYS } from '#shared/limits.ts';
import { SINGLE_COST } from '#shared/postage.ts';
import { openMailboxMessage } from '#shared/signing.ts';
import { create, toBinary } from '@bufbuild/protobuf';
import { parseFoundingLink } from '../content/links.ts';
import { BulletinFactsSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import { FounderSchema, Stage, type Profile } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { cleanName } from '../domain/room-policy.ts';
import { LABELS, signFacts } from '../domain/signing.ts';
import { ed25519KeyPair, hex, randomBytes } from '#shared/sodium.ts';
import type { HubHello } from '../relay/port.ts';
import { SessionFailure } from './api.ts';
import { postNotice, sealNotice } from './bulletins.ts';
import type { Device } from './device.ts';
import { signerFrom } from './signer.ts';
import { paid } from './paying.ts';
import { admit, checkEntries, hubIdOf, makeCredential, newProfile } from './identity.ts';

/** Where a founding link leads. @throws SessionFailure `bad-link` */
export function originOf(link: string): string {
  return readLink(link).origin;
}

function readLink(link: string) {
  const parsed = parseFoundingLink(link);
  if (parsed === undefined) throw new SessionFailure('bad-link');
  return parsed;
}

/**
 * @param hello what the relay says of itself: its issuer key and its gateway key become the hub's
 * @throws SessionFailure `bad-link` | `bad-name` | `weak-passphrase`
 */
export function foundingProfile(
  link: string, options: { name: string; hubName?: string; passphrase: string }, hello: HubHello, now: number,
): Profile {
  const parsed = readLink(link);
  const name = checkEntries(options.name, options.passphrase);
  const rootSeed = randomBytes(32);
  const root = signerFrom(rootSeed);
  const hub = hubIdOf(root.key);
  const profile = newProfile(parsed.origin, hub, name, Stage.FOUNDING);
  const founder = signerFrom(profile.memberSeed);
  const facts = create(BulletinFactsSchema, {
    hub,
    hubName: cleanName(options.hubName ?? '') || name,
    version: 1,
    rootKey: root.key,
    stewards: [founder.key],
    coordinators: [founder.key],
    inviters: [founder.key],
    vouchers: 1,
    postDays: RETENTION_DAYS.post,
    commitDays: RETENTION_DAYS.commit,
    bulletinMailbox: randomBytes(16),
    gateway: hello.gateway,
    issuerKey: hello.issuerKey,
  });
  return {
    ...profile,
    hubKey: randomBytes(32),
    bulletins: [signFacts(LABELS.bulletin, toBinary(BulletinFactsSchema, facts), [root, founder])],
    credential: makeCredential(profile, admit(hub, founder.key, founder, now), now),
    founder: create(FounderSchema, { rootSeed, foundingToken: parsed.token, bulletinSeed: randomBytes(32), postedVersion: 0 }),
  };
}

/** Takes the founding token to the relay. @throws SessionFailure `link-used` | `already-founded` */
export async function claimHub(device: Device): Promise<void> {
  const { founder } = device.profile;
  const token = founder && secret32(founder.foundingToken);
  if (device.profile.stage !== Stage.FOUNDING || founder === undefined || token === undefined) return;
  await device.relay.found({ token, hub: device.hub, pass: device.pass });
  await device.change(async (draft) => {
    draft.setProfile({ stage: Stage.MEMBER, founder: { ...founder, foundingToken: new Uint8Array(0) } });
    draft.emit({ changed: 'overview' });
  });
}

/** Opens the bulletin mailbox and posts what is not in the log yet. */
export async function postBulletins(device: Device): Promise<void> {
  const { founder, bulletins, hubKey } = device.profile;
  if (founder === undefined || founder.postedVersion >= bulletins.length) return;
  const mailbox = mailboxId(device.constitution.facts.bulletinMailbox);
  if (mailbox === undefined) throw new SessionFailure('internal');
  const keys = ed25519KeyPair(founder.bulletinSeed);
  const verifyKey = keys.verifyKey as PostVerifyKey;
  const proof = signerFrom(founder.bulletinSeed).sign(openMailboxMessage(device.hub, mailbox, verifyKey)) as Signature;
  try {
    await paid(device, `mailbox ${hex(mailbox)}`, SINGLE_COST, (postage) => device.relay.openMailbox({ mailbox, verifyKey, proof, postage }));
  } catch (thrown) {
    if (!(thrown instanceof RelayRefusal && thrown.code === 'mailbox-exists')) throw thrown;
  }
  for (const signed of bulletins.slice(founder.postedVersion)) {
    await postNotice(device, mailbox, founder.bulletinSeed, sealNotice(hubKey, mailbox, signed));
  }
  await device.change(async (draft) => draft.setProfile({ founder: { ...founder, foundingToken: new Uint8Array(0), postedVersion: bulletins.length } }));
}
