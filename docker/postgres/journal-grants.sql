-- The relay has the write-ahead log written over a minute after somebody wrote: it tells when that was. Safe to repeat.
GRANT pg_checkpoint TO thicket;
\connect thicket
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO thicket;
GRANT EXECUTE ON FUNCTION pg_ls_waldir() TO thicket;
