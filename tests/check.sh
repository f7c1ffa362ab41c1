#!/usr/bin/env bash
# What can be said about the source without starting anything.
set -uo pipefail
. "$(dirname "$0")/env.sh"
. "$(dirname "$0")/count.sh"
cd "$root"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

suite_of_one "format" cargo fmt --all --check
suite_of_one "lints" cargo clippy --locked --quiet --workspace --all-targets -- -D warnings
suite_of_one "licences, bans, sources" cargo-deny --log-level error --config .cargo/deny.toml check licenses bans sources
# The advisory database has to be fetched; without a network there is nothing to compare with.
if cargo-deny --log-level off fetch db >/dev/null 2>&1; then
	suite_of_one "advisories" cargo-deny --config .cargo/deny.toml check advisories
else
	echo "advisories: skipped, the database cannot be reached"
fi
suite "layers" cargo test --locked --quiet --workspace --test blackbox -- layers::

summary
