-- Runs once, when the database is first made. The relay owns its database and nothing else.
CREATE ROLE thicket LOGIN;
CREATE DATABASE thicket OWNER thicket;
REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;
