/** Spans of time as people type and read them: 30s, 10m, 8h, 1d, 4w. */
const UNITS = [['w', 604_800], ['d', 86_400], ['h', 3_600], ['m', 60], ['s', 1]] as const;

/** @returns seconds, or undefined for what is no span */
export function spanIn(typed: string): number | undefined {
  const [, count, unit] = /^(\d{1,6})([wdhms])$/.exec(typed) ?? [];
  const length = UNITS.find(([name]) => name === unit)?.[1];
  return count === undefined || length === undefined ? undefined : Number(count) * length;
}

export function spanText(seconds: number): string {
  const [unit, length] = UNITS.find(([, size]) => seconds % size === 0) ?? ['s', 1];
  return `${seconds / length}${unit}`;
}
