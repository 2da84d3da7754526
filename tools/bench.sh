#!/bin/sh
# Runs the benchmarks, each with its yardstick in the same run, and writes them
# in benchstat's format to out/bench.txt; then the same work by pypsrp and polars. What the
# figures mean and how to compare two runs: docs/performance.md.
set -eu
cd "$(dirname "$0")/.."
pattern=$1
count=$2
mkdir -p out
packages=$(grep -rlE --include='*_test.go' '^func Benchmark' . | xargs -n1 dirname | sort -u)
if [ -z "$packages" ]; then
	echo "bench: no benchmark found" >&2
	exit 1
fi
# -p 1: one package at a time, so that they do not disturb each other.
go test -p 1 -run '^$' -bench "$pattern" -benchmem -count "$count" $packages | tee out/bench.txt
if [ -x .venv/bin/python ] && [ -f .venv/requirements.installed ]; then
	.venv/bin/python test/interop/bench_pypsrp.py --count "$count" | tee out/bench-pypsrp.txt
	.venv/bin/python test/interop/bench_polars.py --count "$count" | tee out/bench-polars.txt
else
	echo "bench: the side of pypsrp and polars was left out: .venv is not there (make setup)" >&2
fi
