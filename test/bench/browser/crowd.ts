/** A crowd for one room: members with keys, cards and certificates. A few of them can write; there is no device behind any. */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { CredentialSchema, SignedSchema } from '#core/content/gen/thicket/content/v1/content_pb.ts';
import { ProfileSchema, Stage, type Profile } from '#core/content/gen/thicket/vault/v1/vault_pb.ts';
import { createMls } from '#core/mls/mls.ts';
import type { Mls, OwnKeyPackage, Room, Suite } from '#core/mls/port.ts';
import { signerFrom } from '#core/session/signer.ts';
import { admit, makeCredential, newProfile } from '#core/session/identity.ts';
import type { VaultHome } from '#core/vault/port.ts';
import type { HubId, MailboxId } from '#shared/ids.ts';
import { ed25519KeyPair, hex } from '#shared/sodium.ts';
import { nobodyObjects } from '../people.ts';

export interface CrowdedMls extends Mls {
  /** So many come along with the next person who is added. */
  bring(founder: Profile, count: number): void;
  readonly crowd: Crowd;
}

interface Somebody {
  readonly profile: Profile;
  readonly own: OwnKeyPackage;
  readonly welcome: Uint8Array;
}

export class Crowd {
  readonly #people: Somebody[] = [];

  came(people: readonly Somebody[]): void {
    this.#people.push(...people);
  }
  /** Their cards by member, as a vault keeps them. */
  cards(): readonly (readonly [member: string, card: readonly number[]])[] {
    return this.#people.flatMap(({ profile }) => (profile.card === undefined ? [] : [[hex(signerFrom(profile.memberSeed).key), [...toBinary(SignedSchema, profile.card)]] as const]));
  }
  /** The room as so many of them have it. */
  rooms(mls: Mls, mailbox: MailboxId, count: number): Promise<Room[]> {
    return Promise.all(this.#people.slice(0, count).map(async ({ profile, own, welcome }) => (await mls.join(welcome, own, { mailbox, hub: profile.hub as HubId }, nobodyObjects)).room));
  }
}

export function crowdedMls(): CrowdedMls {
  const mls = createMls();
  const crowd = new Crowd();
  let coming: { founder: Profile; count: number } | undefined;
  return {
    ...mls,
    crowd,
    bring: (founder, count) => void (coming = { founder, count }),
    async add(room, keyPackages) {
      if (coming === undefined) return mls.add(room, keyPackages);
      const people: Omit<Somebody, 'welcome'>[] = [];
      for (let n = 0; n < coming.count; n += 1) people.push(await somebody(mls, coming.founder, room.suite, n));
      coming = undefined;
      const { welcomes, ...commit } = await mls.add(room, [...keyPackages, ...people.map(({ own }) => own.keyPackage)]);
      crowd.came(people.map((one, n) => ({ ...one, welcome: welcomes[keyPackages.length + n] as Uint8Array })));
      return { ...commit, welcomes: welcomes.slice(0, keyPackages.length) };
    },
  };
}

async function somebody(mls: Mls, founder: Profile, suite: Suite, n: number): Promise<Omit<Somebody, 'welcome'>> {
  const profile = newProfile(founder.origin, founder.hub as HubId, `Somebody ${n}`, Stage.MEMBER);
  const now = Date.now();
  const admission = admit(founder.hub as HubId, signerFrom(profile.memberSeed).key, signerFrom(founder.memberSeed), now);
  const credential = toBinary(CredentialSchema, makeCredential(profile, admission, now));
  return { profile, own: await mls.newKeyPackage(suite, credential, ed25519KeyPair(profile.leafSeed), 30) };
}

/** Of a vault that nobody has open. */
export async function profileIn(home: VaultHome, passphrase: string): Promise<Profile> {
  const vault = await home.open(passphrase);
  const value = await vault.get({ collection: 'profile', scope: '', order: 0 });
  await vault.close();
  if (value === undefined) throw new Error('nobody is in this vault');
  return fromBinary(ProfileSchema, value);
}
