#!/bin/sh
# Builds the tools that tools/go.mod pins into .tools/bin: gofumpt, benchstat and
# our linter. Does nothing when they are there and newer than their sources. The
# go command knows a linter by what is in it, so a changed one checks anew.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
bin=$root/.tools/bin
stamp=$bin/built

if [ -f "$stamp" ] && [ -z "$(find "$root/tools/go.mod" "$root/tools/go.sum" "$root/tools/lint" -newer "$stamp")" ] &&
	[ "$(cat "$stamp")" = "$(go version)" ] && [ -x "$bin/gofumpt" ] && [ -x "$bin/lint" ]; then
	exit 0
fi
mkdir -p "$bin"
go version >"$stamp.begun" # before the sources are read: what changes meanwhile is newer
(cd "$root/tools" && GOFLAGS= GOWORK=off GOOS= GOARCH= GOBIN=$bin go install tool)
mv "$stamp.begun" "$stamp"
