/** Looking for what was said, on this device alone: results as one types, narrowed by chips. */
import { Clock3, Search, X } from 'lucide-react';
import { useContext, useRef, useState, type RefObject } from 'react';
import { Button as Pressable, Input, ListBox, SearchField } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { SearchHit } from '#core/session/api.ts';
import { BackButton } from '../../app/BackButton.tsx';
import { useNavigation, type Place } from '../../app/navigation.tsx';
import { useRooms } from '../../app/session-context.tsx';
import { Button } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { Filters } from './Filters.tsx';
import { Hit, keyOf } from './Hit.tsx';
import { Recent, remember } from './recent.ts';
import { isNothing, type Looking } from './request.ts';
import { useSearch, type Searching } from './use-search.ts';
import './search.css';

export function SearchScreen({ place }: { readonly place: Extract<Place, { screen: 'search' }> }) {
  const { t } = useTranslation();
  const { open, replace } = useNavigation();
  const recent = useContext(Recent);
  const [looking, setLooking] = useState<Looking>(place.looking ?? { text: '' });
  const searching = useSearch(looking);
  const change = (part: Partial<Looking>) => setLooking((old) => ({ ...old, ...part }));
  const goTo = ({ room, place: found }: SearchHit) => {
    remember(recent, looking.text);
    // Back leads to the same results.
    replace({ screen: 'search', looking });
    open({ screen: 'room', room, ...(found.thread === undefined ? { at: found.seq } : { pane: { what: 'thread', thread: found.thread, at: found.seq } }) });
  };
  const { results } = searching;
  const list = useRef<HTMLDivElement>(null);
  const nothing = isNothing(looking);
  return (
    <>
      <header className="bar search-bar">
        <BackButton />
        <h1 className="search-title">{t('search.title')}</h1>
      </header>
      <div className="search-top">
        <SearchField
          className="field" aria-label={t('search.field')} autoFocus value={looking.text}
          onChange={(text) => change({ text })} onSubmit={() => remember(recent, looking.text)}
        >
          <div className="field-box search-box">
            <Search size={18} aria-hidden="true" />
            <Input className="field-input" placeholder={t('search.placeholder')} dir="auto" maxLength={500} onKeyDown={(event) => toResults(event, list)} />
            {searching.pending ? <Spinner /> : null}
            {looking.text === '' ? null : (
              <Pressable className="search-clear" aria-label={t('search.clear')}>
                <X size={18} />
              </Pressable>
            )}
          </div>
        </SearchField>
        <Filters looking={looking} onChange={change} />
        <Count searching={searching} />
      </div>
      {nothing ? null : (
        <div className="page search-page">
          <Problem code={searching.failure} />
          {results === undefined || results.hits.length === 0 ? null : <Hits list={list} searching={searching} inRoom={looking.room} onOpen={goTo} />}
          {results !== undefined && results.hits.length === 0 && !searching.pending ? <Nothing searching={searching} /> : null}
        </div>
      )}
      {nothing ? <Beginning recent={recent} onPick={(text) => change({ text })} /> : null}
    </>
  );
}

/** Down from the field leads to what was found. */
function toResults(event: React.KeyboardEvent, list: RefObject<HTMLDivElement | null>): void {
  if (event.key !== 'ArrowDown' || list.current === null) return;
  event.preventDefault();
  list.current.focus();
}

interface HitsProps {
  readonly list: RefObject<HTMLDivElement | null>;
  readonly searching: Searching;
  readonly inRoom: string | undefined;
  readonly onOpen: (hit: SearchHit) => void;
}

function Hits({ list, searching, inRoom, onOpen }: HitsProps) {
  const { t } = useTranslation();
  const rooms = useRooms().value ?? [];
  const hits = searching.results?.hits ?? [];
  return (
    <>
      <ListBox ref={list} className="search-hits" aria-label={t('search.results')} items={hits.map((hit) => ({ id: keyOf(hit), hit }))} dependencies={[rooms, inRoom]}>
        {({ hit }) => <Hit hit={hit} room={inRoom === undefined ? rooms.find(({ id }) => id === hit.room)?.name : undefined} onOpen={() => onOpen(hit)} />}
      </ListBox>
      {searching.results?.more === true ? (
        <div className="search-more">
          <Button onPress={searching.more}>{t('search.more')}</Button>
        </div>
      ) : null}
    </>
  );
}

/** How many, for everybody; read out where it changes. */
function Count({ searching: { results, pending } }: { readonly searching: Searching }) {
  const { t } = useTranslation();
  const share = results?.share ?? 1;
  const count = results?.total ?? results?.hits.length ?? 0;
  return (
    <div className="search-count">
      <p role="status" aria-live="polite">
        {results === undefined || pending || count === 0 ? '' : results.total === undefined && results.more ? t('search.countMore', { count }) : t('search.count', { count })}
      </p>
      {share < 1 ? <p>{t('search.reading', { percent: Math.floor(share * 100) })}</p> : null}
      {(results?.unclear ?? []).map((filter) => (
        <p key={filter}>{t('search.unclear', { filter })}</p>
      ))}
    </div>
  );
}

function Nothing({ searching: { results } }: { readonly searching: Searching }) {
  const { t } = useTranslation();
  return (
    <div role="status">
      <Empty icon={<Search size={28} />} title={t('search.nothing')}>
        {(results?.share ?? 1) < 1 ? t('search.nothingYet') : t('search.nothingHelp')}
      </Empty>
    </div>
  );
}

function Beginning({ recent, onPick }: { readonly recent: readonly string[]; readonly onPick: (text: string) => void }) {
  const { t } = useTranslation();
  return (
    <div className="page search-page">
      {recent.length === 0 ? (
        <Empty icon={<Search size={28} />} title={t('search.emptyTitle')}>
          {t('search.empty')}
        </Empty>
      ) : (
        <section className="search-recent">
          <h2 className="section-title">{t('search.recent')}</h2>
          <ul>
            {recent.map((text) => (
              <li key={text}>
                <Pressable className="search-again" onPress={() => onPick(text)}>
                  <Clock3 size={17} aria-hidden="true" />
                  <bdi>{text}</bdi>
                </Pressable>
              </li>
            ))}
          </ul>
          <p className="search-note">{t('search.recentNote')}</p>
        </section>
      )}
    </div>
  );
}
