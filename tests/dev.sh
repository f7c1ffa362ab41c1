#!/usr/bin/env bash
# Builds and starts `identity dev`; arguments go to it.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$root"
cargo build --locked --workspace --bin identity
exec "$target/debug/identity" dev "$@"
