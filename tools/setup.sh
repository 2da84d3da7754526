#!/bin/sh
# Installs what the named groups need (see debian-packages.txt): with no group,
# all of them. Cheap and silent when nothing is missing. Without root it prints
# the command for someone who is, and fails.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
groups=${*:-build display test dist}

wanted=
for group in $groups; do
	wanted="$wanted $(awk -v group="$group" '$1 == group { print $2 }' "$here/debian-packages.txt")"
done

if ! command -v dpkg-query >/dev/null; then
	echo "setup: this is no Debian system, so nothing was installed; the names there are:" $wanted >&2
	exit 0
fi

missing=
for package in $wanted; do
	state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
	[ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

install="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" != 0 ]; then
	echo "setup: system packages are missing. Please run:" >&2
	echo "    sudo apt-get update && sudo $install" >&2
	exit 1
fi
echo "setup: installing$missing"
export DEBIAN_FRONTEND=noninteractive
# A new machine may be updating itself, and a mirror may be slow to answer.
patient="-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3"
apt-get $patient update -q
apt-get $patient install -y --no-install-recommends $missing
