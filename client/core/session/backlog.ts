/**
 * A Welcome that came so late that the records since its commit are no longer at hand: they are read again, page by
 * page. The relay sees these pages asked for twice; docs/threat-model.md says so.
 */
import { finalHead } from '#shared/generations.ts';
import type { ShardIndex } from '#shared/ids.ts';
import { PAGE_SIZE } from '#shared/limits.ts';
import { sameBytes } from '../domain/signing.ts';
import { toRecent } from './apply-records.ts';
import type { Device } from './device.ts';
import { replayRecent } from './drops.ts';
import { pathOf } from './layout.ts';
import type { RoomState } from './room-state.ts';

export async function readBacklogs(device: Device): Promise<void> {
  for (const state of [...device.rooms.values()]) if (state.backlogFrom > 0) await readBacklog(device, state);
}

async function readBacklog(device: Device, state: RoomState): Promise<void> {
  for (const { shard, base } of pathOf(device.layout, state.mailbox, state.backlogFrom)) {
    const after = Math.max(base, state.backlogFrom);
    const upTo = finalHead(device.layout.generations, shard) ?? device.cursors.get(shard) ?? 0;
    for (let number = Math.floor(after / PAGE_SIZE); number * PAGE_SIZE < upTo; number += 1) {
      const page = await device.relay.readPage(device.pass, shard as ShardIndex, number);
      await device.change(async (draft) => {
        for (const record of page.records) {
          const isWanted = record.seq > after && record.seq <= upTo && sameBytes(record.mailbox, state.mailbox);
          if (isWanted) draft.putRecent(shard, record.seq, toRecent(record));
        }
      });
    }
  }
  await device.change(async (draft) => {
    const now = draft.rooms.get(state.id);
    if (now === undefined || now.backlogFrom === 0) return;
    draft.rooms.set(state.id, { ...now, backlogFrom: 0 });
    await replayRecent(draft, state.id, state.backlogFrom);
    draft.emit({ changed: 'rooms' });
  });
}
