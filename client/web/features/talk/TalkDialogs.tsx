/** What is asked about one message: its menu, a sign to answer with, where to forward it, what it said before, whether to delete it. */
import { lazy } from 'react';
import { Later } from '../../components/Later.tsx';
import type { Asked, Talk } from './talk-context.tsx';
import { Beside } from './Beside.tsx';
import { DeleteDialog } from './DeleteDialog.tsx';
import { HistoryDialog } from './HistoryDialog.tsx';
import { MessageMenu } from './MessageMenu.tsx';
import { noteUsed } from '../emoji/used.ts';

const EmojiPicker = lazy(async () => ({ default: (await import('../emoji/EmojiPicker.tsx')).EmojiPicker }));
const ForwardDialog = lazy(async () => ({ default: (await import('./ForwardDialog.tsx')).ForwardDialog }));

interface Props {
  readonly asked: Asked;
  readonly talk: Talk;
  readonly ask: (next: Asked | undefined) => void;
  readonly onClose: () => void;
}

export function TalkDialogs({ asked, talk, ask, onClose }: Props) {
  const { item, beside } = asked;
  const react = (emoji: string) => {
    noteUsed(emoji);
    talk.react(item, emoji, !item.reactions.some((reaction) => reaction.emoji === emoji && reaction.mine));
    onClose();
  };
  switch (asked.what) {
    case 'menu':
      return <MessageMenu asked={asked} talk={talk} ask={ask} onReact={react} onClose={onClose} />;
    case 'react':
      return (
        <Beside beside={beside} own={item.sender.isMe} label="react" onClose={onClose}>
          <Later>
            <EmojiPicker onPick={react} />
          </Later>
        </Beside>
      );
    case 'forward':
      return <Later over><ForwardDialog room={talk.room.id} item={item} onClose={onClose} /></Later>;
    case 'history':
      return <HistoryDialog room={talk.room.id} item={item} onClose={onClose} />;
    case 'delete':
      return <DeleteDialog room={talk.room.id} item={item} onClose={onClose} />;
  }
}
