/**
 * A new device from a backup. The file is read to its end before anything of it is believed, and then once more into the
 * vault; the profile says that it is being restored until all is there. The device has a leaf key, key packages and a pool
 * of its own: nothing of the lost one is used again but the member key and the pass.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { hubId, poolId, type HubId } from '#shared/ids.ts';
import { ed25519KeyPair, ed25519Verify, hex, randomBytes, zero } from '#shared/sodium.ts';
import type { Head, Identity } from '../../content/gen/thicket/archive/v1/archive_pb.ts';
import { CredentialSchema, SignedSchema } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { ProfileSchema, Stage, type Profile } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { followBulletins } from '../../domain/bulletin.ts';
import { memberOfLeaf } from '../../domain/membership.ts';
import { readCard } from '../../domain/people.ts';
import { entropyOf } from '../../domain/recovery-phrase.ts';
import { sameBytes } from '../../domain/signing.ts';
import type { Vault, VaultChange, VaultHome, VaultKey } from '../../vault/port.ts';
import { SessionFailure, type FileSource } from '../api.ts';
import { ARCHIVE_VERSION, type Tell } from '../archive/history.ts';
import { readEntries, type EntryBody } from '../archive/stream.ts';
import { HistoryTaking, NOTHING_KNOWN, type Into } from '../archive/taking.ts';
import { BULLETIN_TOOLS } from '../device.ts';
import { signerFrom } from '../signer.ts';
import { checkEntries, makeCard, makeCredential, newProfile } from '../identity.ts';
import { HEAD_BYTES, openHead } from './file.ts';

/** Changes in one transaction. */
const BATCH = 64;

export interface Restoring {
  readonly home: VaultHome;
  readonly source: FileSource;
  readonly words: readonly string[];
  readonly passphrase: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly tell?: Tell;
}

/** @returns the open vault, whole. @throws SessionFailure as restoreBackup() says */
export async function restore({ home, source, words, passphrase, now, tell }: Restoring): Promise<Vault> {
  checkEntries('anybody', passphrase);
  const entropy = entropyOf(words);
  if (entropy === undefined) throw new SessionFailure('bad-recovery-phrase');
  const opened = await openHead(source, entropy);
  zero(entropy);
  const entries = (from: number) => readEntries(source, {
    ...opened, from: HEAD_BYTES, wrongKey: 'wrong-recovery-phrase', tell: (done) => tell?.(from + done, 2 * source.size),
  });
  const profile = profileFrom(await whole(entries(0)), now);
  const vault = await home.create(passphrase);
  try {
    await vault.write([{ put: PROFILE, value: toBinary(ProfileSchema, { ...profile, stage: Stage.RESTORING }) }]);
    const into = new Batches(vault);
    const taking = new HistoryTaking({ now, hub: profile.hub as HubId, known: NOTHING_KNOWN });
    for await (const entry of entries(source.size)) {
      await taking.take(entry, into);
      await into.writeSome();
    }
    if (profile.card !== undefined) into.put({ collection: 'people', scope: hex(signerFrom(profile.memberSeed).key), order: 0 }, toBinary(SignedSchema, profile.card));
    into.put(PROFILE, toBinary(ProfileSchema, profile));
    await into.write();
    return vault;
  } catch (thrown) {
    await vault.close();
    await home.erase();
    throw thrown;
  } finally {
    zero(opened.key);
  }
}

const PROFILE: VaultKey = { collection: 'profile', scope: '', order: 0 };

/** Reads all of it, so that what follows can be believed. */
async function whole(entries: AsyncIterable<EntryBody>): Promise<{ head: Head; identity: Identity }> {
  let head: Head | undefined;
  let identity: Identity | undefined;
  for await (const entry of entries) {
    if (head === undefined && entry.case !== 'head') throw new SessionFailure('archive-damaged');
    if (entry.case === 'head') head ??= entry.value;
    if (head !== undefined && head.version !== ARCHIVE_VERSION) throw new SessionFailure('archive-newer');
    if (entry.case === 'identity') identity ??= entry.value;
  }
  if (head === undefined || identity === undefined) throw new SessionFailure('archive-damaged');
  return { head, identity };
}

/** Held against the hub as anything from outside is: the bulletins from the root key on, the admission, the card. */
function profileFrom({ head, identity }: { head: Head; identity: Identity }, now: number): Profile {
  const hub = hubId(head.hub);
  if (hub === undefined || identity.memberSeed.length !== 32 || identity.hubKey.length !== 32 || identity.admission === undefined) throw new SessionFailure('archive-damaged');
  const member = signerFrom(identity.memberSeed);
  const bulletin = followBulletins(identity.bulletins, hub, BULLETIN_TOOLS);
  const card = readCard(identity.card, hub, ed25519Verify);
  if (!sameBytes(member.key, head.memberKey)) throw new SessionFailure('archive-of-another');
  if (typeof bulletin === 'string' || card === undefined || !sameBytes(card.facts.memberKey, member.key)) throw new SessionFailure('archive-of-another');
  const fresh = newProfile(identity.origin, hub, card.facts.name, Stage.MEMBER);
  const pool = poolId(randomBytes(16)) ?? fresh.pool;
  const profile: Profile = {
    ...fresh,
    memberSeed: identity.memberSeed,
    pool,
    // Of the pools before, those of other devices stay; the lost one's makes way.
    card: makeCard(hub, member, card.facts.name, pool, card.facts.version + 1, card.facts.morePools),
    bulletins: identity.bulletins,
    hubKey: identity.hubKey,
    passId: identity.passId,
    passSecret: identity.passSecret,
    ticket: identity.ticket,
    ...(identity.founder && { founder: identity.founder }),
  };
  const credential = makeCredential(profile, identity.admission, now);
  const verdict = memberOfLeaf(toBinary(CredentialSchema, credential), ed25519KeyPair(profile.leafSeed).verifyKey, bulletin, ed25519Verify);
  // Revoked since is for the newer bulletins to say; this one must stand by itself.
  if (typeof verdict === 'string') throw new SessionFailure('archive-of-another');
  return { ...profile, credential: create(CredentialSchema, credential) };
}

/** Writes to a vault some at a time, and sees what it has not written yet. */
class Batches implements Into {
  readonly #vault: Vault;
  readonly #changes = new Map<string, Extract<VaultChange, { put: VaultKey }>>();

  constructor(vault: Vault) {
    this.#vault = vault;
  }
  async get(key: VaultKey): Promise<Uint8Array | undefined> {
    return this.#changes.get(nameOf(key))?.value ?? this.#vault.get(key);
  }
  put(key: VaultKey, value: Uint8Array): void {
    this.#changes.set(nameOf(key), { put: key, value });
  }
  async writeSome(): Promise<void> {
    if (this.#changes.size >= BATCH) await this.write();
  }
  async write(): Promise<void> {
    await this.#vault.write([...this.#changes.values()]);
    this.#changes.clear();
  }
}

const nameOf = ({ collection, scope, order }: VaultKey): string => `${collection} ${scope} ${order}`;
