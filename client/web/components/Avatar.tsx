import './avatar.css';

interface Props {
  readonly id: string;
  readonly name: string;
  readonly size?: 's' | 'm' | 'l';
}

const TINTS = 5;

/** The first letter on one of five quiet tints; the tint follows the key, so it stays when the name changes. */
export function Avatar({ id, name, size = 'm' }: Props) {
  const tint = (Number.parseInt(id.slice(0, 6), 16) || 0) % TINTS;
  return (
    <span className={`avatar avatar-${size} avatar-tint-${tint + 1}`} aria-hidden="true">
      {firstLetter(name)}
    </span>
  );
}

/** The first thing a reader sees as one sign, emoji sequences and combining marks included. */
export function firstLetter(name: string): string {
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name.trim());
  return (first?.segment ?? '?').toLocaleUpperCase();
}
