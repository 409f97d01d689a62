/** Finds an emoji: by a word, among the last ones, or by looking through the groups. All of it by keyboard. */
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Input, SearchField, ToggleButton } from 'react-aria-components';
import { Spinner } from '../../components/Spinner.tsx';
import { findEmoji, loadEmoji, type Emoji } from './emoji-data.ts';
import { EmojiGrid } from './EmojiGrid.tsx';
import { usedEmoji } from './used.ts';
import './emoji.css';

/** A sign for each group of Unicode's, and its name. -1: the last ones. */
const GROUPS = [
  { group: -1, sign: '🕘', name: 'composer.emojiLast' }, { group: 0, sign: '🙂', name: 'composer.emojiSmileys' }, { group: 1, sign: '👋', name: 'composer.emojiPeople' },
  { group: 3, sign: '🌿', name: 'composer.emojiNature' }, { group: 4, sign: '🍎', name: 'composer.emojiFood' }, { group: 5, sign: '🚲', name: 'composer.emojiTravel' },
  { group: 6, sign: '⚽', name: 'composer.emojiActivities' }, { group: 7, sign: '💡', name: 'composer.emojiObjects' }, { group: 8, sign: '💬', name: 'composer.emojiSymbols' },
  { group: 9, sign: '🏳️', name: 'composer.emojiFlags' },
] as const;
const HANDS = ['✋', '✋🏻', '✋🏼', '✋🏽', '✋🏾', '✋🏿'];
let toneLast = 0;

export function EmojiPicker({ onPick }: { readonly onPick: (emoji: string) => void }) {
  const { t, i18n } = useTranslation();
  const all = useEmoji(i18n.language);
  const [typed, setTyped] = useState('');
  const [group, setGroup] = useState<number>(-1);
  const [tone, setTone] = useState(toneLast);
  const grid = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => shownOf(all ?? [], typed, group), [all, typed, group]);
  const signOf = (emoji: Emoji): string => (tone > 0 ? (emoji.tones[tone - 1] ?? emoji.sign) : emoji.sign);
  const keyed = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
    const first = grid.current?.querySelector('button');
    if (!first) return;
    event.preventDefault();
    if (event.key === 'Enter') first.click();
    else first.focus();
  };
  const nextTone = () => {
    toneLast = (tone + 1) % HANDS.length;
    setTone(toneLast);
  };
  return (
    <div className="emoji-picker" data-testid="emoji-picker">
      <div className="emoji-top">
        <SearchField className="field emoji-search" aria-label={t('composer.emojiFind')} value={typed} onChange={setTyped} autoFocus onKeyDown={keyed}>
          <div className="field-box">
            <Input className="field-input" placeholder={t('composer.emojiFind')} dir="auto" />
          </div>
        </SearchField>
        <button type="button" className="quick-emoji emoji" aria-label={t('composer.emojiTone', { tone: tone + 1 })} onClick={nextTone}>
          {HANDS[tone]}
        </button>
      </div>
      {typed === '' ? (
        <div className="emoji-groups" role="group" aria-label={t('composer.emojiGroups')}>
          {GROUPS.map((known) => (
            <ToggleButton key={known.group} className="emoji-group emoji" aria-label={t(known.name)} isSelected={group === known.group} onChange={() => setGroup(known.group)}>
              {known.sign}
            </ToggleButton>
          ))}
        </div>
      ) : null}
      {all === undefined ? (
        <p className="emoji-wait" role="status">
          <Spinner /> {t('common.loading')}
        </p>
      ) : shown.length === 0 ? (
        <p className="emoji-wait" role="status">
          {t('composer.emojiNothing')}
        </p>
      ) : (
        <EmojiGrid ref={grid} shown={shown} signOf={signOf} onPick={onPick} />
      )}
    </div>
  );
}

function shownOf(all: readonly Emoji[], typed: string, group: number): readonly Emoji[] {
  if (typed.trim() !== '') return findEmoji(all, typed);
  if (group >= 0) return all.filter((emoji) => emoji.group === group);
  return usedEmoji().map((sign) => all.find((emoji) => emoji.sign === sign) ?? { sign, name: sign, words: '', group: -1, tones: [] });
}

/** Undefined until they are here; none where they cannot be had. */
function useEmoji(language: string): readonly Emoji[] | undefined {
  const [all, setAll] = useState<readonly Emoji[]>();
  useEffect(() => {
    let here = true;
    void loadEmoji(language).catch(() => []).then((loaded) => here && setAll(loaded));
    return () => {
      here = false;
    };
  }, [language]);
  return all;
}
