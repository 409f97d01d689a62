import { useTranslation } from 'react-i18next';
import type { Person } from '#core/session/api.ts';

/** Set around every name, so that its direction stays its own where there are no nodes. */
const [ISOLATE, POP] = ['\u2068', '\u2069'];

/** Names as one list in the reader's language, the reader first: for labels and tooltips, and for no sentence that would bend them. */
export function useNames(people: readonly Person[]): string {
  const { t, i18n } = useTranslation();
  return new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format([...people].sort((a, b) => Number(b.isMe) - Number(a.isMe)).map((person) => (person.isMe ? t('common.youTag') : `${ISOLATE}${person.name}${POP}`)));
}
