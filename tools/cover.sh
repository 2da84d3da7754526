#!/bin/sh
# Prints how much of each core package its own tests run, and marks what is
# below the floor. What only runs in a process of its own counts as not run:
# the keyring's tests, and those of programs that are killed.
set -eu
cd "$(dirname "$0")/.."
floor=85
mkdir -p out
go test -cover ./session/... >out/cover.txt || {
	cat out/cover.txt >&2
	exit 1
}
awk -v floor="$floor" '
	/coverage:/ {
		for (i = 1; i < NF; i++) if ($i == "coverage:") percent = $(i + 1)
		printf "%-30s %6s%s\n", $2, percent, percent + 0 < floor ? "  below " floor " %" : ""
	}' out/cover.txt
