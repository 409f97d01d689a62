const HOUR = 3_600;
/** After which messages may vanish, in seconds; 0: never. */
export const SPANS = [0, HOUR, 8 * HOUR, 24 * HOUR, 7 * 24 * HOUR, 28 * 24 * HOUR] as const;
