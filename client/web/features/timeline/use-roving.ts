/**
 * The keyboard's way through a timeline: one message at a time is in the order of Tab, the last one at first; arrows go to
 * the next, Home and End to the ends of what is loaded.
 */
import { useCallback, useEffect, useRef, type KeyboardEvent, type RefObject } from 'react';
import type { TimelineItem } from '#core/session/api.ts';
import { useTalk } from '../talk/talk-context.tsx';
import type { Row } from './rows.ts';

interface Given {
  readonly items: readonly TimelineItem[];
  readonly rows: readonly Row[];
  readonly show: (seq: number) => void;
  readonly toEnd: () => void;
  readonly scrollTo: (index: number) => void;
}

const isMessage = (row: Row | undefined): boolean => row?.kind === 'message';

export function useRoving(list: RefObject<HTMLElement | null>) {
  const talk = useTalk();
  const held = useRef<string>(undefined);
  const latest = useRef<Given>(undefined);

  const focusRow = useCallback((index: number) => {
    const row = latest.current?.rows[index];
    if (row?.kind !== 'message') return;
    held.current = row.item.id;
    latest.current?.scrollTo(index);
    const focus = (tries: number): void => {
      const article = articleOf(list.current, row.item.id);
      if (article) article.focus({ preventScroll: true });
      else if (tries > 0) requestAnimationFrame(() => focus(tries - 1));
    };
    requestAnimationFrame(() => focus(8));
  }, [list]);

  const onKeyDown = useCallback((event: KeyboardEvent<HTMLElement>) => {
    const given = latest.current;
    const on = (event.target as Element).closest('article');
    if (!given || event.target !== on || event.altKey || event.ctrlKey || event.metaKey) return;
    const here = given.rows.findIndex((row) => row.kind === 'message' && row.item.id === on?.getAttribute('data-id'));
    const next = targetOf(event.key, here, given.rows);
    if (next === undefined) return;
    event.preventDefault();
    if (next >= 0) focusRow(next);
  }, [focusRow]);

  return {
    onKeyDown,
    onFocus: useCallback((event: { target: EventTarget }) => {
      held.current = (event.target as Element).closest('article')?.getAttribute('data-id') ?? held.current;
    }, []),
    rowOf: (rows: readonly Row[]): number | undefined => {
      const index = held.current === undefined ? -1 : rows.findIndex((row) => row.kind === 'message' && row.item.id === held.current);
      return index < 0 ? undefined : index;
    },
    use: (given: Given): void => {
      latest.current = given;
      // Whichever row was drawn last, one message can be reached.
      useEffect(() => {
        const articles = [...(list.current?.querySelectorAll<HTMLElement>('article') ?? [])];
        const reached = articles.find((article) => article.dataset['id'] === held.current) ?? articles.at(-1);
        for (const article of articles) article.tabIndex = article === reached ? 0 : -1;
      });
      useEffect(() => {
        if (!talk) return undefined;
        talk.view.current = {
          show: (seq) => latest.current?.show(seq),
          lastOwn: () => {
            const own = latest.current?.items.findLast((item) => item.kind === 'message' && item.sender.isMe && item.seq !== undefined && item.may.edit && item.deletedBy === undefined);
            return own?.kind === 'message' ? own : undefined;
          },
          focus: () => focusRow(latest.current?.rows.findLastIndex(isMessage) ?? -1),
        };
        return () => void (talk.view.current = undefined);
      }, []);
    },
  };
}

const articleOf = (list: HTMLElement | null, id: string): HTMLElement | undefined =>
  [...(list?.querySelectorAll<HTMLElement>('article') ?? [])].find((article) => article.dataset['id'] === id);

/** @returns the row a key leads to, -1 where there is none that way, undefined for any other key */
function targetOf(key: string, here: number, rows: readonly Row[]): number | undefined {
  switch (key) {
    case 'ArrowUp':
      return rows.findLastIndex((row, index) => index < here && isMessage(row));
    case 'ArrowDown':
      return rows.findIndex((row, index) => index > here && isMessage(row));
    case 'Home':
      return rows.findIndex(isMessage);
    case 'End':
      return rows.findLastIndex(isMessage);
    default:
      return undefined;
  }
}
