/** Finds plain web addresses in a message. The result is pieces of text; whoever draws them makes nodes, never HTML. */
export type Piece = { readonly kind: 'text' | 'link'; readonly text: string };

// No spaces, quotes or angle brackets, and no characters that turn the direction of writing: with those a link could
// look like another one.
const CANDIDATE = /\bhttps?:\/\/[^\s<>"'`\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/giu;
const TRAILING = /[.,;:!?…،؛؟。、，！？»”’*_~]+$/u;

export function linkify(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const link = trimmed(match[0]);
    if (!isPlain(link)) continue;
    if (match.index > at) pieces.push({ kind: 'text', text: text.slice(at, match.index) });
    pieces.push({ kind: 'link', text: link });
    at = match.index + link.length;
  }
  if (at < text.length) pieces.push({ kind: 'text', text: text.slice(at) });
  return pieces;
}

/** Leaves out the sentence's own punctuation, and a closing bracket that was opened before the address. */
function trimmed(candidate: string): string {
  let link = candidate;
  for (;;) {
    const shorter = withoutBracket(link.replace(TRAILING, ''));
    if (shorter === link) return link;
    link = shorter;
  }
}

function withoutBracket(link: string): string {
  for (const [open, close] of [['(', ')'], ['[', ']']] as const)
    if (link.endsWith(close) && link.split(close).length > link.split(open).length) return link.slice(0, -1);
  return link;
}

/** `https://good.example@evil.example` leads to evil.example: such addresses stay text. */
function isPlain(link: string): boolean {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.hostname !== '';
}
