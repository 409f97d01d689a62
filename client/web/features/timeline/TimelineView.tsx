/** The messages of a room, newest at the bottom; only the rows near the screen exist. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { RoomSummary } from '#core/session/api.ts';
import { Problem } from '../../components/Problem.tsx';
import { Spinner } from '../../components/Spinner.tsx';
import { Announcer } from './Announcer.tsx';
import { firstUnread, newSince, rowsOf, type Row } from './rows.ts';
import { TimelineRow } from './TimelineRow.tsx';
import { useReading } from './use-reading.ts';
import { useStick } from './use-stick.ts';
import { useTimeline, type Timeline } from './use-timeline.ts';
import './timeline.css';

/** Rows from the top at which older ones are fetched. */
const NEAR_TOP = 8;

interface Props {
  readonly room: RoomSummary;
  readonly onAdd: () => void;
}

export function TimelineView({ room, onAdd }: Props) {
  const { t } = useTranslation();
  const timeline = useTimeline(room.id);
  if (!timeline.ready)
    return (
      <div className="timeline timeline-wait" role="status">
        {timeline.failure === undefined ? (
          <span className="timeline-slow">
            <Spinner /> {t('common.loading')}
          </span>
        ) : (
          <Problem code={timeline.failure} />
        )}
      </div>
    );
  return (
    <>
      <Rows room={room} timeline={timeline} onAdd={onAdd} />
      <Announcer items={timeline.items} />
    </>
  );
}

function Rows({ room, timeline, onAdd }: Props & { readonly timeline: Timeline }) {
  const { t } = useTranslation();
  const scroll = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [newFrom] = useState(() => firstUnread(timeline.items, room.unread));
  const rows = useMemo(
    () => rowsOf(timeline.items, { more: timeline.more, newFrom, now: Date.now() }),
    [timeline.items, timeline.more, newFrom],
  );
  const { atEnd, toEnd } = useStick(scroll, list);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: (index) => estimate(rows[index]),
    overscan: 10,
    // At the bottom the rule below moves the list; further up the list keeps its place when older rows come in front.
    anchorTo: atEnd ? 'start' : 'end',
    paddingEnd: 12,
  });
  virtual.shouldAdjustScrollPositionOnItemSizeChange = atEnd ? () => false : undefined;
  const seen = useReading(room, timeline.items, atEnd);

  const drawn = virtual.getVirtualItems();
  const top = drawn[0]?.index ?? 0;
  const { loadOlder, more } = timeline;
  useLayoutEffect(() => {
    if (more && top < NEAR_TOP) loadOlder();
  }, [more, top, loadOlder, timeline.items]);
  useFollowOwn(timeline, toEnd);

  return (
    <div className="timeline">
      <div className="timeline-scroll" ref={scroll} role="region" aria-label={t('timeline.label')} tabIndex={0}>
        <div className="timeline-rows" ref={list} role="list" aria-label={t('timeline.label')} style={{ blockSize: virtual.getTotalSize() }}>
          {drawn.map(({ index, key, start }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <div
                key={key}
                className="timeline-row"
                role="listitem"
                aria-posinset={index + 1}
                aria-setsize={more ? -1 : rows.length}
                data-index={index}
                ref={virtual.measureElement}
                style={{ transform: `translateY(${start}px)` }}
              >
                <TimelineRow row={row} room={room} empty={timeline.items.length === 0} onAdd={onAdd} />
              </div>
            );
          })}
        </div>
      </div>
      {atEnd ? null : <Jump count={newSince(timeline.items, seen)} onPress={toEnd} />}
    </div>
  );
}

/** What a person has just written is shown to them, wherever they had scrolled. */
function useFollowOwn({ items }: Timeline, toEnd: () => void): void {
  const last = items.at(-1);
  const own = last?.kind === 'message' && last.sender.isMe && last.state === 'sending' ? last.id : undefined;
  const before = useRef(own);
  useLayoutEffect(() => {
    if (own !== undefined && own !== before.current) toEnd();
    before.current = own;
  });
}

/** Close enough that little moves when the real height is known. */
function estimate(row: Row | undefined): number {
  if (row?.kind === 'beginning') return 96;
  if (row?.kind !== 'message') return 40;
  return 38 + 23 * Math.floor(row.item.text.length / 60) + (row.first ? 24 : 0);
}

function Jump({ count, onPress }: { readonly count: number; readonly onPress: () => void }) {
  const { t } = useTranslation();
  return (
    <Button className="jump" {...(count > 0 ? {} : { 'aria-label': t('timeline.jump') })} onPress={onPress}>
      {count > 0 ? t('timeline.jumpNew', { count }) : null}
      <ArrowDown size={18} />
    </Button>
  );
}
