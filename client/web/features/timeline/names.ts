import { useTranslation } from 'react-i18next';
import type { Person } from '#core/session/api.ts';

/** Set around every name, so that its direction stays its own where there are no nodes. */
const [ISOLATE, POP] = ['\u2068', '\u2069'];

/** Names as one list in the reader's language, for labels and tooltips. */
export function useNames(people: readonly Person[]): string {
  const { t, i18n } = useTranslation();
  return new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(people.map((person) => (person.isMe ? t('common.you') : `${ISOLATE}${person.name}${POP}`)));
}
