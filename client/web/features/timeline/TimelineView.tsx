/** The messages of a room or of a thread, newest at the bottom; only the rows near the screen exist. */
import { defaultRangeExtractor, useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { MessageId, MessagePlace, RoomSummary } from '#core/session/api.ts';
import { Slow } from '../../components/Later.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Announcer } from './Announcer.tsx';
import { firstUnread, newSince, rowsOf, type Row } from './rows.ts';
import { TimelineRow } from './TimelineRow.tsx';
import type { TimelineStore } from './timeline-store.ts';
import { useLedTo } from './use-led-to.ts';
import { useReading } from './use-reading.ts';
import { useRoving } from './use-roving.ts';
import { useStick } from './use-stick.ts';
import { useTimeline, type Timeline } from './use-timeline.ts';
import './timeline.css';

/** Rows from either end at which more are fetched. */
const NEAR = 12;

export interface TimelineProps {
  readonly room: RoomSummary;
  readonly thread?: MessagePlace | undefined;
  /** Unread messages of it, and how far it was read. */
  readonly unread: number;
  readonly readTo: number;
  /** A place to be shown; each new object leads there again. */
  readonly target?: { readonly at?: number | undefined } | undefined;
  readonly onAdd: () => void;
  /** What stands above the first message of all. */
  readonly beginning?: ReactNode;
}

export function TimelineView(props: TimelineProps) {
  const { t } = useTranslation();
  const [from] = useState(() => (props.unread > 0 && props.target?.at === undefined ? props.readTo : undefined));
  const { timeline, store } = useTimeline(props.room.id, props.thread, from);
  if (!timeline.ready)
    return (
      <div className="timeline timeline-wait" role="status">
        {timeline.failure === undefined ? (
          <Slow />
        ) : (
          <Problem code={timeline.failure} />
        )}
      </div>
    );
  return (
    <>
      <Rows {...props} from={from} timeline={timeline} store={store} />
      <Announcer items={timeline.items} />
    </>
  );
}

interface RowsProps extends TimelineProps {
  /** What was read when it was opened, where something after it was not. */
  readonly from: number | undefined;
  readonly timeline: Timeline;
  readonly store: TimelineStore;
}

function Rows({ room, thread, unread, readTo, target, from, timeline, store, onAdd, beginning }: RowsProps) {
  const { t } = useTranslation();
  const scroll = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [firstNew] = useState(() => firstUnread(timeline.items, { unread, readTo: from ?? readTo }));
  const newFrom = firstNew?.id;
  const first = from === undefined ? undefined : firstNew?.seq;
  const { items, older, newer } = timeline;
  const rows = useMemo(() => rowsOf(items, { more: older, newFrom, now: Date.now() }), [items, older, newFrom]);
  const { atEnd: low, toEnd, follow, look } = useStick(scroll, list, !newer, first !== undefined);
  const atEnd = low && !newer;
  store.atEnd = atEnd;
  const roving = useRoving(list);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: (index) => estimate(rows[index]),
    // The rows at the end are the first that are drawn, or those where the unread begins: it opens there.
    initialOffset: () => rows.slice(0, firstRow(rows, newFrom, first)).reduce((sum, row) => sum + estimate(row), 0),
    initialRect: { width: 0, height: window.innerHeight },
    overscan: 6,
    // Whoever scrolls sees the rows with the scroll; what scrolls by itself at the end may be drawn together with what is new.
    useFlushSync: !atEnd,
    // At the bottom the rule below moves the list; further up the list keeps its place when rows come in front or go.
    anchorTo: atEnd ? 'start' : 'end',
    paddingEnd: 12,
    // Room for the line above what is new, and for a little of what was read.
    scrollPaddingStart: 88,
    // Whatever has the focus stays, so that the keyboard is not lost when it is scrolled away.
    rangeExtractor: (range) => withRow(defaultRangeExtractor(range), roving.rowOf(rows)),
  });
  virtual.shouldAdjustScrollPositionOnItemSizeChange = atEnd ? () => false : undefined;
  const height = virtual.getTotalSize();
  useLayoutEffect(follow, [follow, height, newer]);
  const toNewest = () => void store.showNewest().then(() => requestAnimationFrame(toEnd));
  const { lit, show } = useLedTo({ rows, store, virtual, target, first, arrived: look });

  const drawn = virtual.getVirtualItems();
  const seen = useReading({ room, thread, unread, items, atEnd, lowest: lowestIn(rows, drawn, (virtual.scrollOffset ?? 0) + (virtual.scrollRect?.height ?? 0)), before: from });
  useMore({ drawn: [drawn[0]?.index ?? 0, drawn.at(-1)?.index ?? 0], count: rows.length, timeline, store });
  useFollowOwn(timeline, toEnd);
  roving.use({ items, rows, show, toEnd: toNewest, scrollTo: (index) => virtual.scrollToIndex(index, { align: 'auto' }) });

  return (
    <div className="timeline">
      <div className="timeline-scroll" ref={scroll} role="region" aria-label={thread === undefined ? t('timeline.label') : t('threads.title')} tabIndex={items.length === 0 ? 0 : -1} onKeyDown={roving.onKeyDown} onFocus={roving.onFocus}>
        <div className="timeline-rows" ref={list} role="list" aria-label={t('timeline.label')} style={{ blockSize: height }}>
          {drawn.map(({ index, key, start }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <div
                key={key}
                className="timeline-row"
                role="listitem"
                aria-posinset={index + 1}
                aria-setsize={older || newer ? -1 : rows.length}
                data-index={index}
                ref={virtual.measureElement}
                style={{ transform: `translateY(${start}px)` }}
              >
                <TimelineRow row={row} room={room} empty={items.length === 0} lit={isLit(row, lit)} onAdd={onAdd} onDay={show} beginning={beginning} />
              </div>
            );
          })}
        </div>
      </div>
      {atEnd ? null : <Jump count={newer ? unread : newSince(items, seen)} onPress={toNewest} />}
    </div>
  );
}

