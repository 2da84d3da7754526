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
export LIBGL_ALWAYS_SOFTWARE=1 FYNE_SCALE=1
xvfb-run -a -s "-screen 0 1440x900x24 +extension GLX +render -noreset" "$root/bin/postroom" --tour "$out"
echo "demo: no display here, so the program showed itself round; see $out:"
ls -l "$out"
