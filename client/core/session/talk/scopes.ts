/** Where messages stand: in their room's own timeline, or in a thread, which has a scope of its own. */
import { create } from '@bufbuild/protobuf';
import { fromHex, hex } from '#shared/sodium.ts';
import { MessageRefSchema, type MessageRef } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { SessionFailure, type MessagePlace, type RoomId } from '../api.ts';
import { messageKey } from '../memory.ts';

type Named = Pick<MessageRef, 'sender' | 'id'>;

/** @param root the message above the thread */
export const threadScope = (room: RoomId, root: Named): string => `${room}/${messageKey(root.sender, root.id)}`;
export const scopeOf = (room: RoomId, thread: Named | undefined): string => (thread === undefined ? room : threadScope(room, thread));
export const isScopeOf = (room: RoomId, scope: string): boolean => scope === room || scope.startsWith(`${room}/`);
export const roomOf = (scope: string): RoomId => scope.split('/')[0] ?? scope;

/** @throws SessionFailure `internal` for what no item's place says */
export function refOf({ id, sender, seq }: MessagePlace): MessageRef {
  const [idBytes, senderKey] = [fromHex(id), fromHex(sender)];
  if (idBytes?.length !== 16 || senderKey?.length !== 32 || !Number.isSafeInteger(seq) || seq < 0) throw new SessionFailure('internal');
  return create(MessageRefSchema, { id: idBytes, sender: senderKey, seq: BigInt(seq) });
}
/** How this device refers to a message it has. */
export const refFrom = ({ message: { id, sender }, place }: { message: Named; place: number }): MessageRef =>
  create(MessageRefSchema, { id, sender, seq: BigInt(place) });
export const threadRefOf = (place: MessagePlace): MessageRef | undefined => place.thread && refOf(place.thread);

export const placeFrom = ({ id, sender, seq }: MessageRef, thread?: MessagePlace): MessagePlace =>
  ({ id: hex(id), sender: hex(sender), seq: Number(seq), ...(thread && { thread }) });
