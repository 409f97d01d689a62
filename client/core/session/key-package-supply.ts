/** Keeping own key packages in the pools at the relay, and fetching others' from theirs. One pool a suite. */
import { RelayRefusal } from '#shared/errors.ts';
import { dayOf, poolId, secret32, type PoolId } from '#shared/ids.ts';
import { KEY_PACKAGE_SIZES } from '#shared/limits.ts';
import { pad, unpad } from '#shared/padding.ts';
import { SINGLE_COST, poolCost } from '#shared/postage.ts';
import { create, toBinary } from '@bufbuild/protobuf';
import { PooledKeyPackageSchema } from '../content/gen/thicket/content/v1/content_pb.ts';
import { StoredKeyPackageSchema } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { decode } from '../domain/parsing.ts';
import type { OwnKeyPackage, Suite } from '../mls/port.ts';
import { deriveKey, hex, seal, SEAL_OVERHEAD, unseal } from '#shared/sodium.ts';
import { SessionFailure, type MemberId } from './api.ts';
import type { Device } from './device.ts';
import { MOST_DEVICES } from '../domain/own-room.ts';
import { isPassing } from './failure.ts';
import { memberOf } from './judging.ts';
import { paid } from './paying.ts';

const SUITES: readonly { suite: Suite; waiting: number }[] = [{ suite: 'xwing', waiting: 16 }, { suite: 'classical', waiting: 8 }];
/** Days a key package can be used; the relay keeps it 30, so the last-resort one must be replaced before. */
const LIFETIME_DAYS = 60;
const REFILL_DAYS = 7;
/** Secrets outlive their packages by the time a Welcome may wait in the log. */
const KEEP_SECRET_DAYS = LIFETIME_DAYS + 45;

const POOLED = 'thicket/1 pooled key package';
const sealingKey = (hubKey: Uint8Array): Uint8Array => deriveKey(hubKey, POOLED);

/** The card names the pool of the default suite; the other's id derives from it. */
function poolFor(pool: Uint8Array, suite: Suite): PoolId {
  const id = poolId(suite === 'xwing' ? pool : deriveKey(pool, 'thicket/1 classical pool', new Uint8Array(0), 16));
  if (id === undefined) throw new SessionFailure('internal');
  return id;
}

export function isRefillDue({ now, profile }: Device): boolean {
  return profile.poolFilledDay === 0 || profile.poolFilledDay + REFILL_DAYS <= dayOf(now());
}

/** Fills the pools when they are a week old, or at once when `spent` says a package was used. */
export async function supplyKeyPackages(device: Device, spent: boolean): Promise<void> {
  const today = dayOf(device.now());
  if (!spent && !isRefillDue(device)) return;
  for (const { suite, waiting } of SUITES) {
    // A lock in between has zeroed the secrets; a pool opened with those would be lost to its owner.
    if (device.closed) return;
    await fill(device, suite, waiting, today);
  }
  await device.change(async (draft) => {
    draft.setProfile({ poolFilledDay: today, poolsAnew: false });
    for (const [tag, own] of draft.keyPackages.entries()) {
      if (own.madeDay + KEEP_SECRET_DAYS < today) draft.keyPackages.delete(tag);
    }
  });
}

async function fill(device: Device, suite: Suite, wanted: number, today: number): Promise<void> {
  const pool = poolFor(device.profile.pool, suite);
  const ownerSecret = secret32(device.profile.poolSecret);
  if (ownerSecret === undefined) throw new SessionFailure('internal');
  const { waiting } = await paid(device, `pool ${hex(pool)}`, SINGLE_COST, (postage) =>
    device.relay.fillPool({ pool, ownerSecret, packages: [], anew: device.profile.poolsAnew, postage }));
  const made: OwnKeyPackage[] = [];
  for (let i = waiting; i < wanted + 1; i += 1) {
    made.push(await device.mls.newKeyPackage(suite, device.credential, device.leafKeys, LIFETIME_DAYS));
  }
  const [lastResort, ...packages] = made;
  if (lastResort === undefined) return;
  // The secrets are durable before anybody can fetch the packages.
  await device.change(async (draft) => {
    for (const own of made) {
      draft.keyPackages.set(hex(own.tag), create(StoredKeyPackageSchema, {
        keyPackage: own.keyPackage, secret: own.secret, madeDay: today, lastResort: own === lastResort,
      }));
    }
  });
  const sealed = (own: OwnKeyPackage) => sealPackage(device.profile.hubKey, own.keyPackage);
  const [last, others] = [sealed(lastResort), packages.map(sealed)];
  await paid(device, `packages ${hex(pool)}`, poolCost([...others, last]), (postage) =>
    device.relay.fillPool({ pool, ownerSecret, packages: others, lastResort: last, postage }));
}

