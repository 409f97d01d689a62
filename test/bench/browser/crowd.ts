/** A crowd for one room: members with keys and certificates, and no device behind any of them. */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { CredentialSchema } from '#core/content/gen/thicket/content/v1/content_pb.ts';
import { ProfileSchema, Stage, type Profile } from '#core/content/gen/thicket/vault/v1/vault_pb.ts';
import { createMls } from '#core/mls/mls.ts';
import type { Mls, Suite } from '#core/mls/port.ts';
import { signerFrom } from '#core/session/signer.ts';
import { admit, makeCredential, newProfile } from '#core/session/identity.ts';
import type { VaultHome } from '#core/vault/port.ts';
import type { HubId } from '#shared/ids.ts';
import { ed25519KeyPair } from '#shared/sodium.ts';

export interface CrowdedMls extends Mls {
  /** So many come along with the next person who is added. */
  bring(founder: Profile, count: number): void;
}

export function crowdedMls(): CrowdedMls {
  const mls = createMls();
  let coming: { founder: Profile; count: number } | undefined;
  return {
    ...mls,
    bring: (founder, count) => void (coming = { founder, count }),
    async add(room, keyPackages) {
      if (coming === undefined) return mls.add(room, keyPackages);
      const crowd: Uint8Array[] = [];
      for (let n = 0; n < coming.count; n += 1) crowd.push(await packageOf(mls, coming.founder, room.suite, n));
      coming = undefined;
      const { welcomes, ...commit } = await mls.add(room, [...keyPackages, ...crowd]);
      return { ...commit, welcomes: welcomes.slice(0, keyPackages.length) };
    },
  };
}

async function packageOf(mls: Mls, founder: Profile, suite: Suite, n: number): Promise<Uint8Array> {
  const profile = newProfile(founder.origin, founder.hub as HubId, `somebody ${n}`, Stage.MEMBER);
  const now = Date.now();
  const admission = admit(founder.hub as HubId, signerFrom(profile.memberSeed).key, signerFrom(founder.memberSeed), now);
  const credential = toBinary(CredentialSchema, makeCredential(profile, admission, now));
  return (await mls.newKeyPackage(suite, credential, ed25519KeyPair(profile.leafSeed), 30)).keyPackage;
}

/** Of a vault that nobody has open. */
export async function profileIn(home: VaultHome, passphrase: string): Promise<Profile> {
  const vault = await home.open(passphrase);
  const value = await vault.get({ collection: 'profile', scope: '', order: 0 });
  await vault.close();
  if (value === undefined) throw new Error('nobody is in this vault');
  return fromBinary(ProfileSchema, value);
}
