package cli

import (
	"runtime/debug"

	"postroom/assets"
)

// Version is the program's, with the commit that it was built from in brackets
// where the build knows it.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return assets.Version
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) >= 12 {
			return assets.Version + " (" + setting.Value[:12] + ")"
		}
	}
	return assets.Version
}
