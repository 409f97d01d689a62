/** Settings of PostgreSQL that decide whether it keeps more than the tables, and the values that make it keep no more. */
const QUIET: Readonly<Record<string, readonly string[]>> = {
  archive_mode: ['off'],
  track_commit_timestamp: ['off'],
  log_statement: ['none'],
  log_connections: ['off', ''],
  log_disconnections: ['off'],
  log_min_duration_statement: ['-1'],
  log_min_error_statement: ['panic', 'fatal'],
  log_parameter_max_length_on_error: ['0'],
  wal_level: ['minimal', 'replica'],
};

export const SETTINGS_WITNESSED: readonly string[] = Object.keys(QUIET);

/** @returns one sentence for each setting that makes PostgreSQL keep more than it must */
export const loudSettings = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings)
    .filter(([name, value]) => QUIET[name]?.includes(value) === false)
    .map(([name, value]) => `PostgreSQL is set to ${name} = ${value}, so it may keep more than is listed here: look into its log and its archive.`);
