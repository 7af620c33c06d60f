-- The database of one service and its two roles: the owner migrates, the plain role is what the service works as.
-- Row-level security binds the plain role, because it owns nothing and bypasses nothing.
-- Run as the superuser by the embedded mode at every start, and by psql in docker-compose.yml.

CREATE ROLE :"owner" LOGIN;
CREATE ROLE :"service" LOGIN;
ALTER ROLE :"owner" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
ALTER ROLE :"service" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'service_password';

CREATE DATABASE :"service" OWNER :"owner";
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"service" TO :"service";

\connect :"service"
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"service";
