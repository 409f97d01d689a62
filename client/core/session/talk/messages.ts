/** Texts and files that come into a room. */
import { create } from '@bufbuild/protobuf';
import type { File } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredItemSchema } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { cleanCaption, fileFacts } from '../../domain/files.ts';
import { sameBytes } from '../../domain/signing.ts';
import type { Heard, Said } from '../contents.ts';
import { recallMessages } from '../history.ts';
import { messageKey } from '../memory.ts';

export const takeText = (said: Said<'text'>): Promise<void> => takeMessage(said, { text: said.value.text });

/** Only a file that an honest device could have sent. */
export async function takeFile(said: Said<'file'>): Promise<void> {
  if (fileFacts(said.value) !== undefined) await takeMessage(said, { text: cleanCaption(said.value.caption), file: said.value });
}

async function takeMessage(heard: Heard, saying: { text: string; file?: File }): Promise<void> {
  const { draft, state, sender } = heard;
  if (!(await storeMessage(heard, saying)) || sameBytes(sender, draft.device.member.key)) return;
  draft.rooms.set(state.id, { ...state, unread: state.unread + 1 });
  draft.emit({ changed: 'rooms' });
}

/** @returns false for a message that is there already: the same id never shows twice */
async function storeMessage({ draft, state: { id: room }, record, content, sender }: Heard, saying: { text: string; file?: File }): Promise<boolean> {
  if (content.id.length !== 16) return false;
  // By sender too: nobody can take another's id and make their message vanish.
  const key = messageKey(sender, content.id);
  if (!draft.messageIds.has(room, key) && draft.messageIds.isForgetful(room)) await recallMessages(draft, room);
  if (draft.messageIds.has(room, key)) return false;
  draft.putMessage(room, record.seq, key, create(StoredItemSchema, {
    item: { case: 'message', value: { id: content.id, sender, sentAtMs: content.sentAtMs, ...saying } },
  }));
  return true;
}
