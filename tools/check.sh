#!/bin/sh
# What must hold before anything is submitted. Stops at the first step that
# fails and says which it was.
set -eu
cd "$(dirname "$0")/.."
bin=$PWD/.tools/bin

step() {
	echo "check: $*"
}

step format
unformatted=$("$bin/gofumpt" -l .)
if [ -n "$unformatted" ]; then
	echo "These files are not as gofumpt writes them (gofumpt -w FILE):" >&2
	echo "$unformatted" >&2
	exit 1
fi

step vet
go vet ./...
(cd tools && GOFLAGS= go vet ./...)

step linters
go vet -vettool="$bin/lint" ./...

step go.mod
go mod tidy -diff
(cd tools && GOFLAGS= go mod tidy -diff)

step "imports, version, documents"
go test -count=1 ./test

# The core needs no C compiler and no display, on every system that we ship to.
for target in linux/amd64 linux/arm64 windows/amd64 windows/arm64 darwin/amd64 darwin/arm64; do
	step "core without cgo for $target"
	CGO_ENABLED=0 GOOS=${target%/*} GOARCH=${target#*/} go build ./session/... ./app/cli/...
done

echo "check: all well"
