/** What people answered with a sign, each sign once, with a press to add or take back one's own. */
import { SmilePlus } from 'lucide-react';
import { ToggleButton, Tooltip, TooltipTrigger } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { ReactionCount } from '#core/session/api.ts';
import { IconButton } from '../../components/Button.tsx';
import { useTalk } from '../talk/talk-context.tsx';
import { useNames } from './names.ts';
import type { MessageItem } from './rows.ts';

export function Reactions({ item }: { readonly item: MessageItem }) {
  const { t } = useTranslation();
  const talk = useTalk();
  return (
    <div className="reactions" role="group" aria-label={t('timeline.reactions')}>
      {item.reactions.map((reaction) => (
        <Reaction key={reaction.emoji} item={item} reaction={reaction} />
      ))}
      {talk?.room.active ? (
        <IconButton label={t('timeline.react')} onPress={({ target }) => talk.act('react', item, target.closest('article') ?? target)}>
          <SmilePlus size={16} />
        </IconButton>
      ) : null}
    </div>
  );
}

function Reaction({ item, reaction: { emoji, people, mine } }: { readonly item: MessageItem; readonly reaction: ReactionCount }) {
  const { t } = useTranslation();
  const talk = useTalk();
  const names = useNames(people);
  return (
    <TooltipTrigger delay={400} closeDelay={60}>
      <ToggleButton
        className="reaction"
        isSelected={mine}
        isDisabled={talk?.room.active !== true}
        onChange={(on) => talk?.react(item, emoji, on)}
        data-testid="reaction"
        data-emoji={emoji}
      >
        <span className="emoji">{emoji}</span>
        {people.length > 1 ? <span className="reaction-count">{people.length}</span> : null}
        <span className="hidden-words"> {t('timeline.reactionOf', { names })}</span>
      </ToggleButton>
      <Tooltip className="tooltip" offset={6}>
        {names}
      </Tooltip>
    </TooltipTrigger>
  );
}
