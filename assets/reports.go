package assets

import _ "embed" // for the catalogues below

//go:embed reports.json
var reports []byte

//go:embed things.json
var things []byte

// Reports returns the catalogue of reports, for report.Load. The caller owns
// the copy.
func Reports() []byte { return append([]byte(nil), reports...) }

// Things returns what rows are about, for report.LoadThings. The caller owns the
// copy.
func Things() []byte { return append([]byte(nil), things...) }
