/**
 * Takes out of an MP4 or MOV where and when it was filmed and with what: the boxes that say so become free space of the
 * same size, so that nothing else moves, and the clocks in the headers are set to nothing.
 */

/** Larger than any index of a film that is sent. */
const MOST_INDEX = 64 * 1024 * 1024;
/** Boxes that hold more boxes. */
const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'edts']);
/** What was written beside the film: user data, tags, and whatever a maker added. */
const NOTES = new Set(['udta', 'meta', 'uuid']);
const CLOCKS = new Set(['mvhd', 'tkhd', 'mdhd']);

export interface Cleaned {
  readonly film: Blob;
  /** False where something may be left: a track of a camera's own measurements, or a form that is not known here. */
  readonly isClean: boolean;
}

/** @returns undefined for what is no MP4 */
export async function withoutPlaces(film: Blob): Promise<Cleaned | undefined> {
  const parts: BlobPart[] = [];
  let isClean = true;
  let isFirst = true;
  for (let at = 0; at < film.size;) {
    const head = new DataView(await film.slice(at, at + 16).arrayBuffer());
    const box = head.byteLength < 8 ? undefined : boxAt(head, 0, film.size - at);
    if (box === undefined || (isFirst && box.type !== 'ftyp')) return isFirst ? undefined : { film, isClean: false };
    isFirst = false;
    const whole = film.slice(at, at + box.size);
    if (box.type === 'moov' || NOTES.has(box.type)) {
      if (box.size > MOST_INDEX) return { film, isClean: false };
      const bytes = new Uint8Array(await whole.arrayBuffer());
      if (!clean(bytes, 0, bytes.length)) isClean = false;
      parts.push(bytes);
    } else parts.push(whole);
    at += box.size;
  }
  return isFirst ? undefined : { film: new Blob(parts, { type: film.type }), isClean };
}

interface Box {
  readonly type: string;
  readonly size: number;
  readonly head: number;
}

function boxAt(view: DataView, at: number, room: number): Box | undefined {
  if (at + 8 > view.byteLength) return undefined;
  const short = view.getUint32(at);
  const isLong = short === 1;
  if (isLong && at + 16 > view.byteLength) return undefined;
  const size = isLong ? Number(view.getBigUint64(at + 8)) : short === 0 ? room : short;
  const type = String.fromCharCode(...[4, 5, 6, 7].map((offset) => view.getUint8(at + offset)));
  const head = isLong ? 16 : 8;
  return size < head || size > room ? undefined : { type, size, head };
}

/** @returns whether nothing is left in these boxes that tells of place, time or maker */
function clean(bytes: Uint8Array, from: number, to: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let isClean = true;
  for (let at = from; at < to;) {
    const box = boxAt(view, at, to - at);
    if (box === undefined) return false;
    const body = at + box.head;
    const end = at + box.size;
    if (NOTES.has(box.type)) {
      bytes.set([0x66, 0x72, 0x65, 0x65], at + 4);
      bytes.fill(0, body, end);
    } else if (CONTAINERS.has(box.type)) isClean = clean(bytes, body, end) && isClean;
    else if (CLOCKS.has(box.type)) stopClock(view, body);
    else if (box.type === 'hdlr' && isMeasuring(bytes, body)) isClean = false;
    at = end;
  }
  return isClean;
}

/** Creation and modification follow version and flags: four bytes each, eight in version 1. */
function stopClock(view: DataView, body: number): void {
  const length = view.getUint8(body) === 1 ? 16 : 8;
  for (let offset = 4; offset < 4 + length; offset += 1) view.setUint8(body + offset, 0);
}

/** A track that is neither picture nor sound nor words: cameras put their way and speed there. */
function isMeasuring(bytes: Uint8Array, body: number): boolean {
  const kind = String.fromCharCode(...bytes.subarray(body + 8, body + 12));
  return !['vide', 'soun', 'subt', 'text', 'sbtl', 'clcp', 'alis', 'url '].includes(kind);
}
