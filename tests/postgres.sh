#!/usr/bin/env bash
# postgres.sh start FOLDER: a private PostgreSQL in FOLDER on a free loopback port; prints its URL.
# postgres.sh stop FOLDER: stops it. PostgreSQL refuses to run as root, so root lends it another user.
set -euo pipefail
. "$(dirname "$0")/env.sh"
folder="$2"
bin="$(postgres_bin)"

unprivileged() {
	if [ "$(id -u)" -ne 0 ]; then "$@"; return; fi
	local user=nobody
	getent passwd postgres >/dev/null && user=postgres
	(cd / && exec runuser -u "$user" -- "$@")
}

case "$1" in
start)
	mkdir -p "$folder"
	if [ "$(id -u)" -eq 0 ]; then
		chmod 755 "$folder"
		install -d -m 700 -o "$(getent passwd postgres >/dev/null && echo postgres || echo nobody)" "$folder/data"
	else
		mkdir -m 700 "$folder/data"
	fi
	unprivileged "$bin/initdb" -D "$folder/data" -U identity --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$folder/initdb.log"
	# Commits stay synchronous as in production; only the disk flush is skipped, this data dies with the run.
	for attempt in $(seq 20); do
		port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
		if unprivileged "$bin/pg_ctl" -D "$folder/data" -w -t 60 -l "$folder/data/server.log" \
			-o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=400" \
			start >"$folder/start.log" 2>&1 </dev/null; then
			echo "postgres://identity@127.0.0.1:$port/postgres"
			exit 0
		fi
		grep -q 'Address already in use' "$folder/data/server.log" || break
	done
	cat "$folder/start.log" "$folder/data/server.log" >&2
	exit 1
	;;
stop)
	[ -f "$folder/data/postmaster.pid" ] || exit 0
	unprivileged "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
	;;
*) echo "usage: postgres.sh start|stop FOLDER" >&2; exit 2 ;;
esac
