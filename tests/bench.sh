#!/usr/bin/env bash
# Builds with optimisation and measures, on SQLite and on a private PostgreSQL; arguments go to the benchmark.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$root"
cargo build --locked --release -p identity-server -p identity-bench
if [ -z "${TEST_DATABASE_URL:-}" ] && postgres_bin >/dev/null; then
	folder="$(mktemp -d)"
	trap 'tests/postgres.sh stop "$folder"; rm -rf "$folder"' EXIT
	TEST_DATABASE_URL="$(tests/postgres.sh start "$folder")"
	export TEST_DATABASE_URL
fi
"$target/release/identity-bench" "$@"
# The gates of the storage design belong to a whole run.
[ $# -gt 0 ] || "$target/release/identity-bench" storage
