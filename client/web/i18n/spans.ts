/** A span of time in words of the reader's language: "4 weeks", "8 hours". */
const UNITS = [['week', 604_800], ['day', 86_400], ['hour', 3_600], ['minute', 60], ['second', 1]] as const;

/** In the largest unit that it is a whole number of. */
export function spanWords(seconds: number, language: string): string {
  const [unit, length] = UNITS.find(([, size]) => seconds % size === 0) ?? ['second', 1];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / length);
}
