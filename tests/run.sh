#!/usr/bin/env bash
# Every test there is. Starts what it needs, stops all of it, and ends with the line "N passed, N failed".
set -uo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/count.sh"
cd "$root"

work="$(mktemp -d)"
chmod 711 "$work" # PostgreSQL runs as another user below it
stop() { tests/postgres.sh stop "$work/postgres"; rm -rf "$work"; }
trap stop EXIT
trap 'exit 130' INT TERM HUP

suite_of_one "format" cargo fmt --all --check
suite_of_one "lints" cargo clippy --locked --quiet --workspace --all-targets -- -D warnings

postgres="$(tests/postgres.sh start "$work/postgres")" || { failed=$((failed + 1)); broken+=("PostgreSQL did not start"); }

# Always the whole workspace, narrowed by target: a selection of packages would resolve other features and build all anew.
cargo_test=(cargo test --locked --quiet --no-fail-fast --workspace)
suite "unit tests" env TEST_DATABASE_URL="$postgres" "${cargo_test[@]}" --exclude identity-blackbox
# The crash tests and the browser tests start it.
suite_of_one "build the binary and the programs of the browser tests" cargo build --locked --quiet --workspace --bin identity --example openidconnect_peer --example provider
suite "black box on SQLite" env -u TEST_DATABASE_URL "${cargo_test[@]}" --test blackbox
[ -z "$postgres" ] || suite "black box on PostgreSQL" env TEST_DATABASE_URL="$postgres" "${cargo_test[@]}" --test blackbox

IDENTITY_BINARY="$target/debug/identity" CHROMIUM="$(chromium_path)" \
	suite "browser" node --test --test-reporter=spec --test-concurrency=1 tests/browser/*.test.mjs

summary
