#!/bin/sh
# What must hold before anything is submitted. Runs every step, so that one look
# shows all that is wrong, and fails when one of them failed.
set -eu
cd "$(dirname "$0")/.."
bin=$PWD/.tools/bin
failed=

step() { # name, command...
	name=$1
	shift
	echo "check: $name"
	"$@" || failed="$failed
    $name"
}

formatted() {
	unformatted=$("$bin/gofumpt" -l .) || return 1 # nothing listed is no answer from one that failed
	[ -z "$unformatted" ] && return
	echo "These files are not as gofumpt writes them (.tools/bin/gofumpt -w FILE):" >&2
	echo "$unformatted" >&2
	return 1
}

in_tools() {
	(cd tools && GOFLAGS= "$@")
}

core() {
	CGO_ENABLED=0 GOOS=${1%/*} GOARCH=${1#*/} go build ./session/... ./app/cli/...
}

step format formatted
step vet go vet ./...
step "vet of the tools" in_tools go vet ./...
step "tests of the tools" in_tools go test ./catalogue ./lint
step linters go vet -vettool="$bin/lint" ./...
step go.mod go mod tidy -diff
step tools/go.mod in_tools go mod tidy -diff
step "imports, version, documents" go test -count=1 ./test

# The core needs no C compiler and no display, on every system that we ship to.
for target in linux/amd64 linux/arm64 windows/amd64 windows/arm64 darwin/amd64 darwin/arm64; do
	step "core without cgo for $target" core "$target"
done

if [ -n "$failed" ]; then
	echo "check: FAILED:$failed" >&2
	exit 1
fi
echo "check: all well"
