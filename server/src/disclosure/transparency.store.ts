export interface TransparencyStore {
  /** Today's report; undefined while none was made. */
  report(day: number): Promise<string | undefined>;
  /** Keeps a report unless another process was faster. @returns the one that is kept */
  keep(day: number, report: string): Promise<string>;
}

export const TRANSPARENCY_STORE = Symbol('TransparencyStore');
