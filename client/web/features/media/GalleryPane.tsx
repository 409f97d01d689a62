/** Everything a room holds beside words: its pictures and videos, its files, its voice messages. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessageItem, RoomId, RoomSummary } from '#core/session/api.ts';
import { ScreenTitle } from '../../app/ScreenTitle.tsx';
import { longDay, startOfDay } from '../../app/times.ts';
import { IconButton } from '../../components/Button.tsx';
import { Choice } from '../../components/Choice.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { FileBody } from './FileBody.tsx';
import { kindOf } from './kinds.ts';
import { Picture } from './Picture.tsx';
import { useGallery } from './use-gallery.ts';
import '../people/people.css';
import './gallery.css';

type Shelf = 'pictures' | 'files' | 'voice';
const shelfOf = ({ file }: MessageItem): Shelf => {
  const kind = file === undefined ? 'document' : kindOf(file);
  return kind === 'voice' ? 'voice' : kind === 'document' ? 'files' : 'pictures';
};
const COLUMNS = 3;
/** Rows before the end at which older ones are read. */
const NEAR_END = 4;

export function GalleryPane({ room, onClose }: { readonly room: RoomSummary; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [shelf, setShelf] = useState<Shelf>('pictures');
  const { items, more, ready, failure, loadMore } = useGallery(room.id);
  const shown = useMemo(() => items.filter((item) => shelfOf(item) === shelf), [items, shelf]);
  // A stretch may hold nothing for this shelf: then the next one is read at once.
  useEffect(() => {
    if (ready && more && shown.length < 2 * COLUMNS) loadMore();
  }, [ready, more, shown.length, loadMore]);
  const shelves = [
    { value: 'pictures', label: t('media.shelfPictures') },
    { value: 'files', label: t('media.shelfFiles') },
    { value: 'voice', label: t('media.shelfVoice') },
  ] as const;
  return (
    <aside className="pane gallery" aria-label={t('media.gallery')}>
      <header className="bar">
        <div className="bar-words">
          <ScreenTitle>{t('media.gallery')}</ScreenTitle>
          <p className="bar-fact">
            <bdi>{room.name}</bdi>
          </p>
        </div>
        <IconButton label={t('media.closeGallery')} onPress={onClose}>
          <X size={20} />
        </IconButton>
      </header>
      <div className="gallery-shelves">
        <Choice label={t('media.shelves')} value={shelf} options={shelves} onChange={setShelf} />
      </div>
      <Problem code={failure} />
      {shown.length > 0 ? (
        <Rows key={shelf} room={room.id} items={shown} tiles={shelf === 'pictures'} more={more} onMore={loadMore} />
      ) : !ready || more ? (
        <p className="gallery-wait" role="status">
          <Spinner /> {t('common.loading')}
        </p>
      ) : (
        <Empty title={t('media.nothing')}>{t('media.nothingHelp')}</Empty>
      )}
    </aside>
  );
}

type Row = { readonly day: number } | { readonly items: readonly MessageItem[] };

/** Days as headings; pictures three in a row. */
function rowsOf(items: readonly MessageItem[], columns: number): readonly Row[] {
  const rows: Row[] = [];
  let day = Number.NaN;
  for (const item of items) {
    const last = rows.at(-1);
    const itsDay = startOfDay(item.at);
    if (itsDay !== day) rows.push({ day: itsDay }, { items: [item] });
    else if (last !== undefined && 'items' in last && last.items.length < columns) rows[rows.length - 1] = { items: [...last.items, item] };
    else rows.push({ items: [item] });
    day = itsDay;
  }
  return rows;
}

interface RowsProps {
  readonly room: RoomId;
  readonly items: readonly MessageItem[];
  readonly tiles: boolean;
  readonly more: boolean;
  readonly onMore: () => void;
}

function Rows({ room, items, tiles, more, onMore }: RowsProps) {
  const { t, i18n } = useTranslation();
  const scroll = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => rowsOf(items, tiles ? COLUMNS : 1), [items, tiles]);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroll.current, estimateSize: () => (tiles ? 110 : 72), overscan: 6 });
  const drawn = virtual.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - NEAR_END) onMore();
  }, [more, last, rows.length, onMore]);
  return (
    <div className="gallery-scroll" ref={scroll} tabIndex={0} role="region" aria-label={t('media.gallery')}>
      <div className="gallery-rows" style={{ blockSize: virtual.getTotalSize() }}>
        {drawn.map(({ index, key, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <div key={key} className="gallery-row" data-index={index} ref={virtual.measureElement} style={{ transform: `translateY(${start}px)` }}>
              {'day' in row ? (
                <h3 className="gallery-day">{longDay(row.day, i18n.language)}</h3>
              ) : (
                <div className={tiles ? 'gallery-tiles' : 'gallery-line'}>{row.items.map((item) => <One key={item.id} item={item} room={room} tile={tiles} />)}</div>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function One({ item, room, tile }: { readonly item: MessageItem; readonly room: RoomId; readonly tile: boolean }) {
  if (tile && item.file !== undefined && kindOf(item.file) === 'picture') return <Picture item={item} room={room} tile />;
  return (
    <div className="gallery-one" data-testid="gallery-one">
      <FileBody item={item} room={room} />
      {tile ? null : (
        <p className="gallery-sender">
          <bdi>{item.sender.name}</bdi>
        </p>
      )}
    </div>
  );
}
