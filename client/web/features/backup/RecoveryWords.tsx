/** The twelve words as somebody types or pastes them: how many there are, which is none of the list, and which may be meant. */
import { useRef } from 'react';
import { Label, Text, TextArea, TextField } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { RECOVERY_WORDS, wordsIn, wordsLike } from '#core/domain/recovery-phrase.ts';
import { Button } from '../../components/Button.tsx';
import './backup.css';

const isWord = (word: string): boolean => wordsLike(word, 1)[0] === word;

export function RecoveryWords({ text, onChange }: { readonly text: string; readonly onChange: (text: string) => void }) {
  const { t } = useTranslation();
  const area = useRef<HTMLTextAreaElement>(null);
  const words = wordsIn(text);
  // The word at the end is still being typed.
  const typing = /[a-z]$/i.test(text) ? (words.at(-1) ?? '') : '';
  const likely = typing.length < 2 || isWord(typing) ? [] : wordsLike(typing);
  const unknown = words.find((word, index) => !isWord(word) && (index < words.length - 1 || typing === '' || likely.length === 0 && typing.length >= 2));
  const complete = (word: string) => {
    onChange(`${text.slice(0, text.length - typing.length)}${word} `);
    area.current?.focus();
  };
  return (
    <TextField className="field" value={text} onChange={onChange} isInvalid={unknown !== undefined} autoComplete="off" autoCorrect="off" spellCheck="false">
      <Label className="field-label">{t('restore.words')}</Label>
      <div className="field-box">
        <TextArea ref={area} className="field-input backup-area" rows={3} dir="ltr" lang="en" autoCapitalize="none" />
      </div>
      <Text slot="description" className="field-help">
        {words.length === 0 ? t('restore.wordsHelp') : t('restore.wordsCount', { done: words.length, total: RECOVERY_WORDS })}
      </Text>
      <div className="backup-likely" role="group" aria-label={t('restore.likely')} dir="ltr">
        {likely.map((word) => (
          <Button key={word} onPress={() => complete(word)}>
            {word}
          </Button>
        ))}
      </div>
      <p className="field-problem" role="status">
        {unknown === undefined ? '' : t('restore.wordUnknown', { word: unknown })}
      </p>
    </TextField>
  );
}
