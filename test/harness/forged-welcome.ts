/** Welcomes of mallory's making. Drops are unsigned, and whoever is in the hub can have anybody's key packages. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { AskingFactsSchema, ReplantingFactsSchema, RoomSettingsSchema, SignedSchema, WelcomeDropSchema, type RoomSettings, type Signed } from '#core/content/gen/thicket/content/v1/content_pb.ts';
import { ProfileSchema, type Profile } from '#core/content/gen/thicket/vault/v1/vault_pb.ts';
import { LABELS, signFacts, type Signer } from '#core/domain/signing.ts';
import type { OwnKeyPackage } from '#core/mls/port.ts';
import { createRelay } from '#core/relay/http.ts';
import type { RoomId } from '#core/session/api.ts';
import { signerFrom } from '#core/session/signer.ts';
import { fromHex, randomBytes } from '#shared/sodium.ts';
import type { Vault } from '#core/vault/port.ts';
import { dayOf, type MailboxId, type Slot } from '#shared/ids.ts';
import { recordCost } from '#shared/postage.ts';
import { DROP_MAILBOX } from '#shared/mailboxes.ts';
import type { HostileHub } from './hostile-room.ts';
import type { WatchedMls } from './mallory-member.ts';
import { PASSPHRASE, type TestPerson } from './people.ts';

export interface Trap {
  /** What the drop says the room's mailbox is. */
  readonly says: MailboxId;
  /** What the group is made for. */
  readonly group?: MailboxId;
  readonly settings?: Partial<Omit<RoomSettings, '$typeName' | '$unknown'>>;
  /** How many commits it claims to be old. */
  readonly epochs?: number;
  /** Where the drop says its commit stands: somewhere that has been. */
  readonly commitSeq: bigint;
  readonly card?: Signed;
}

export const freshMailbox = (): MailboxId => randomBytes(16) as MailboxId;
export const mailboxOf = (room: RoomId): MailboxId => fromHex(room) as MailboxId;

/** A group of mallory's with the victim in it, of which she is the admin, and the Welcome on its way. */
export async function setTrap(hub: HostileHub, victim: WatchedMls, { says, group = says, settings = {}, epochs = 0, commitSeq, card }: Trap): Promise<void> {
  const relay = createRelay(hub.relay.origin);
  // The longer ones are for X-Wing.
  const isXwing = ({ keyPackage }: OwnKeyPackage) => keyPackage.length > 1000;
  const [own, theirs] = [hub.mls.made.findLast(isXwing), victim.made.findLast(isXwing)];
  if (own === undefined || theirs === undefined) throw new Error('no key packages');
  const facts = create(RoomSettingsSchema, {
    mailbox: group, name: 'A trap', admins: [await keyOf(hub, 'mallory')], hub: (await relay.hello()).hub as Uint8Array, ...settings,
  });
  let room = await hub.mls.create('xwing', group, own, toBinary(RoomSettingsSchema, facts));
  for (let epoch = 0; epoch < epochs; epoch += 1) room = (await hub.mls.update(room)).next;
  const { welcomes } = await hub.mls.add(room, [theirs.keyPackage]);
  const drop = create(WelcomeDropSchema, { welcome: welcomes[0] as Uint8Array, mailbox: says, commitSeq, ...(card && { card }) });
  await postDrop(hub, await hub.mls.sealDrop(theirs.keyPackage, toBinary(WelcomeDropSchema, drop)));
}

interface Asking {
  /** The admin's device. */
  readonly of: WatchedMls;
  /** Whose leaf and key package it is about. */
  readonly for: WatchedMls;
  readonly room: RoomId;
  readonly signer: Signer;
}

/** Asks an admin's device to take somebody's leaf out and add it again. */
export async function askFor(hub: HostileHub, { of, for: whom, room, signer }: Asking): Promise<void> {
  const isXwing = ({ keyPackage }: OwnKeyPackage) => keyPackage.length > 1000;
  const [admins, theirs] = [of.made.findLast(isXwing), whom.made.findLast(isXwing)];
  const leaf = whom.roomIn(room).leaves.find(({ index }) => index === whom.roomIn(room).ownLeaf);
  if (admins === undefined || theirs === undefined || leaf === undefined) throw new Error('no key packages');
  const facts = create(AskingFactsSchema, {
    hub: fromBinary(RoomSettingsSchema, hub.mls.roomIn(room).settings).hub, mailbox: mailboxOf(room), leafKey: leaf.leafKey, keyPackage: theirs.keyPackage, day: dayOf(Date.now()),
  });
  const asking = signFacts(LABELS.asking, toBinary(AskingFactsSchema, facts), [signer]);
  await postDrop(hub, await hub.mls.sealDrop(admins.keyPackage, toBinary(WelcomeDropSchema, create(WelcomeDropSchema, { asking }))));
}

async function postDrop(hub: HostileHub, body: Uint8Array): Promise<void> {
  const postage = await hub.purse.take(recordCost(body.length));
  await createRelay(hub.relay.origin).post({ postage, mailbox: DROP_MAILBOX, kind: 'drop', slot: 0 as Slot, body, signature: undefined });
}

/** Says that a room goes on in another mailbox. */
export async function moving(hub: HostileHub, room: RoomId, newMailbox: MailboxId, signer: Signer): Promise<Signed> {
  const facts = create(ReplantingFactsSchema, {
    hub: fromBinary(RoomSettingsSchema, hub.mls.roomIn(room).settings).hub, oldMailbox: mailboxOf(room), newMailbox,
  });
  return signFacts(LABELS.replanting, toBinary(ReplantingFactsSchema, facts), [signer]);
}

export const keyOf = async (hub: HostileHub, name: string): Promise<Uint8Array> => fromHex((await hub.honest[0].seen(name)).id) as Uint8Array;

/** A person's own member key, out of their vault. */
export const signerOf = async (person: TestPerson): Promise<Signer> => signerFrom((await profileOf(person)).memberSeed);

/** All of who they are. */
export const profileOf = (person: TestPerson): Promise<Profile> => inVault(person, async (vault) =>
  fromBinary(ProfileSchema, (await vault.get({ collection: 'profile', scope: '', order: 0 })) as Uint8Array));

/** Somebody's card, as this person has it. */
export const cardIn = (person: TestPerson, member: Uint8Array): Promise<Signed> => inVault(person, async (vault) =>
  fromBinary(SignedSchema, (await vault.get({ collection: 'people', scope: Buffer.from(member).toString('hex'), order: 0 })) as Uint8Array));

async function inVault<T>(person: TestPerson, look: (vault: Vault) => Promise<T>): Promise<T> {
  await person.session.close();
  const vault = await person.home.open(PASSPHRASE);
  const seen = await look(vault);
  await vault.close();
  await person.restart();
  return seen;
}
