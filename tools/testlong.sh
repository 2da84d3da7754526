#!/bin/sh
# Runs whole what `make test` leaves out or cuts short: the tests that call
# fixture.Long or fixture.OneOf, with the race detector; then, without it, those
# that measure or draw what it would change.
set -eu
cd "$(dirname "$0")/.."
export POSTROOM_LONG_TESTS=1
failed=0

tests() { # what their source has, flags of go test...
	files=$(grep -rlE --include='*_test.go' "$1" .)
	names=$(awk -v has="$1" 'FNR == 1 { name = "" } /^func Test/ { sub(/\(.*/, "", $2); name = $2 } name != "" && $0 ~ has { print name }' $files | sort -u | paste -s -d '|' -)
	shift
	go test "$@" -timeout 30m -run "^($names)\$" $(dirname $files | sort -u) || failed=1
}

tests 'fixture\.(Long|OneOf)\(' -race
tests 'RaceDetector|raceEnabled'
exit $failed