/** Padded, so that its size does not tell whose it is. @throws SessionFailure `internal` */
function sealPackage(hubKey: Uint8Array, keyPackage: Uint8Array): Uint8Array {
  const padded = pad(toBinary(PooledKeyPackageSchema, create(PooledKeyPackageSchema, { keyPackage })), KEY_PACKAGE_SIZES, SEAL_OVERHEAD);
  if (padded === undefined) throw new SessionFailure('internal');
  return seal(sealingKey(hubKey), padded, new Uint8Array(0));
}

/**
 * A fresh key package of each of a member's devices, checked to be of that member and of this suite. A device that cannot
 * be reached does not keep the others out: it is brought in by them.
 * @throws SessionFailure `unknown-member` | `member-unreachable` | `bad-key-package` where there is none at all
 */
export async function fetchKeyPackages(device: Device, member: MemberId, suite: Suite): Promise<Uint8Array[]> {
  const card = device.people.get(member);
  if (card === undefined) throw new SessionFailure('unknown-member');
  const { pool, morePools } = card.facts;
  const found = new Map<string, Uint8Array>();
  let failure: unknown;
  for (const each of [pool, ...morePools].slice(0, MOST_DEVICES)) {
    try {
      const { keyPackage, leafKey } = await fetchFrom(device, each, member, suite);
      // Two pools of one device would make a commit that nobody may take.
      if (!found.has(hex(leafKey))) found.set(hex(leafKey), keyPackage);
    } catch (thrown) {
      if (!(thrown instanceof SessionFailure) || isPassing(thrown)) throw thrown;
      failure ??= thrown;
    }
  }
  if (found.size === 0) throw failure;
  return [...found.values()];
}

/** The same of one's own other device. @throws SessionFailure `member-unreachable` | `bad-key-package` */
export async function fetchOwnKeyPackage(device: Device, leafKey: string, pool: Uint8Array, suite: Suite): Promise<Uint8Array> {
  const fetched = await fetchFrom(device, pool, device.memberId, suite);
  if (hex(fetched.leafKey) !== leafKey) throw new SessionFailure('bad-key-package');
  return fetched.keyPackage;
}

async function fetchFrom(device: Device, pool: Uint8Array, member: MemberId, suite: Suite): Promise<{ keyPackage: Uint8Array; leafKey: Uint8Array }> {
  const sealed = await take(device, poolFor(pool, suite));
  const opened = unseal(sealingKey(device.profile.hubKey), sealed, new Uint8Array(0));
  const content = opened && unpad(opened);
  const keyPackage = content && decode(PooledKeyPackageSchema, content)?.keyPackage;
  const inspected = keyPackage && (await device.mls.inspectKeyPackage(keyPackage));
  if (keyPackage === undefined || inspected === undefined || inspected === null || inspected.suite !== suite) throw new SessionFailure('bad-key-package');
  const owner = memberOf(inspected.leaf, device.constitution);
  if (owner === undefined || hex(owner) !== member) throw new SessionFailure('bad-key-package');
  return { keyPackage, leafKey: inspected.leaf.leafKey };
}

async function take(device: Device, pool: PoolId): Promise<Uint8Array> {
  try {
    return (await paid(device, `take ${hex(pool)}`, SINGLE_COST, (postage) => device.relay.takePackage({ pool, postage }))).sealed;
  } catch (thrown) {
    const empty = thrown instanceof RelayRefusal && (thrown.code === 'unknown-pool' || thrown.code === 'pool-empty');
    throw empty ? new SessionFailure('member-unreachable', { cause: thrown }) : thrown;
  }
}
