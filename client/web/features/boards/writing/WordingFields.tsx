/** Title and words, once for each language. */
import { useState } from 'react';
import { Label, TextArea, TextField } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Wording } from '#core/session/api.ts';
import { Button } from '../../../components/Button.tsx';
import { Choice } from '../../../components/Choice.tsx';
import { Field } from '../../../components/Field.tsx';
import { SelectField } from '../../../components/SelectField.tsx';
import { LONGEST_BODY, LONGEST_TITLE, MOST_WORDINGS } from '../limits.ts';
import { languageName, ownLanguageName } from '../wordings.ts';

/** Offered by name. The first wording is in the language of the interface. */
const OFFERED = (
  'am ar bg bn ca cs da de el en es et eu fa fi fr gl ha he hi hr hu hy id ig it ja ka km ko ku lt lv ml mr ms my ne nl pa pl ps pt ro ru si sk sl so sq sr sv sw ta te th ti tl tr uk ur uz vi yo zh'
).split(' ');

interface Props {
  readonly wordings: readonly Wording[];
  readonly onChange: (wordings: readonly Wording[]) => void;
}

export function WordingFields({ wordings, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const [shown, setShown] = useState(wordings[0]?.language ?? 'en');
  const wording = wordings.find(({ language }) => language === shown) ?? wordings[0];
  if (wording === undefined) return null;
  const change = (what: Partial<Wording>): void => onChange(wordings.map((one) => (one === wording ? { ...one, ...what } : one)));
  const add = (language: string): void => {
    if (language === '') return;
    onChange([...wordings, { language, title: '', body: '' }]);
    setShown(language);
  };
  const over = [...wording.body].length - LONGEST_BODY;
  const free = OFFERED.filter((language) => !wordings.some((known) => known.language === language));
  const sorted = free.map((language) => ({ value: language, label: `${languageName(language, i18n.language)} · ${ownLanguageName(language)}` })).toSorted((a, b) => a.label.localeCompare(b.label, i18n.language));
  return (
    <>
      {wordings.length > 1 ? (
        <Choice label={t('boards.languages')} help={t('boards.languagesHelp')} value={wording.language} onChange={setShown} options={wordings.map(({ language }) => ({ value: language, label: ownLanguageName(language) }))} />
      ) : null}
      <Field label={t('boards.fieldTitle')} value={wording.title} onChange={(title) => change({ title })} maxLength={LONGEST_TITLE} autoComplete="off" />
      <TextField className="field" value={wording.body} onChange={(body) => change({ body })} isInvalid={over > 0}>
        <Label className="field-label">{t('boards.fieldBody')}</Label>
        <div className="field-box">
          <TextArea className="field-input writing-body" dir="auto" rows={8} lang={wording.language} />
        </div>
        <span className="field-help">{over > 0 ? t('boards.tooLong', { count: over }) : t('boards.bodyHelp')}</span>
      </TextField>
      <div className="writing-languages">
        {wordings.length < MOST_WORDINGS ? <SelectField label={t('boards.addLanguage')} value="" onChange={add} options={[{ value: '', label: t('boards.chooseLanguage') }, ...sorted]} /> : null}
        {wordings.length > 1 ? (
          <Button weight="plain" onPress={() => onChange(wordings.filter((one) => one !== wording))}>
            {t('boards.removeLanguage', { language: languageName(wording.language, i18n.language) })}
          </Button>
        ) : null}
      </div>
    </>
  );
}
