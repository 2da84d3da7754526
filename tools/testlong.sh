#!/bin/sh
# Runs whole what `make test` leaves out or cuts short: the tests that call
# fixture.Long or fixture.OneOf, themselves or by a function of their package,
# with the race detector, and with it the packages in ALONE, which `make test` runs
# without; then, without it, those that measure or draw what it would change.
# With folders as arguments it runs the tests of these alone.
set -eu
cd "$(dirname "$0")/.."
export POSTROOM_LONG_TESTS=1
export GORACE="${GORACE:-atexit_sleep_ms=100}" # see Makefile
[ $# -gt 0 ] || set -- .
within_folders=$*
failed=0

# within prints the functions in whose text a pattern is found.
within() { # pattern, files...
	pattern=$1
	shift
	awk -v has="$pattern" 'FNR == 1 { name = "" } /^func [A-Za-z]/ { name = $2; sub(/[[(].*/, "", name) } name != "" && $0 ~ has { print name }' "$@" | sort -u
}

tests() { # pattern, flags of go test...
	has=$1
	shift
	names= folders=
	for folder in $(dirname $(grep -rlE --include='*_test.go' "$has" $within_folders) | sort -u); do
		helpers=$(within "$has" "$folder"/*_test.go | grep -v '^Test' | paste -s -d '|' -)
		found=$(within "$has${helpers:+|[^a-zA-Z.]($helpers)[(]}" "$folder"/*_test.go | grep '^Test' || true)
		[ -z "$found" ] || folders="$folders ./${folder#./}"
		names="$names $found"
	done
	# shellcheck disable=SC2086 # lists of words
	go test "$@" -vet=off -timeout 30m -run "^($(echo $names | tr ' ' '\n' | sort -u | paste -s -d '|' -))\$" $folders || failed=1
}

# shellcheck disable=SC2086 # lists of flags
tests 'fixture[.](Long|OneOf)[(]' ${RACE:--race} ${AT_ONCE:-} # see Makefile
# shellcheck disable=SC2086 # lists of flags and packages
[ "$within_folders" != . ] || [ -z "${ALONE:-}" ] ||
	env -u POSTROOM_LONG_TESTS go test ${RACE:--race} ${AT_ONCE:-} -vet=off -timeout 30m $ALONE || failed=1
tests 'RaceDetector|raceEnabled'
exit $failed
