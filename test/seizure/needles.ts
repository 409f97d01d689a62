/**
 * Looking for many things in a lot of bytes at once. What is sought is written out in every form it could lie in: as bytes or
 * UTF-8, UTF-16, hexadecimal in both cases, base64 and base64url at each of the three alignments.
 */

export interface Needle {
  /** What it is, such as `message`, `name`; hits are counted by it. */
  readonly sort: string;
  /** Which one, for a hit's name. */
  readonly label: string;
  readonly forms: readonly Buffer[];
}

/** Shorter needles would be found by chance. */
const SHORTEST = 6;

/** @param value text (searched as UTF-8 and UTF-16 too) or bytes */
export function needle(sort: string, label: string, value: string | Uint8Array): Needle {
  const plain = Buffer.from(value as string);
  const forms = [plain, ...(typeof value === 'string' ? [Buffer.from(value, 'utf16le')] : []), ...hexForms(plain), ...base64Forms(plain)];
  return { sort, label, forms: forms.filter((form) => form.length >= SHORTEST) };
}

/** Bytes as they are and nothing else: for what is only ever binary. */
export const exactly = (sort: string, label: string, bytes: Uint8Array): Needle => ({ sort, label, forms: [Buffer.from(bytes)] });

const hexForms = (plain: Buffer): Buffer[] => {
  const hex = plain.toString('hex');
  return [Buffer.from(hex), Buffer.from(hex.toUpperCase()), Buffer.from(hex, 'utf16le')];
};

/** In base64 a text looks different at each place it can begin; what depends on its neighbours is cut off. */
function base64Forms(plain: Buffer): Buffer[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), plain]).toString('base64').replace(/=+$/, '');
    const first = before === 0 ? 0 : before + 1;
    const last = text.length - ((before + plain.length) % 3 === 0 ? 0 : 1);
    const sure = text.slice(first, last);
    return [Buffer.from(sure), Buffer.from(sure.replaceAll('+', '-').replaceAll('/', '_'))];
  });
}

/** Finds all needles in one pass: the first four bytes of each form lead to it. */
export class Finder {
  readonly #byStart = new Map<number, { needle: Needle; form: Buffer }[]>();
  readonly #filter = new Uint8Array(1 << 18);
  readonly #longest: number;

  constructor(needles: readonly Needle[]) {
    let longest = 0;
    for (const each of needles) {
      for (const form of unique(each.forms)) {
        const start = form.readUInt32LE(0);
        this.#filter[bucketOf(start)] = 1;
        this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), { needle: each, form }]);
        longest = Math.max(longest, form.length);
      }
    }
    this.#longest = longest;
  }

  /** How many bytes of one piece must be looked at again with the next. */
  get overlap(): number {
    return Math.max(0, this.#longest - 1);
  }

  /** @param hit called for every place where a form of a needle stands */
  search(bytes: Buffer, hit: (needle: Needle, position: number) => void): void {
    const last = bytes.length - 4;
    let start = last >= 0 ? bytes.readUInt32LE(0) : 0;
    for (let at = 0; at <= last; at += 1) {
      if (at > 0) start = ((start >>> 8) | ((bytes[at + 3] as number) << 24)) >>> 0;
      if (this.#filter[bucketOf(start)] === 0) continue;
      for (const { needle: found, form } of this.#byStart.get(start) ?? []) {
        if (at + form.length <= bytes.length && bytes.compare(form, 0, form.length, at, at + form.length) === 0) hit(found, at);
      }
    }
  }
}

/** Anything that spreads; a bucket that is hit by chance only costs a look into the map. */
const bucketOf = (start: number): number => Math.imul(start, 0x9e3779b1) >>> 14;

const unique = (forms: readonly Buffer[]): Buffer[] => [...new Map(forms.map((form) => [form.toString('latin1'), form])).values()];
