/** What the bench finds: areas of rows, and how they read. */

/** What is measured: milliseconds or bytes (less is better), or something a second (more is better). */
export type Unit = 'ms' | 'KB' | '/s';

export interface Row {
  readonly what: string;
  readonly unit: Unit;
  readonly thicket: number;
  /** Undefined where the peer could not be run; `missing` says why. */
  readonly peer: number | undefined;
  readonly missing?: string;
  /** Milliseconds of processor time, where both sides have it. */
  readonly cpu?: { readonly thicket: number; readonly peer: number | undefined };
  /** Of section 11 of the design; undefined where it names none. */
  readonly target?: Target;
}
export interface Target {
  /** Least speed beside the peer's. */
  readonly speed: number;
  readonly says: string;
}

export interface Area {
  readonly name: AreaName;
  readonly title: string;
  /** The peer, with its version. */
  readonly peer: string;
  /** What was done, in sentences. */
  readonly how: readonly string[];
  readonly rows: readonly Row[];
}

export const AREAS = ['messages', 'rooms', 'postage', 'fanout', 'appends', 'catch-up', 'search', 'open-room', 'browser', 'boards'] as const;
export type AreaName = (typeof AREAS)[number];

/** How fast Thicket is beside its peer: 1 is its equal, 2 twice as fast (or as small), whatever the unit. */
export function speedOf({ unit, thicket, peer }: Pick<Row, 'unit' | 'thicket' | 'peer'>): number | undefined {
  if (peer === undefined) return undefined;
  return unit === '/s' ? thicket / peer : peer / thicket;
}

/** The same by processor time. */
export const cpuSpeedOf = ({ cpu }: Row): number | undefined => (cpu?.peer === undefined ? undefined : cpu.peer / cpu.thicket);
