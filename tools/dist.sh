#!/bin/sh
# The whole program for Linux and for Windows, for those who only run it. Only
# here is migrated_fynedo set: it switches Fyne's thread checks off, which
# developers want on. Windows gets two programs from the same source: a window
# program there has no console to print to, so the command line has its own.
set -eu
cd "$(dirname "$0")/.."
version=$1
rm -rf dist
mkdir -p dist

build() { # OS, output, further linker flags
	echo "dist: $2"
	GOOS=$1 GOARCH=amd64 CGO_ENABLED=1 go build -trimpath -tags migrated_fynedo -ldflags "-s -w $3" -o "dist/$2" .
}

build linux "postroom-$version-linux-amd64" ""
export CC=x86_64-w64-mingw32-gcc CXX=x86_64-w64-mingw32-g++
build windows "postroom-$version-windows-amd64.exe" "-H windowsgui"
build windows "postroom-$version-windows-amd64-console.exe" ""

cd dist
sha256sum postroom-* >SHA256SUMS
ls -l
