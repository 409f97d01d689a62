import { Smile } from 'lucide-react';
import { lazy, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../components/Button.tsx';
import { Later } from '../../components/Later.tsx';
import { noteUsed } from '../emoji/used.ts';
import { Beside } from '../talk/Beside.tsx';

const EmojiPicker = lazy(async () => ({ default: (await import('../emoji/EmojiPicker.tsx')).EmojiPicker }));

export function EmojiButton({ onPick }: { readonly onPick: (emoji: string) => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLSpanElement>(null);
  const pick = (emoji: string) => {
    setOpen(false);
    noteUsed(emoji);
    // The picker gives the focus back first.
    requestAnimationFrame(() => requestAnimationFrame(() => onPick(emoji)));
  };
  return (
    <span ref={place}>
      <IconButton label={t('composer.emoji')} aria-expanded={open} onPress={() => setOpen(true)}>
        <Smile size={20} />
      </IconButton>
      {open ? (
        <Beside beside={place.current ?? undefined} own label="emoji" onClose={() => setOpen(false)}>
          <Later>
            <EmojiPicker onPick={pick} />
          </Later>
        </Beside>
      ) : null}
    </span>
  );
}
