#!/bin/sh
# Runs whole what `make test` leaves out or cuts short: the tests that call
# fixture.Long or fixture.OneOf, with the race detector.
set -eu
cd "$(dirname "$0")/.."
files=$(grep -rlE --include='*_test.go' 'fixture\.(Long|OneOf)\(' .)
names=$(awk '/^func Test/ { sub(/\(.*/, "", $2); name = $2 } /fixture\.(Long|OneOf)\(/ { print name }' $files | sort -u | paste -s -d '|' -)
POSTROOM_LONG_TESTS=1 exec go test -race -timeout 30m -run "^($names)\$" $(dirname $files | sort -u)
