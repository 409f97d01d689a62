import './avatar.css';

interface Props {
  readonly id: string;
  readonly name: string;
  readonly size?: 's' | 'm' | 'l';
  /** 1 to 12, where somebody chose one. */
  readonly colour?: number | undefined;
  /** Of a picture that was looked at first: a blob of this page. */
  readonly picture?: string | undefined;
}

const TINTS = 5;

/**
 * A picture, or the first letter on a quiet tint: the one chosen, or one of five by the key, so that it stays when the name
 * changes.
 */
export function Avatar({ id, name, size = 'm', colour, picture }: Props) {
  const tint = colour === undefined ? (Number.parseInt(id.slice(0, 6), 16) || 0) % TINTS : colour - 1;
  if (picture !== undefined) return <img className={`avatar avatar-picture avatar-${size}`} src={picture} alt="" draggable={false} />;
  return (
    <span className={`avatar avatar-${size} avatar-tint-${tint + 1}`} aria-hidden="true">
      {firstLetter(name)}
    </span>
  );
}

const letters = new Map<string, string>();
const MOST_LETTERS = 1024;
let signs: Intl.Segmenter | undefined;

/** The first thing a reader sees as one sign, emoji sequences and combining marks included. Worked out once for each name. */
export function firstLetter(name: string): string {
  const known = letters.get(name);
  if (known !== undefined) return known;
  signs ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const [first] = signs.segment(name.trim());
  const letter = (first?.segment ?? '?').toLocaleUpperCase();
  if (letters.size >= MOST_LETTERS) letters.clear();
  letters.set(name, letter);
  return letter;
}
