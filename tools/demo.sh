#!/bin/sh
# Runs the demo: a window where there is a display, else the tour, by which the
# program drives itself under a virtual display and leaves pictures and a CSV.
set -eu
out=$1
root=$(cd "$(dirname "$0")/.." && pwd)
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" = Darwin ]; then
	exec "$root/bin/postroom" --demo
fi
"$root/tools/setup.sh" display
mkdir -p "$out"
rm -f "$out"/*.png "$out"/*.csv # of an earlier tour
out=$(cd "$out" && pwd)

# A person's own settings stay out of it, and there is a session bus for it.
home=$(mktemp -d)
display=
trap 'kill $display 2>/dev/null || true; rm -rf "$home"' EXIT
mkdir -m 700 "$home/runtime"
export XDG_CONFIG_HOME="$home/config" XDG_STATE_HOME="$home/state" XDG_RUNTIME_DIR="$home/runtime"
export LIBGL_ALWAYS_SOFTWARE=1 FYNE_SCALE=1

# The display takes a free number by itself, and writes it when it can be used.
mkfifo "$home/number"
Xvfb -displayfd 3 -screen 0 1440x900x24 +extension GLX +render -noreset 3>"$home/number" &
display=$!
read -r number <"$home/number"
DISPLAY=:$number dbus-run-session -- "$root/bin/postroom" --tour "$out"
echo "demo: no display here, so the program showed itself round; see $out:"
ls -l "$out"
