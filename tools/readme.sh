#!/bin/bash
# Runs README.md's own commands: every ```sh block, in the order of the page, in
# one shell at the root of the project. So what the page promises is what works.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p out
script=out/readme-commands.sh

# The settings and the history of whoever runs this stay out of it; the keyring and what
# is set for go stay.
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
GOENV=$(go env GOENV)
export GOENV XDG_CONFIG_HOME="$home/config" XDG_STATE_HOME="$home/state"
{
	echo 'set -euxo pipefail'
	# What a block left running ends with the shell.
	echo 'trap '\''kill $(jobs -p) 2>/dev/null || true'\'' EXIT'
	awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' README.md
} >"$script"
bash "$script"
