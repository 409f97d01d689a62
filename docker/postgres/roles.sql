-- Runs once, when the database is first made. The relay owns its database and nothing else.
CREATE ROLE thicket LOGIN;
CREATE DATABASE thicket OWNER thicket;
REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;
-- The relay has the write-ahead log written over a minute after somebody wrote: it tells when that was.
GRANT pg_checkpoint TO thicket;
\connect thicket
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO thicket;
GRANT EXECUTE ON FUNCTION pg_ls_waldir() TO thicket;
