/** What an archive holds of messages that vanish, read after their time has come. */
import { create, toBinary } from '@bufbuild/protobuf';
import { expect, it } from 'vitest';
import { PastRoomSchema, RunSchema } from '../../content/gen/thicket/archive/v1/archive_pb.ts';
import { RoomSettingsSchema } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredItemSchema, StoredMessageSchema, StoredPastSchema, StoredRunSchema } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import type { HubId } from '#shared/ids.ts';
import type { VaultKey } from '../../vault/port.ts';
import { HistoryTaking, NOTHING_KNOWN } from './taking.ts';

const NOW = 1_900_000_000_000;
const ROOM = 'ab'.repeat(16);
const THREAD = `${ROOM}/${'cd'.repeat(16)}`;
const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);
const message = (place: number, vanishesAtMs: number) => create(StoredItemSchema, {
  place: BigInt(place),
  item: { case: 'message', value: create(StoredMessageSchema, { id: bytes(16, place), sender: bytes(32, 1), sentAtMs: 1n, text: 'where we meet', vanishesAtMs: BigInt(vanishesAtMs) }) },
});

async function takenOf(rootVanishesAt: number): Promise<string[]> {
  const taking = new HistoryTaking({ hub: bytes(16, 5) as HubId, now: NOW, known: NOTHING_KNOWN });
  const scopes: string[] = [];
  const into = { get: async () => undefined, put: ({ collection, scope }: VaultKey) => void (collection === 'messages' && scopes.push(scope)) };
  const settings = toBinary(RoomSettingsSchema, create(RoomSettingsSchema, { mailbox: bytes(16, 0xab), hub: bytes(16, 5), name: 'Stairwell B', admins: [bytes(32, 1)] }));
  await taking.take({ case: 'room', value: create(PastRoomSchema, { id: ROOM, mailbox: bytes(16, 0xab), past: create(StoredPastSchema, { settings }) }) }, into);
  const run = (scope: string, root: number, item: ReturnType<typeof message>) =>
    taking.take({ case: 'run', value: create(RunSchema, { scope, root: BigInt(root), run: create(StoredRunSchema, { items: [item] }) }) }, into);
  await run(ROOM, 0, message(5, rootVanishesAt));
  await run(THREAD, 5, message(6, 0));
  return scopes;
}

it('is not taken, and neither is the thread under it, which nothing would find again', async () => {
  expect(await takenOf(0)).toEqual([ROOM, THREAD]);
  expect(await takenOf(NOW + 1)).toEqual([ROOM, THREAD]);
  expect(await takenOf(NOW - 1)).toEqual([]);
});
