/** What a message answers: a few of its words, which lead to it. */
import { Paperclip } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Quote, SharedFile } from '#core/session/api.ts';
import { Name } from '../../components/Name.tsx';
import { plainWords } from '../marks/plain-words.ts';
import { useTalk } from '../talk/talk-context.tsx';

export function QuoteLine({ quote }: { readonly quote: Quote }) {
  const { t } = useTranslation();
  const talk = useTalk();
  const inside = (
    <>
      <span className="quote-sender">
        <Name person={quote.sender} />
      </span>
      <QuoteWords quote={quote} />
    </>
  );
  if (!talk) return <div className="quote">{inside}</div>;
  return (
    <Button className="quote" data-testid="quote" onPress={() => talk.view.current?.show(quote.place.seq)}>
      <span className="hidden-words">{t('timeline.quoteOf')} </span>
      {inside}
    </Button>
  );
}

/** Also for the bar above the composer. */
export function QuoteWords({ quote: { text, file } }: { readonly quote: { readonly text: string | undefined; readonly file?: SharedFile | undefined } }) {
  const { t } = useTranslation();
  if (text === undefined && file === undefined) return <span className="quote-words quote-gone">{t('timeline.quoteGone')}</span>;
  return (
    <span className="quote-words" dir="auto">
      {file === undefined ? null : <Paperclip size={13} aria-hidden="true" />}
      {text === undefined || text === '' ? file?.name : plainWords(text)}
    </span>
  );
}
