# Sourced: runs suites one after another and adds up what they counted.
passed=0 failed=0 broken=()

# suite NAME COMMAND…: a command that is one test by itself (a lint, a format check).
suite_of_one() {
	local name="$1"; shift
	printf '\n== %s\n' "$name"
	if "$@" </dev/null; then passed=$((passed + 1)); else failed=$((failed + 1)); broken+=("$name"); fi
}

# suite NAME COMMAND…: a runner that prints its own counts. One that failed, or ended without having counted anything,
# is a failure even when it claims otherwise.
suite() {
	local name="$1" log status=0 p f
	shift
	log="$(mktemp "$work/log.XXXXXX")"
	printf '\n== %s\n' "$name"
	"$@" </dev/null 2>&1 | tee "$log" || status=$?
	# cargo: "test result: ok. 12 passed; 0 failed; …"; node: "ℹ pass 12", "ℹ fail 0", "ℹ cancelled 0".
	p="$(awk '/^test result: /{n+=$4} /^(ℹ|#) pass [0-9]+$/{n+=$3} END{print n+0}' "$log")"
	f="$(awk '/^test result: /{n+=$6} /^(ℹ|#) (fail|cancelled) [0-9]+$/{n+=$3} END{print n+0}' "$log")"
	if [ "$f" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$p" -eq 0 ]; }; then f=1; fi
	passed=$((passed + p)) failed=$((failed + f))
	[ "$f" -eq 0 ] || broken+=("$name")
}

summary() {
	[ ${#broken[@]} -eq 0 ] || printf '\nfailed: %s\n' "$(printf '%s; ' "${broken[@]}")"
	printf '\n%d passed, %d failed\n' "$passed" "$failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
