# Sourced by the scripts beside it: where tools are, where builds go.
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"
# A service or a cron job has no login shell and so no cargo on its path.
if ! command -v cargo >/dev/null 2>&1 && [ -f "${CARGO_HOME:-$HOME/.cargo}/env" ]; then
	. "${CARGO_HOME:-$HOME/.cargo}/env"
fi
tools="${XDG_CACHE_HOME:-$HOME/.cache}/identity/tools"
export PATH="$PATH:$tools/bin"
target="${CARGO_TARGET_DIR:-$root/target}"

# Oldest Node.js that the browser tests' libraries support.
node_major=20
node_is_recent() { [ "$(node --version 2>/dev/null | sed 's/^v//; s/\..*//')" -ge "$node_major" ] 2>/dev/null && command -v npm >/dev/null; }

chromium_path() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

# Debian keeps server binaries out of the path, one folder per major version.
postgres_bin() {
	local folder
	for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV) "$(dirname "$(command -v postgres || echo /nowhere/x)")"; do
		[ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] && [ -x "$folder/postgres" ] && { echo "$folder"; return; }
	done
	return 1
}
