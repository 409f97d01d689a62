import { create } from '@bufbuild/protobuf';
import { beforeAll, expect, it } from 'vitest';
import { sodiumReady } from '#shared/sodium.ts';
import { StoredItemSchema, type StoredItem } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import { memoryVaultHome } from '../../../test/harness/memory-vault.ts';
import { historyChanges, readHistory } from './history.ts';

beforeAll(sodiumReady);

const event = (place: number): StoredItem => create(StoredItemSchema, { item: { case: 'event', value: { what: 'hidden-record' } }, place: BigInt(place) });

it('what is written in runs is read by place, whatever the runs are cut into', async () => {
  const vault = await memoryVaultHome().create('a passphrase');
  const runs = [[1], [2, 3, 7], [8], [10, 11, 12, 20], [30]];
  for (const run of runs) await vault.write(historyChanges('room', run.map(event)));
  await vault.write(historyChanges('elsewhere', [event(5)]));
  const all = runs.flat();
  const bounds = [undefined, 0, 1, 2, 3, 5, 7, 10, 11, 15, 20, 29, 30, 40];
  for (const from of bounds) for (const to of bounds) for (const limit of [undefined, 1, 2, 3, 20]) for (const newestFirst of [false, true]) {
    const read = await readHistory(vault, 'room', { newestFirst, ...(from !== undefined && { from }), ...(to !== undefined && { to }), ...(limit !== undefined && { limit }) });
    const wanted = all.filter((place) => place >= (from ?? 0) && place <= (to ?? 99));
    expect(read.map(({ place }) => Number(place)), JSON.stringify({ from, to, limit, newestFirst })).toEqual((newestFirst ? wanted.reverse() : wanted).slice(0, limit));
  }
  await vault.close();
});

it('a long run is cut into entries', async () => {
  const vault = await memoryVaultHome().create('a passphrase');
  const places = Array.from({ length: 300 }, (_, index) => index + 5);
  await vault.write(historyChanges('room', places.map(event)));
  expect((await vault.range('messages', 'room')).map(({ order }) => order)).toEqual([132, 260, 304]);
  expect((await readHistory(vault, 'room')).map(({ place }) => Number(place))).toEqual(places);
  await vault.close();
});
