package assets

import _ "embed" // for the catalogue below

//go:embed endpoints.json
var endpoints []byte

// Endpoints returns the catalogue of servers and clouds, for
// endpoint.ParseCatalogue. The caller owns the copy.
func Endpoints() []byte { return append([]byte(nil), endpoints...) }
