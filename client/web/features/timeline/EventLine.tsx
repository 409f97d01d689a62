/** Something that happened to the room, in one sentence; a warning where somebody tried what the rules forbid. */
import { ShieldAlert } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person, RoomEvent, RoomSummary } from '#core/session/api.ts';
import { Name } from '../../components/Name.tsx';
import { gaps, Sentence } from '../../components/Sentence.tsx';
import { spanWords } from '../../i18n/spans.ts';
import { CompareButton } from '../verify/CompareButton.tsx';
import { MissingLine } from '../repair/MissingLine.tsx';
import { eventWords, toldApart } from './event-words.ts';

export function EventLine({ event, seq, room }: { readonly event: RoomEvent; readonly seq: number; readonly room: RoomSummary }) {
  return event.what === 'missing' ? <MissingLine room={room.id} seq={seq} event={event} /> : <PlainEvent event={event} seq={seq} room={room} />;
}

function PlainEvent({ event, seq, room }: { readonly event: Exclude<RoomEvent, { what: 'missing' }>; readonly seq: number; readonly room: RoomSummary }) {
  const { t, i18n } = useTranslation();
  const sentenceOf = (told: RoomEvent): string => {
    const { key, context } = eventWords(told);
    // Every event's sentence takes some of the same gaps; the type of one stands for all.
    return t(key as 'event.renamed', { ...gaps('by', 'people', 'name', 'time'), ...(context === undefined ? {} : { context: context as 'me' }) });
  };
  const warning = event.what === 'refused-change' || event.what === 'hidden-record';
  // Of whoever was compared, the room's banner says it loudly.
  const asks = event.what === 'new-device' && room.active && !event.by.isMe && (event.by.verified ?? 'no') === 'no';
  return (
    <div className={warning ? 'event event-warning' : asks ? 'event event-asks' : 'event'} data-testid="event" data-event={event.what} data-seq={seq}>
      {warning ? <ShieldAlert size={18} aria-hidden="true" /> : null}
      <p>
        {toldApart(event).map((told, index) => (
          <Fragment key={index}>
            {index === 0 ? null : ' '}
            <Sentence text={sentenceOf(told)} parts={partsOf(told, i18n.language)} />
          </Fragment>
        ))}
        {event.what === 'refused-change' ? ` ${t(`refused.${event.reason}`)} ${t('event.nothingHappened')}` : null}
      </p>
      {asks ? <CompareButton room={room.id} member={event.by} words /> : null}
    </div>
  );
}

function partsOf(event: RoomEvent, language: string): Record<string, ReactNode> {
  return {
    by: 'by' in event && event.by ? <Name person={event.by} /> : null,
    people: 'people' in event ? <Names people={event.people} /> : event.what === 'replanted' ? <Names people={event.without} /> : null,
    time: event.what === 'vanishing' ? spanWords(event.seconds, language) : null,
    name: event.what === 'renamed' ? <bdi className="name">{event.name}</bdi> : null,
  };
}

/** Names as a list in the reader's language. */
function Names({ people }: { readonly people: readonly Person[] }) {
  const { i18n } = useTranslation();
  const places = people.map((_, index) => String(index));
  return new Intl.ListFormat(i18n.language, { type: 'conjunction' }).formatToParts(places).map((part, index) => {
    const person = part.type === 'element' ? people[Number(part.value)] : undefined;
    return person ? <Name key={index} person={person} /> : <Fragment key={index}>{part.value}</Fragment>;
  });
}
