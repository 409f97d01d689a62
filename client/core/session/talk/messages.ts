/** Texts and files that come into a room. */
import { create } from '@bufbuild/protobuf';
import type { RoomContent } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { StoredItemSchema, StoredMessageSchema, type StoredMessage } from '../../content/gen/thicket/vault/v1/vault_pb.ts';
import { cleanCaption, fileFacts } from '../../domain/files.ts';
import { isRef, textFacts } from '../../domain/talk-rules.ts';
import type { Heard } from '../contents.ts';
import { messageKey } from '../memory.ts';
import { dueOf, schedule } from '../vanishing/due.ts';
import { countMessage, NONE, worthOf } from './counting.ts';
import { refFrom, scopeOf } from './scopes.ts';
import { findMessage, isKnown } from './targets.ts';
import { growThread } from './threads.ts';

/** A text or a file that an honest device could have sent, as it is kept; undefined for anything else. @param sender member key */
export function messageFrom(content: RoomContent, sender: Uint8Array): StoredMessage | undefined {
  const said = sayingOf(content);
  const { id, sentAtMs, forwarded, replyTo } = content;
  if (said === undefined || id.length !== 16) return undefined;
  return create(StoredMessageSchema, { id, sender, sentAtMs, forwarded, ...(isRef(replyTo) && { replyTo }), ...said });
}

function sayingOf({ body }: RoomContent): Pick<StoredMessage, 'text' | 'mentions'> & Partial<Pick<StoredMessage, 'file'>> | undefined {
  if (body.case === 'text') return textFacts(body.value);
  return body.case === 'file' && fileFacts(body.value) !== undefined ? { text: cleanCaption(body.value.caption), mentions: [], file: body.value } : undefined;
}

/** The same one never shows twice. By sender too: nobody can take another's id and make their message vanish. */
export async function takeMessage({ draft, state, record, content, sender }: Heard): Promise<void> {
  const message = messageFrom(content, sender);
  const key = messageKey(sender, content.id);
  if (message === undefined || (await isKnown(draft, state.id, key))) return;
  const due = dueOf(draft, state, content);
  if (due > 0 && due <= draft.device.now()) {
    // Gone before it could be shown: its name is known, should a copy come.
    draft.putKey(state.id, record.seq, key);
    return;
  }
  const root = content.thread && (await findMessage(draft, state.id, content.thread, undefined));
  const item = create(StoredItemSchema, { item: { case: 'message', value: { ...message, vanishesAtMs: BigInt(due), ...(root && { thread: refFrom(root) }) } } });
  const place = draft.putMessage(state.id, record.seq, key, item, scopeOf(state.id, root?.message));
  await schedule(draft, { room: state.id, scope: scopeOf(state.id, root?.message), place, root: root?.place ?? 0 }, due);
  draft.afterwards(() => draft.device.typists.wrote(state.id, sender));
  if (root !== undefined) await growThread(draft, root, message, place);
  else await countMessage(draft, { room: state.id, place, root }, NONE, worthOf(draft.device, message));
}
