package assets

import _ "embed" // for the icon below

//go:embed icon.png
var icon []byte

// Icon returns the program's icon, a PNG of 512 pixels. The caller owns the copy.
func Icon() []byte { return append([]byte(nil), icon...) }
