#!/usr/bin/env bash
# Builds with optimisation and measures; arguments go to the benchmark.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$root"
exec cargo run --locked --release -p identity-bench -- "$@"
