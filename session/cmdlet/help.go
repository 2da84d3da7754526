package cmdlet

// Help is what a server's own Get-Help says about a cmdlet, in the server's words.
type Help struct {
	// Synopsis is a line about what it does; empty when the server gave none.
	Synopsis string
	// Parameters that the server says something about, in its order.
	Parameters []ParameterHelp
}

// ParameterHelp is what Get-Help says about one parameter.
type ParameterHelp struct {
	// Name without the dash.
	Name string
	// Text is what it is for, its paragraphs as lines.
	Text string
	// Required says that every call needs it.
	Required bool
}

// Parameter finds what is said about a parameter, letter case aside.
func (h Help) Parameter(name string) (ParameterHelp, bool) {
	for _, p := range h.Parameters {
		if equalFold(p.Name, name) {
			return p, true
		}
	}
	return ParameterHelp{}, false
}
