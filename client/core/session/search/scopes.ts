/** All scopes of messages on this device: rooms, and the threads in them. Asked for when the index is built anew. */
import { fromBinary } from '@bufbuild/protobuf';
import { StoredNotesSchema } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import type { Device } from '../device.ts';
import { readHistory } from '../history.ts';
import { threadScope } from '../talk/scopes.ts';
import { giveWay } from '../turns.ts';

export async function scopesOf(device: Device): Promise<string[]> {
  const scopes: string[] = [];
  for (const room of device.rooms.keys()) {
    scopes.push(room);
    for (const { order, value } of await device.vault.range('notes', room)) {
      if (fromBinary(StoredNotesSchema, value).thread === undefined) continue;
      const [above] = await readHistory(device.vault, room, { from: order, to: order });
      if (above?.item.case === 'message') scopes.push(threadScope(room, above.item.value));
      await giveWay();
    }
  }
  return scopes;
}
