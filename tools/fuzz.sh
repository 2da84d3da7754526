#!/bin/sh
# Fuzzes every target of the project, one after the other, each for the given
# time. A finding stays under testdata/fuzz of its package: fix it and commit it.
set -eu
cd "$(dirname "$0")/.."
time=$1
targets=$(grep -rnoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' . | sed -E 's#^(.*)/[^/]+\.go:[0-9]+:func (.*)$#\1:\2#' | sort -u)
if [ -z "$targets" ]; then
	echo "fuzz: no fuzz target found" >&2
	exit 1
fi
failed=
for target in $targets; do
	echo "fuzz: $target for $time"
	go test -run '^$' -fuzz "^${target#*:}\$" -fuzztime "$time" "${target%:*}" || failed="$failed
    $target"
done
if [ -n "$failed" ]; then
	echo "fuzz: FINDINGS:$failed" >&2
	exit 1
fi
echo "fuzz: nothing found"
