/**
 * THE list of what lies on the relay's disk: every kind of file in the data folder. Whatever fits none of these is named by
 * `thicket-relay disclose`. Paths are relative to the data folder (or to the folder that stands in for it), with slashes.
 */
export interface FileKind {
  readonly key: string;
  readonly pattern: RegExp;
  readonly title: string;
  readonly is: string;
  readonly isNot: string;
}

const IN = '^database/cluster/';
const cluster = (rest: string): RegExp => new RegExp(IN + rest);

export const FILE_KINDS: readonly FileKind[] = [
  {
    key: 'database-files', title: 'The database\'s files', pattern: cluster('(base/[0-9]+|global)/([0-9]+(_fsm|_vm|_init)?(\\.[0-9]+)?|pg_filenode\\.map|pg_internal\\.init|pg_control|PG_VERSION)$'),
    is: 'The tables above as PostgreSQL stores them. They may still hold rows that were deleted, until PostgreSQL uses the place again; '
      + 'the date of each file on the disk says when PostgreSQL last wrote to it.',
    isNot: 'Anything that is or was not in the tables above.',
  },
  {
    key: 'journal-files', title: 'The database\'s journal', pattern: cluster('pg_wal/([0-9A-F]{24}|archive_status/.*|summaries/.*|xlogtemp\\.[0-9]+)$'),
    is: 'PostgreSQL writes every change here first. It holds the last changes to the tables above and the exact time of each. Where its files are of 1 MiB '
      + 'they are written over a minute after something was written; otherwise they reach back for days in a quiet hub.',
    isNot: 'Who asked for a change, or from where.',
  },
  {
    key: 'transaction-files', title: 'The database\'s bookkeeping', pattern: cluster('(pg_xact|pg_multixact|pg_subtrans|pg_commit_ts|pg_notify|pg_serial|pg_snapshots|pg_logical|pg_stat|pg_stat_tmp|pg_twophase|pg_replslot|pg_tblspc|pg_dynshmem)/'),
    is: 'Which transactions were finished, notices between the parts of the server (numbers of new records only), and statistics: how often and when tables were last read or tidied.',
    isNot: 'What was in a transaction, or for whom it was made.',
  },
  {
    key: 'temporary-files', title: 'Temporary files of the database', pattern: cluster('base/pgsql_tmp/'),
    is: 'Rows of the tables above while a large question is being answered. Usually none.', isNot: 'Anything that is not in the tables above.',
  },
  {
    key: 'database-settings', title: 'Settings of the database', pattern: cluster('(PG_VERSION|[a-z_.]+\\.conf|postmaster\\.(opts|pid)|current_logfiles)$'),
    is: 'How PostgreSQL is set up, and while it runs its process number and when it was started.', isNot: 'Anything about people.',
  },
  {
    key: 'password', title: 'The database\'s password', pattern: /^database\/password(\.new|\.initdb)?$/,
    is: 'A random word with which the relay opens its own database. It is a secret of this machine and is not shown.', isNot: 'What opens a sealed body: it opens none.',
  },
  {
    key: 'day-keys', title: 'Keys of days', pattern: /^keys\/[0-9]{1,9}-[0-9a-f]{16}\.key(\.new)?$/,
    is: 'One small file, rarely more, for each day on which something ends. It opens the outer layer of what ends on that day, and is overwritten and removed then.',
    isNot: 'It opens no inner layer: what a body says stays closed to whoever has these keys.',
  },
  {
    key: 'heads', title: 'How far the log was numbered', pattern: /^keys\/heads(\.[0-9a-f]+\.new)?$/,
    is: 'The newest number of each part of the log on some day, so that an older copy of the database is known for one. Its own date is set to midnight.',
    isNot: 'When a record came, or whose it was.',
  },
  {
    key: 'mark', title: 'Which database the keys belong to', pattern: /^keys\/(mark|accepted)(\.[0-9a-f]+\.new)?$/,
    is: 'A number made one way from a secret of the database, so that the relay does not start with another hub\'s keys; and, for one start, the operator\'s word that it may.',
    isNot: 'It opens nothing, and the secret cannot be found from it.',
  },
  {
    key: 'days', title: 'The last day the relay ran', pattern: /^keys\/days(\.[0-9a-f]+\.new)?$/,
    is: 'The day on which the relay last believed its clock, so that a clock that is wrong for an hour destroys nothing; and the day a doubtful clock showed.',
    isNot: 'A time of day, or what was deleted.',
  },
  {
    key: 'packs', title: 'Files that people sent', pattern: /^blobs\/[0-9]{1,9}\/[0-9a-f]{32}\.pack$/,
    is: 'The pieces of all files that end on one day, one behind the other in a pack, sealed twice like the bodies of records. The pack\'s own date says little: it is set to midnight.',
    isNot: 'What a file is called or what is in it, or who sent it.',
  },
  {
    key: 'sockets', title: 'Locks and sockets', pattern: /^(thicket\.lock(\.[0-9]+|\.dead\.[0-9]+)?|database\/\.s\.PGSQL\.[0-9]+(\.lock)?)$/,
    is: 'Marks that the relay and its database are running, with their process numbers and when they were started.', isNot: 'Anything about people.',
  },
];
