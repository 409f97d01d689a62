/** Everything that can be done with a message, with the signs used last on top. */
import { Bookmark, BookmarkX, Copy, Forward, History, MessageSquareText, Pencil, Pin, PinOff, Reply, SmilePlus, Trash2, type LucideIcon } from 'lucide-react';
import { Button, Menu, MenuItem } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { MessageItem } from '#core/session/api.ts';
import { usedEmoji } from '../emoji/used.ts';
import { actionsFor, KEY_OF, type Action } from './actions.ts';
import { Beside } from './Beside.tsx';
import type { Asked, Talk } from './talk-context.tsx';

interface Props {
  readonly asked: Asked;
  readonly talk: Talk;
  readonly ask: (next: Asked | undefined) => void;
  readonly onReact: (emoji: string) => void;
  readonly onClose: () => void;
}

export function MessageMenu({ asked: { item, beside }, talk, ask, onReact, onClose }: Props) {
  const { t } = useTranslation();
  const may = actionsFor(item, talk.room, talk.thread !== undefined);
  const act = (action: Action) => {
    // What asks or writes takes the focus; after the rest the message has it again.
    if (action === 'copy' || action === 'bookmark' || action === 'pin') onClose();
    else ask(undefined);
    talk.act(action, item, beside);
  };
  return (
    <Beside beside={beside} own={item.sender.isMe} label="more" onClose={onClose}>
      {may.includes('react') ? (
        <div className="quick" role="group" aria-label={t('timeline.react')}>
          {usedEmoji().slice(0, 6).map((emoji) => (
            <Button key={emoji} className="quick-emoji emoji" onPress={() => onReact(emoji)} aria-label={t('timeline.reactWith', { emoji })}>
              {emoji}
            </Button>
          ))}
          <Button className="quick-emoji" onPress={() => act('react')} aria-label={t('timeline.reactOther')}>
            <SmilePlus size={20} />
          </Button>
        </div>
      ) : null}
      <Menu className="menu" aria-label={t('timeline.more')} onAction={(key) => act(key as Action)} autoFocus="first">
        {may.filter((action) => action !== 'react').map((action) => (
          <Item key={action} action={action} item={item} />
        ))}
      </Menu>
    </Beside>
  );
}

function Item({ action, item }: { readonly action: Action; readonly item: MessageItem }) {
  const { t } = useTranslation();
  const { icon: Icon, words } = looks[action](item);
  return (
    <MenuItem id={action} className={`menu-item${action === 'delete' ? ' menu-item-danger' : ''}`} textValue={t(words)}>
      <Icon size={18} aria-hidden="true" className={action === 'reply' || action === 'forward' ? 'turn-rtl' : ''} />
      <span>{t(words)}</span>
      <kbd>{KEY_OF[action]}</kbd>
    </MenuItem>
  );
}

type Words = `timeline.${'reply' | 'openThread' | 'startThread' | 'react' | 'edit' | 'copy' | 'save' | 'unsave' | 'pin' | 'unpin' | 'forward' | 'editedOpen' | 'delete' | 'more'}`;
const looks: Readonly<Record<Action, (item: MessageItem) => { icon: LucideIcon; words: Words }>> = {
  reply: () => ({ icon: Reply, words: 'timeline.reply' }),
  thread: (item) => ({ icon: MessageSquareText, words: item.thread === undefined ? 'timeline.startThread' : 'timeline.openThread' }),
  react: () => ({ icon: SmilePlus, words: 'timeline.react' }),
  edit: () => ({ icon: Pencil, words: 'timeline.edit' }),
  copy: () => ({ icon: Copy, words: 'timeline.copy' }),
  bookmark: (item) => (item.bookmarked ? { icon: BookmarkX, words: 'timeline.unsave' } : { icon: Bookmark, words: 'timeline.save' }),
  pin: (item) => (item.pinned ? { icon: PinOff, words: 'timeline.unpin' } : { icon: Pin, words: 'timeline.pin' }),
  forward: () => ({ icon: Forward, words: 'timeline.forward' }),
  history: () => ({ icon: History, words: 'timeline.editedOpen' }),
  delete: () => ({ icon: Trash2, words: 'timeline.delete' }),
  menu: () => ({ icon: SmilePlus, words: 'timeline.more' }),
};
