/** As in sysexits.h; docs/operating/configuration.md lists them for the operator. */
export const EXIT = {
  /** The command line was used incorrectly. */
  usage: 64,
  /** Could not start. */
  start: 69,
  internal: 70,
  /** A setting does not fit. */
  config: 78,
} as const;
