import { expect, it } from 'vitest';
import { plainMessage } from '#core/session/api/plain-message.ts';
import type { MessageItem, TimelineItem } from '#core/session/api.ts';
import { albumOf, withAlbums } from './albums.ts';

const person = (id: string) => ({ id, name: id, fingerprint: id, ambiguous: false, isMe: false });
const preview = { image: new Uint8Array(1), width: 1, height: 1, durationMs: 0 };
const picture = (id: string, album: string | undefined, more: Partial<MessageItem> = {}): MessageItem =>
  ({ ...plainMessage({ id, seq: 1, sender: person('alice'), at: 0, text: '', file: { name: 'p', type: '', size: 1, preview, album } }), ...more });
const shown = (items: readonly TimelineItem[]) => withAlbums(items).map((item) => (item.kind === 'message' ? albumOf(item).map(({ id }) => id).join('+') : 'event'));

it('pictures sent together stand together, as long as nothing was said about one or came between', () => {
  const words = plainMessage({ id: 'w', seq: 2, sender: person('alice'), at: 0, text: 'words' });
  expect(shown([picture('1', 'a', { text: 'first' }), picture('2', 'a'), picture('3', 'a'), picture('4', 'b'), picture('5', undefined), words])).toEqual(['1+2+3', '4', '5', 'w']);
  expect(shown([picture('1', 'a'), words, picture('2', 'a')])).toEqual(['1', 'w', '2']);
  expect(shown([picture('1', 'a'), picture('2', 'a', { sender: person('bob') })])).toEqual(['1', '2']);
  const said: Partial<MessageItem>[] = [{ text: 'this one' }, { pinned: true }, { state: 'failed' }, { deletedBy: person('alice') }, { reactions: [{ emoji: '✊', people: [], mine: true }] }];
  for (const more of said) expect(shown([picture('1', 'a'), picture('2', 'a', more), picture('3', 'a')])[0]).toBe('1');
});
