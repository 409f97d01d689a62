#!/usr/bin/env bash
# Builds and starts the hub with Docker and checks what docker-compose.yml promises, then takes all of it away again.
#   docker/check.sh                    uses the Docker Engine that is there, else the one of DOCKER_LAB
#   DOCKER_LAB=/path/docker-lab.sh     a script with up, env and down (default ../shared/docker-lab.sh)
# It runs under a project name and a port of its own, so a hub that runs here is not touched. Traffic stays on loopback.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

lab=${DOCKER_LAB:-../shared/docker-lab.sh}
port=${THICKET_CHECK_PORT:-18080}
export COMPOSE_PROJECT_NAME="thicket-check-$$" THICKET_PORT=$port THICKET_PUBLIC_URL="http://127.0.0.1:$port"
own_lab=
passed=0 failed=0

say() { printf '%s\n' "$*"; }
check() { # SENTENCE COMMAND...: counts whether the command succeeds
  local sentence=$1
  shift
  if "$@" >/dev/null 2>&1; then passed=$((passed + 1)); say "✓ $sentence"; else failed=$((failed + 1)); say "✗ $sentence"; fi
}
refused() { ! "$@"; }

clean_up() {
  local code=$?
  trap - EXIT
  if docker compose version >/dev/null 2>&1 && { [ $code -ne 0 ] || [ $failed -gt 0 ]; }; then docker compose logs --tail 40 || true; fi
  docker compose down --volumes --remove-orphans --rmi local --timeout 20 >/dev/null 2>&1 || true
  if [ -n "$own_lab" ]; then "$lab" down >/dev/null 2>&1 || true; fi
  exit $code
}

start_engine() {
  docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1 && return
  [ -x "$lab" ] || { say "There is no Docker Engine here. Install Docker with compose v2, or name a docker-lab.sh in DOCKER_LAB."; exit 1; }
  say 'No Docker Engine is running; starting one (about two minutes the first time).'
  own_lab=yes
  "$lab" up
  eval "$("$lab" env)"
}

relay() { docker compose exec -T relay "$@"; }
database() { docker compose exec -T postgres psql --username postgres --no-align --tuples-only --command "$1"; }
inspect() { docker inspect --format "$1" "$(docker compose ps --quiet "$2")"; }
link() { docker compose logs --no-log-prefix relay | grep -Eo "http://127\.0\.0\.1:$port/#found=[A-Za-z0-9_-]{43}" | tail -n 1; }
get() { curl --silent --show-error --fail --max-time 10 --noproxy '*' "http://127.0.0.1:$port$1"; }
published() { [ "$(docker compose port relay 8080)" = "127.0.0.1:$port" ]; }
no_capabilities() { [ "$(docker compose exec -T "$1" sh -c "sed -n 's/^CapBnd:\t//p;s/^CapEff:\t//p' /proc/1/status | sort -u")" = 0000000000000000 ]; }
no_core_dumps() { [ "$(docker compose exec -T "$1" sh -c 'ulimit -c')" = 0 ]; }
read_only() { [ "$(inspect '{{.HostConfig.ReadonlyRootfs}}' "$1")" = true ]; }
no_new_privileges() { inspect '{{.HostConfig.SecurityOpt}}' "$1" | grep -q no-new-privileges; }
not_root() { [ "$(docker compose exec -T "$1" id -u)" != 0 ]; }
is_quiet_on_addresses() { ! docker compose logs --no-log-prefix relay | grep -v '#found=' | grep -E '\b172\.[0-9]+\.[0-9]+\.[0-9]+\b|[0-9]{2}:[0-9]{2}:[0-9]{2}'; }

trap clean_up EXIT
start_engine
say 'Building and starting the hub.'
docker compose up --build --detach --wait --wait-timeout 300 --quiet-pull

first_link=$(link || true)
check 'the founding link is in the log' test -n "$first_link"
check 'the relay is healthy' get /healthz
check 'the relay answers to its protocol' get /v1/hub
check 'the web client is served' sh -c "curl --silent --fail --noproxy '*' http://127.0.0.1:$port/ | grep -qi '<!doctype html>'"
check 'the port is open on this machine only' published
check 'everything that is kept is accounted for' sh -c "docker compose exec -T relay thicket-relay disclose | grep -q 'Everything that was found is accounted for'"
for service in relay postgres; do
  check "$service does not run as root" not_root "$service"
  check "$service has a read-only file system" read_only "$service"
  check "$service cannot write beside its volumes" refused docker compose exec -T "$service" sh -c 'touch /etc/mark'
  check "$service has no capability" no_capabilities "$service"
  check "$service can gain no privilege" no_new_privileges "$service"
  check "$service leaves no core dump" no_core_dumps "$service"
done
check 'the relay holds no build tools' relay sh -c '! test -e node_modules/vite && ! test -e node_modules/typescript'
check 'the database has no network' sh -c "docker compose exec -T postgres sh -c 'cat /proc/net/dev' | grep -c : | grep -qx 1"
check 'the relay is not the database superuser' sh -c "! docker compose exec -T postgres psql -U thicket -d thicket -c 'CREATE ROLE more'"
check 'the keys of days are the relay'\''s alone, apart from the database' sh -c "[ \"\$(docker compose exec -T relay stat -c '%a %u' /var/lib/thicket-keys)\" = '700 10001' ]"
check 'files have a place that the relay may write to' relay sh -c 'touch "$THICKET_BLOBS/try" && rm "$THICKET_BLOBS/try"'
check 'the write-ahead log has files of 1 MiB' sh -c "[ \"\$(docker compose exec -T postgres psql -U postgres -Atc 'SHOW wal_segment_size')\" = 1MB ]"
check 'the relay may write over it' sh -c "docker compose exec -T postgres psql -U thicket -d thicket -c 'SELECT pg_switch_wal(), count(*) FROM pg_ls_waldir()' -c CHECKPOINT"
check 'and said nothing against it' sh -c "! docker compose logs relay | grep -q 'does not let the relay'"
check 'the log holds no address and no time of day' is_quiet_on_addresses

say 'Restarting.'
database 'CREATE TABLE thicket_check (mark int)' >/dev/null
database 'INSERT INTO thicket_check VALUES (7)' >/dev/null
docker compose restart --timeout 30 >/dev/null 2>&1
docker compose up --detach --wait --wait-timeout 120 >/dev/null 2>&1
check 'the data is kept' sh -c "[ \"\$(docker compose exec -T postgres psql -U postgres -Atc 'SELECT mark FROM thicket_check')\" = 7 ]"
check 'the relay is healthy again' get /healthz
second_link=$(link || true)
check 'an unfounded hub shows a fresh founding link' test "$first_link" != "$second_link"
stopped=$(docker compose stop --timeout 30 relay >/dev/null 2>&1; docker inspect --format '{{.State.ExitCode}}' "$(docker compose ps --all --quiet relay)")
check 'the relay stops cleanly when asked' test "$stopped" = 0

say "$passed passed, $failed failed"
[ $failed -eq 0 ]
