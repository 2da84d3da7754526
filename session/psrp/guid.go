package psrp

import (
	"crypto/rand"

	"postroom/session/clixml"
)

// NewGUID gives a random id (version 4) for a pool or a pipeline.
func NewGUID() GUID {
	var g GUID
	// crypto/rand.Read never fails: it ends the program instead.
	_, _ = rand.Read(g[:])
	stampGUID(&g)
	return g
}

// ParseGUID reads the text of a GUID, in either case and with or without
// braces. Error: *clixml.GUIDError.
func ParseGUID(s string) (GUID, error) { return clixml.ParseGUID(s) }

func stampGUID(g *GUID) {
	g[6] = g[6]&0x0F | 0x40
	g[8] = g[8]&0x3F | 0x80
}
