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
  readonly toEnd: () => void;
}

const indexOf = (rows: readonly Row[], seq: number): number => rows.findIndex((row) => (row.kind === 'message' || row.kind === 'event') && row.item.seq === seq);

export function useLedTo({ rows, store, virtual, target }: Given): { readonly lit: number | undefined; readonly show: (seq: number) => void } {
  const [lit, setLit] = useState<number>();
  /** Where to go once its row is there. */
  const going = useRef<number>(undefined);
  const show = useCallback((seq: number) => {
    void store.showAt(seq).then((found) => {
      going.current = found;
      setLit(found);
    }, () => undefined);
  }, [store]);

  useEffect(() => {
    if (target?.at !== undefined) show(target.at);
  }, [target, show]);
  useLayoutEffect(() => {
    const index = going.current === undefined ? -1 : indexOf(rows, going.current);
    if (index < 0) return;
    going.current = undefined;
    virtual.scrollToIndex(index, { align: 'center' });
    // Heights that were only guessed are known a frame later.
    requestAnimationFrame(() => virtual.scrollToIndex(index, { align: 'center' }));
  });
  useEffect(() => {
    if (lit === undefined) return undefined;
    const timer = setTimeout(() => setLit(undefined), LIT_MS);
    return () => clearTimeout(timer);
  }, [lit]);
  return { lit, show };
}
