import { useLayoutEffect, useState, type KeyboardEvent, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { Emoji } from './emoji-data.ts';

const COLUMNS = 8;

interface Props {
  readonly ref: RefObject<HTMLDivElement | null>;
  readonly shown: readonly Emoji[];
  readonly signOf: (emoji: Emoji) => string;
  readonly onPick: (sign: string) => void;
}

/** One stop of Tab; the arrows go from sign to sign, up and down by rows. */
export function EmojiGrid({ ref, shown, signOf, onPick }: Props) {
  const { t } = useTranslation();
  const [at, setAt] = useState(0);
  useLayoutEffect(() => setAt(0), [shown]);
  const go = (event: KeyboardEvent<HTMLDivElement>): void => {
    const turned = document.documentElement.dir === 'rtl' ? -1 : 1;
    const by = ({ ArrowRight: turned, ArrowLeft: -turned, ArrowDown: COLUMNS, ArrowUp: -COLUMNS, Home: -at, End: shown.length - 1 - at } as Record<string, number>)[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(shown.length - 1, at + by));
    setAt(next);
    ref.current?.querySelectorAll('button').item(next)?.focus();
  };
  return (
    <div className="emoji-grid" ref={ref} role="group" aria-label={t('composer.emoji')} onKeyDown={go}>
      {shown.map((emoji, index) => (
        <button key={emoji.sign} type="button" className="emoji-one emoji" tabIndex={index === at ? 0 : -1} title={emoji.name} aria-label={emoji.name} onFocus={() => setAt(index)} onClick={() => onPick(signOf(emoji))}>
          {signOf(emoji)}
        </button>
      ))}
    </div>
  );
}
