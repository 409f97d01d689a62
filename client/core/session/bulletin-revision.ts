/** A new version of the bulletin, made by a steward on the device that holds the key of the bulletin's mailbox. */
import { create, toBinary } from '@bufbuild/protobuf';
import { BulletinFactsSchema, type BulletinFacts } from '../content/gen/thicket/content/v1/content_pb.ts';
import { acceptBulletin, mayRevise, neighbourIn } from '../domain/bulletin.ts';
import { mostShardsIn } from '../domain/read-set.ts';
import { isVanishTime } from '../domain/room-policy.ts';
import { sameBytes, LABELS, signFacts } from '../domain/signing.ts';
import { NeighbourUnreachable, type HubHello } from '../relay/port.ts';
import { SessionFailure } from './api.ts';
import { BULLETIN_TOOLS, type Device } from './device.ts';

/** What a steward may write anew; the rest follows from the version before. */
export type Revision = Partial<Pick<BulletinFacts, 'neighbour' | 'gateway' | 'issuerKey' | 'mostShards' | 'longestKeepS' | 'boards'>>;

/** Whether this device could make the next version. */
export const mayReviseHere = (device: Device): boolean =>
  device.profile.founder !== undefined && device.bulletin !== undefined && mayRevise(device.bulletin, device.member.key);

/**
 * Signs the next version and makes it this device's own; it is in the vault before the relay hears of it, and is posted
 * in the background until the log has it.
 * @throws SessionFailure `not-allowed`
 */
export async function reviseBulletin(device: Device, revision: Revision): Promise<void> {
  await device.change(async (draft) => {
    if (!mayReviseHere(device)) throw new SessionFailure('not-allowed');
    const { facts, hash } = draft.constitution;
    const next = create(BulletinFactsSchema, { ...facts, ...revision, version: facts.version + 1, previous: hash });
    const signed = signFacts(LABELS.bulletin, toBinary(BulletinFactsSchema, next), [device.member]);
    const accepted = acceptBulletin(draft.constitution, signed, device.hub, BULLETIN_TOOLS);
    if (typeof accepted === 'string') throw new SessionFailure('internal');
    draft.bulletin = accepted;
    draft.setProfile({ bulletins: [...draft.profile.bulletins, signed] });
    draft.emit({ changed: 'overview' });
    draft.afterwards(() => device.wake.bulletins());
  });
}

/** A hub founded before there was postage: its founder's device puts the relay's keys into the bulletin. */
export async function nameIssuer(device: Device, { issuerKey, gateway }: HubHello): Promise<void> {
  if (!mayReviseHere(device) || issuerKey.length === 0) return;
  const { facts } = device.constitution;
  if (facts.issuerKey.length === 0) await reviseBulletin(device, { issuerKey, gateway: facts.gateway.length === 0 ? gateway : facts.gateway });
}

/**
 * With up to so many shards a device may read only some of them from now on; 16 or fewer: it reads everything again.
 * @throws SessionFailure `not-allowed`
 */
export const setMostShards = (device: Device, mostShards: number): Promise<void> => reviseBulletin(device, { mostShards: mostShardsIn({ mostShards }) });

/** In no room of the hub do messages stay longer than so many seconds; 0: as each room says. @throws SessionFailure `not-allowed` | `bad-span` */
export async function setLongestKeep(device: Device, longestKeepS: number): Promise<void> {
  if (!Number.isSafeInteger(longestKeepS) || !isVanishTime(longestKeepS)) throw new SessionFailure('bad-span');
  await reviseBulletin(device, { longestKeepS });
}

/**
 * Posts go through this hub from now on, or, with undefined, straight. Tried out first: a neighbour that does not carry
 * would keep everybody waiting.
 * @throws SessionFailure `not-allowed` | `bad-address` | `neighbour-not-named` | `neighbour-refuses` | `neighbour-offline`
 */
export async function setNeighbour(device: Device, typed: string | undefined): Promise<void> {
  if (!mayReviseHere(device)) throw new SessionFailure('not-allowed');
  if (typed === undefined) return reviseBulletin(device, { neighbour: '' });
  const origin = neighbourIn(typed);
  if (origin === undefined) throw new SessionFailure('bad-address');
  const hello = await device.relay.hello({ known: true });
  // Browsers could not reach it, and their people would wait for ever.
  if (hello.neighbour !== origin) throw new SessionFailure('neighbour-not-named');
  const through = await tried(device, origin, hello);
  if (through.hub === undefined || !sameBytes(through.hub, device.hub)) throw new SessionFailure('neighbour-refuses');
  await reviseBulletin(device, { neighbour: origin, gateway: hello.gateway });
}

async function tried(device: Device, origin: string, { gateway }: HubHello): Promise<HubHello> {
  try {
    return await device.relay.helloThrough({ origin, gateway });
  } catch (thrown) {
    if (thrown instanceof NeighbourUnreachable && thrown.why !== 'no-answer') throw new SessionFailure('neighbour-refuses', { cause: thrown });
    throw thrown;
  }
}
