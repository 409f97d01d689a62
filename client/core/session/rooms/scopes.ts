/** Where what was said in a room stands in the vault: its own timeline, and the threads in it. */
import { fromBinary } from '@bufbuild/protobuf';
import { StoredNotesSchema } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import type { Vault } from '../../vault/port.ts';
import type { RoomId } from '../api.ts';
import { readHistory } from '../history.ts';
import { threadScope } from '../talk/scopes.ts';

export interface MessageScope {
  readonly scope: string;
  /** Place of the message above, where it is a thread's. */
  readonly root: number;
}

export async function scopesOf(vault: Vault, room: RoomId): Promise<MessageScope[]> {
  const scopes: MessageScope[] = [{ scope: room, root: 0 }];
  for (const { order, value } of await vault.range('notes', room)) {
    if (fromBinary(StoredNotesSchema, value).thread === undefined) continue;
    const [item] = await readHistory(vault, room, { from: order, to: order });
    if (item?.item.case !== 'message') continue;
    scopes.push({ scope: threadScope(room, item.item.value), root: order });
  }
  return scopes;
}
