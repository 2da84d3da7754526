package assets

import _ "embed" // for the catalogue below

//go:embed reports.json
var reports []byte

// Reports returns the catalogue of reports, for report.Load. The caller owns
// the copy.
func Reports() []byte { return append([]byte(nil), reports...) }
