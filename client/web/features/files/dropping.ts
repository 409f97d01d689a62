/**
 * Files dropped on the page or pasted into it. Two may be written in at once, a room and a thread beside it: each takes
 * what comes over its own part of the page, and what comes elsewhere goes to the first that is to be seen.
 */
import { useEffect, useRef, useState, type RefObject } from 'react';

type Take = (files: readonly File[]) => void;
interface Place {
  /** The part of the page that is its own. */
  readonly area: Element;
  readonly take: Take;
  /** Something is held over it. */
  readonly hold: (over: boolean) => void;
}
const PARTS = '.room-main, .pane';

const filesIn = (data: DataTransfer | null): readonly File[] => [...(data?.files ?? [])];
const hasFiles = (data: DataTransfer | null): boolean => data?.types.includes('Files') ?? false;

/** In the order in which they came to the page. */
const places: Place[] = [];
let held: Place | undefined;

/** @returns whose the thing is that happened there; undefined: nobody can take it */
function takerAt(target: EventTarget | null): Place | undefined {
  const seen = places.filter(({ area }) => area.getClientRects().length > 0);
  const element = target instanceof Element ? target : undefined;
  const own = seen.find(({ area }) => element !== undefined && area.contains(element));
  // A room that takes nothing just now: the thread beside it is not meant.
  return own ?? (element?.closest('.room-main') ? undefined : seen[0]);
}

function hold(place: Place | undefined): void {
  if (place === held) return;
  held?.hold(false);
  held = place;
  held?.hold(true);
}
const over = (event: DragEvent): void => {
  if (!hasFiles(event.dataTransfer)) return;
  // Else the browser would leave the app and open the file.
  event.preventDefault();
  hold(takerAt(event.target));
};
const left = (event: DragEvent): void => {
  // Out of the window, and not from one thing on the page to the next.
  if (event.relatedTarget === null) hold(undefined);
};
const dropped = (event: DragEvent): void => {
  if (!hasFiles(event.dataTransfer)) return;
  event.preventDefault();
  hold(undefined);
  takerAt(event.target)?.take(filesIn(event.dataTransfer));
};
const pasted = (event: ClipboardEvent): void => {
  const files = filesIn(event.clipboardData);
  // Text that brings its own picture along, as from an office program, is pasted as text.
  if (files.length === 0 || event.clipboardData?.types.includes('text/plain')) return;
  event.preventDefault();
  takerAt(event.target)?.take(files);
};

let listening = false;
function listen(): void {
  if (listening) return;
  listening = true;
  document.addEventListener('dragenter', over);
  document.addEventListener('dragover', over);
  document.addEventListener('dragleave', left);
  document.addEventListener('drop', dropped);
  document.addEventListener('paste', pasted);
}

/** @param within something in the part of the page whose files it takes @returns the part, while some are held over it */
export function useDropping(within: RefObject<Element | null>, take: Take): Element | undefined {
  const [area, setArea] = useState<Element>();
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const part = within.current?.closest(PARTS);
    if (!part) return;
    const place: Place = { area: part, take: (files) => latest.current(files), hold: (isOver) => setArea(isOver ? part : undefined) };
    places.push(place);
    listen();
    return () => {
      if (held === place) held = undefined;
      places.splice(places.indexOf(place), 1);
    };
  }, [within]);
  return area;
}
