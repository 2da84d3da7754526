package assets

import _ "embed" // for the catalogue below

//go:embed packs.json
var packs []byte

// Packs returns the catalogue of packs of reports, for report.LoadPacks. The
// caller owns the copy.
func Packs() []byte { return append([]byte(nil), packs...) }
