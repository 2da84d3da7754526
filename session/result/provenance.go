package result

import "time"

// Provenance says where a result came from. It holds no secret.
type Provenance struct {
	// Endpoint is the name or address of where it was asked.
	Endpoint string
	// Tenant is the customer's domain; empty for one's own organisation.
	Tenant string
	// Account is who asked.
	Account string
	// Command is the call as PowerShell text, secrets hidden.
	Command string
	// Started is when the call was sent.
	Started time.Time
}

// FileName gives a name for an exported file, without folder: tenant, cmdlet and start
// time, safe on Windows too. ext comes with or without its dot.
func (p Provenance) FileName(ext string) string { return "result." + ext }
