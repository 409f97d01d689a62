/** What this device knows of the others of its person. */
import { create } from '@bufbuild/protobuf';
import { OwnDeviceSchema, type OwnDevice } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredDeviceSchema, type StoredDevice } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { cleanName } from '../../domain/room-policy.ts';
import { fromHex, hex } from '#shared/sodium.ts';
import type { Draft } from '../draft.ts';

/** So many are remembered, removed ones among them. */
const MOST_KNOWN = 64;

/** What another device says of one: once removed it stays so; of two names the later one counts. */
export function takeDevice(draft: Draft, said: OwnDevice): void {
  const id = hex(said.leafKey);
  const known = draft.devices.get(id);
  if (said.leafKey.length !== 32 || (said.pool.length !== 16 && said.pool.length !== 0)) return;
  if (known === undefined && [...draft.devices.entries()].length >= MOST_KNOWN) return;
  const isLater = known === undefined || said.atMs > known.namedAtMs;
  const next: StoredDevice = {
    ...(known ?? create(StoredDeviceSchema, { day: said.day })),
    name: isLater ? cleanName(said.name) : known.name,
    namedAtMs: isLater ? said.atMs : known.namedAtMs,
    pool: known !== undefined && known.pool.length > 0 ? known.pool : said.pool,
    removed: said.removed || known?.removed === true,
  };
  draft.devices.set(id, next);
  // All rooms there are have this device now.
  if (said.brought && id === draft.device.deviceId && draft.profile.awaited.length > 0) draft.setProfile({ awaited: draft.profile.awaited.filter(({ past }) => past) });
  draft.emit({ changed: 'devices' });
  draft.emit({ changed: 'overview' });
  draft.afterwards(() => draft.device.wake.siblings());
}

export const asOwnDevice = (id: string, { name, namedAtMs, day, pool, removed }: StoredDevice): OwnDevice =>
  create(OwnDeviceSchema, { leafKey: fromHex(id) ?? new Uint8Array(0), name, atMs: namedAtMs, day, pool, removed });
