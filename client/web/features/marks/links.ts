/** Addresses in a text: found, held to http, https and mailto, and looked at for what they pretend to be. Pure. */
const MOST_ADDRESS = 2_000;

// No spaces, quotes or angle brackets, and no characters that turn the direction of writing: with those a link could
// look like another one.
const ADDRESS = new RegExp(`(?:https?:\\/\\/|mailto:)[^\\s<>"'\`\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff]{1,${MOST_ADDRESS}}`, 'iuy');
const PUNCTUATION = new Set('.,;:!?…،؛؟。、，！？»”’*_~|');
const CLOSING = new Map([[')', '('], [']', '['], ['}', '{'], ['）', '（']]);

/**
 * What looks like an address at `at`, as far as `end`, without the sentence's own punctuation; its target is undefined
 * where it is not plain, and then all of it is text.
 */
export function addressAt(text: string, at: number, end: number): { readonly text: string; readonly target: string | undefined } | undefined {
  ADDRESS.lastIndex = at;
  const found = ADDRESS.exec(text)?.[0];
  if (found === undefined) return undefined;
  const address = withoutTrail(found.slice(0, end - at));
  return address === '' ? undefined : { text: address, target: targetOf(address) };
}

/** Leaves out punctuation at the end, and closing brackets that were opened before the address. */
function withoutTrail(found: string): string {
  const open = new Map<string, number>();
  for (const sign of found) if ('([{（)]}）'.includes(sign)) open.set(sign, (open.get(sign) ?? 0) + 1);
  let end = found.length;
  for (; end > 0; end -= 1) {
    const last = found.charAt(end - 1);
    const opener = CLOSING.get(last);
    if (opener !== undefined) {
      if ((open.get(last) ?? 0) <= (open.get(opener) ?? 0)) break;
      open.set(last, (open.get(last) ?? 0) - 1);
    } else if (!PUNCTUATION.has(last)) break;
  }
  return found.slice(0, end);
}

/**
 * An address as it may be opened; undefined for every scheme but http, https and mailto, and for
 * `https://good.example@evil.example`, which leads to evil.example.
 */
export function targetOf(address: string): string | undefined {
  if (address.length > MOST_ADDRESS || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol === 'mailto:') return /^mailto:[^@\s?,;%]+@[^@\s?,;%]+$/i.test(address) ? url.href : undefined;
  const plain = /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.hostname !== '';
  return plain ? url.href : undefined;
}

/** Where a link leads, as it is shown to a person: the host, or the mail address. */
export function placeOf(target: string): string {
  const url = new URL(target);
  return url.protocol === 'mailto:' ? decodeURI(url.pathname) : url.host;
}

export type LinkDoubt =
  /** What is seen looks like the address of another place. */
  | 'other-place'
  /** The host holds letters of other scripts than it seems. */
  | 'foreign-letters'
  /** It is what it looks like, and whoever runs that place learns that somebody came. */
  | 'outside';

/** Why somebody should be asked before this link is opened; undefined: it is what it looks like. */
export function doubtAbout(text: string, target: string): LinkDoubt | undefined {
  const url = new URL(target);
  if (url.protocol === 'mailto:') return !text.includes('@') || sameAddress(text, url) ? undefined : 'other-place';
  if (looksLikeAddress(text) && hostSeen(text) !== withoutWww(url.hostname)) return 'other-place';
  // The parser turns every letter beyond ASCII into this form: what it stands for may look like any other name.
  return url.hostname.split('.').some((label) => label.startsWith('xn--')) ? 'foreign-letters' : undefined;
}

const sameAddress = (text: string, url: URL): boolean => text.trim().replace(/^mailto:/i, '').toLowerCase() === decodeURI(url.pathname).toLowerCase();
const withoutWww = (host: string): string => host.replace(/^www\./, '');

/** Dots that browsers, or eyes, take for one. */
const DOTS = /[.\u3002\uff0e\uff61\u2024]/u;
/** A scheme, `www.`, an at sign, or a word with a dot within that ends like a name: `bank.example/login`. */
function looksLikeAddress(text: string): boolean {
  const shown = text.normalize('NFKC').replace(/[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u00ad]/gu, '');
  return /:\/\/|^\s*www\.|@/iu.test(shown) || shown.split(/\s+/u).some((word) => wordIsHost(word));
}
function wordIsHost(word: string): boolean {
  const host = word.replace(/[/?#:].*$/su, '').replace(/^[("'«“]+|[)"'»”.,;!?…]+$/gu, '');
  const labels = host.split(DOTS);
  return labels.length > 1 && labels.every((label) => /^[\p{L}\p{N}\p{M}-]+$/u.test(label)) && (/^\p{L}/u.test(labels.at(-1) ?? '') || labels.length === 4);
}

/** The host of a text that is one address and nothing else; undefined where it is more, or less, than that. */
function hostSeen(text: string): string | undefined {
  const trimmed = text.trim();
  if (/[\s@\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u.test(trimmed)) return undefined;
  const whole = /^https?:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  return URL.canParse(whole) ? withoutWww(new URL(whole).hostname) : undefined;
}
