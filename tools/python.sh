#!/bin/sh
# Makes .venv with the Python implementations that test/interop talks to, at the
# versions of test/interop/requirements.txt. Where the package index cannot be
# reached this says so and succeeds: those tests then skip and say why.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
wanted=$root/test/interop/requirements.txt
stamp=$root/.venv/requirements.installed

[ -f "$stamp" ] && cmp -s "$wanted" "$stamp" && exit 0

echo "setup: Python packages for test/interop into .venv (two of them are compiled: a minute or two)"
# Not python3 -m venv --clear: a half-made folder of a stopped run may hold anything.
rm -rf "$root/.venv"
if ! python3 -m venv "$root/.venv"; then
	rm -rf "$root/.venv"
	echo "setup: python3 -m venv does not work here: install python3-venv" >&2
	exit 1
fi
log=$root/.venv/pip.log
if "$root/.venv/bin/python" -m pip install --disable-pip-version-check -q -r "$wanted" >"$log" 2>&1; then
	cp "$wanted" "$stamp"
	exit 0
fi
tail -n 20 "$log" >&2
echo "setup: WARNING: the Python packages could not be installed (the end of pip's words is above)." >&2
echo "setup: WARNING: the tests in test/interop that need them will be skipped." >&2
