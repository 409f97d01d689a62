/** What people are told of a room: who came and went, what was changed, what was refused. */
import { create } from '@bufbuild/protobuf';
import { StoredItemSchema } from '../content/gen/thicket/vault/v1/vault_pb.ts';
import type { RoomEvent } from './api.ts';
import type { Draft } from './draft.ts';

export function putEvent(
  draft: Draft, room: string, seq: number, what: RoomEvent['what'], by: Uint8Array, people: Uint8Array[] = [], detail = '',
): void {
  draft.putItem(room, seq, create(StoredItemSchema, { item: { case: 'event', value: { what, by, people, detail } } }));
}
