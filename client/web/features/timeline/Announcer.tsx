/** Reads new messages of others to people who hear the page. What was there when the room opened stays unsaid. */
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimelineItem } from '#core/session/api.ts';
import { highest } from './window.ts';

const MOST = 3;

export function Announcer({ items }: { readonly items: readonly TimelineItem[] }) {
  const { t } = useTranslation();
  const [said, setSaid] = useState('');
  const heard = useRef(highest(items) ?? 0);
  useEffect(() => {
    const fresh = items.filter((item) => item.kind === 'message' && !item.sender.isMe && (item.seq ?? 0) > heard.current);
    heard.current = Math.max(heard.current, highest(items) ?? 0);
    const lines = fresh.slice(-MOST).map((item) => (item.kind === 'message' ? t('timeline.announce', { name: item.sender.name, text: item.text }) : ''));
    if (lines.length > 0) setSaid(lines.join('\n'));
  }, [items, t]);
  return (
    <div className="hidden-words" aria-live="polite" aria-atomic="true">
      {said}
    </div>
  );
}