/** The row it opens at; undefined: at the end. */
const firstRow = (rows: readonly Row[], newFrom: string | undefined, first: number | undefined): number | undefined => {
  const index = first === undefined ? -1 : rows.findIndex((row) => row.kind === 'message' && row.item.id === newFrom);
  return index < 0 ? undefined : index;
};

/** Seq of the last message whose end can be seen. @param bottom of what is in view, in pixels of the whole */
function lowestIn(rows: readonly Row[], drawn: readonly VirtualItem[], bottom: number): number {
  const row = rows[drawn.findLast(({ index, end }) => end <= bottom && rows[index]?.kind === 'message')?.index ?? -1];
  return row?.kind === 'message' ? (row.item.seq ?? 0) : 0;
}

const isLit = (row: Row, lit: number | undefined): boolean => lit !== undefined && row.kind === 'message' && row.item.seq === lit;
const withRow = (range: number[], row: number | undefined): number[] =>
  row === undefined || range.includes(row) ? range : [...range, row].sort((a, b) => a - b);

/** Fetches what comes next where the end of what is loaded is near the screen. */
function useMore({ drawn: [top, bottom], count, timeline, store }: { drawn: readonly [number, number]; count: number; timeline: Timeline; store: TimelineStore }): void {
  useEffect(() => {
    if (timeline.older && top < NEAR) store.loadOlder();
    if (timeline.newer && bottom > count - NEAR) store.loadNewer();
  }, [top, bottom, count, timeline, store]);
}

/** What a person has just written is shown to them, wherever they had scrolled. */
function useFollowOwn({ items }: Timeline, toEnd: () => void): void {
  const last = items.at(-1);
  const own = last?.kind === 'message' && last.sender.isMe && last.state === 'sending' ? last.id : undefined;
  const before = useRef<MessageId | undefined>(own);
  useLayoutEffect(() => {
    if (own !== undefined && own !== before.current) toEnd();
    before.current = own;
  });
}

/** Close enough that little moves when the real height is known. */
function estimate(row: Row | undefined): number {
  if (row?.kind === 'beginning') return 96;
  if (row?.kind !== 'message') return 40;
  const { item } = row;
  const extra = (item.reactions.length > 0 ? 36 : 0) + (item.thread === undefined ? 0 : 40) + (item.replyTo === undefined ? 0 : 50);
  return 38 + 23 * Math.floor(item.text.length / 60) + (row.first ? 24 : 0) + extra + (item.file?.preview === undefined ? 0 : 300);
}

function Jump({ count, onPress }: { readonly count: number; readonly onPress: () => void }) {
  const { t } = useTranslation();
  return (
    <Button className="jump" onPress={onPress} aria-label={count > 0 ? t('timeline.jumpNew', { count }) : t('timeline.jump')}>
      <ArrowDown size={18} />
      {count > 0 ? <span>{t('timeline.jumpNew', { count })}</span> : null}
    </Button>
  );
}
