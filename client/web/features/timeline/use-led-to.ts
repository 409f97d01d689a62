/** Leads to a message: loads what is around it, brings it to the middle, and lights it for a moment. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Virtualizer } from '@tanstack/react-virtual';
import type { Row } from './rows.ts';
import type { TimelineStore } from './timeline-store.ts';

const LIT_MS = 2_200;

interface Given {
  readonly rows: readonly Row[];
  readonly store: TimelineStore;
  readonly virtual: Virtualizer<HTMLDivElement, Element>;
  readonly target: { readonly at?: number | undefined } | undefined;
  /** Where it opens, if not at its end. */
  readonly first: number | undefined;
  /** It is there now. */
  readonly arrived: () => void;
}

const indexOf = (rows: readonly Row[], seq: number): number => rows.findIndex((row) => (row.kind === 'message' || row.kind === 'event') && row.item.seq === seq);

export function useLedTo({ rows, store, virtual, target, first, arrived }: Given): { readonly lit: number | undefined; readonly show: (seq: number) => void } {
  const [lit, setLit] = useState<number>();
  /** Where to go once its row is there. */
  const going = useRef(first === undefined ? undefined : { seq: first, align: 'start' as 'start' | 'center' });
  const show = useCallback((seq: number) => {
    void store.showAt(seq).then((found) => {
      going.current = found === undefined ? undefined : { seq: found, align: 'center' };
      setLit(found);
    }, () => undefined);
  }, [store]);

  useEffect(() => {
    if (target?.at !== undefined) show(target.at);
  }, [target, show]);
  useLayoutEffect(() => {
    const to = going.current;
    const index = to === undefined ? -1 : indexOf(rows, to.seq);
    if (to === undefined || index < 0) return;
    going.current = undefined;
    virtual.scrollToIndex(index, { align: to.align });
    // Heights that were only guessed are known a frame later.
    requestAnimationFrame(() => {
      virtual.scrollToIndex(index, { align: to.align });
      requestAnimationFrame(arrived);
    });
  });
  useEffect(() => {
    if (lit === undefined) return undefined;
    const timer = setTimeout(() => setLit(undefined), LIT_MS);
    return () => clearTimeout(timer);
  }, [lit]);
  return { lit, show };
}
