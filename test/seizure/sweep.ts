/** Going through all bytes of all places once, with everything that is sought. */
import { Finder, type Needle } from './needles.ts';
import type { Place } from './places.ts';
import { type Span, TimeFinder } from './times.ts';

export interface Finds {
  /** Different needles of a sort that were met in a place, by `sort` and `where`. */
  distinct(sort: string, where: string): number;
  /** One line for each first meeting: what, where exactly. For whoever has to mend it. */
  readonly details: readonly string[];
  /** Times of day that were met in a place, milliseconds since 1970. */
  times(where: string): readonly number[];
}

export function sweep(places: Iterable<Place>, needles: readonly Needle[], spans: readonly Span[]): Finds {
  const finder = new Finder(needles);
  const clock = new TimeFinder(spans);
  const met = new Map<string, Set<string>>();
  const times = new Map<string, number[]>();
  const details: string[] = [];
  for (const place of places) {
    const seen = times.get(place.where) ?? [];
    times.set(place.where, seen);
    const meet = ({ sort, label }: Needle): void => {
      const key = `${sort}\n${place.where}`;
      const labels = met.get(key) ?? new Set();
      if (!labels.has(label)) details.push(`${sort} ${label}: ${place.where}, ${place.what}`);
      met.set(key, labels.add(label));
    };
    let tail = Buffer.alloc(0);
    for (const piece of place.pieces()) {
      const bytes = tail.length === 0 ? piece : Buffer.concat([tail, piece]);
      for (const run of runsIn(bytes)) {
        finder.search(run, meet);
        clock.search(run, (ms) => void seen.push(ms));
      }
      tail = Buffer.from(bytes.subarray(Math.max(0, bytes.length - finder.overlap)));
    }
  }
  return {
    distinct: (sort, where) => met.get(`${sort}\n${where}`)?.size ?? 0,
    details,
    times: (where) => times.get(where) ?? [],
  };
}

const BLOCK = 4096;
const ZEROS = Buffer.alloc(BLOCK);

/** What is written on, without the long stretches of zeros that memory and database files are full of. Nothing sought begins or ends in them. */
function* runsIn(bytes: Buffer): Iterable<Buffer> {
  let from = 0;
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const block = bytes.subarray(at, at + BLOCK);
    if (block.length < BLOCK || !block.equals(ZEROS)) continue;
    if (at > from) yield bytes.subarray(from, Math.min(bytes.length, at + AFTER));
    from = at + BLOCK;
  }
  if (from < bytes.length) yield bytes.subarray(from);
}
/** A socket's address ends in zeros. */
const AFTER = 16;
