package psrp

import "postroom/session/clixml"

// CommandsHash gives the key that an Exchange server has for the set of commands of a
// session: the Hash in the dictionary ImplicitRemoting. It is "" where there is none.
func (p PrivateData) CommandsHash() string {
	inner, _ := entry(p.Value, "ImplicitRemoting").(*clixml.Object)
	if inner == nil {
		return ""
	}
	switch hash := entry(inner, "Hash").(type) {
	case nil, *clixml.Object:
		return ""
	default:
		return display(hash)
	}
}

// entry gives the value of a dictionary under a key; nil when there is none.
func entry(v clixml.Value, key string) clixml.Value {
	o, ok := v.(*clixml.Object)
	if !ok || o == nil {
		return nil
	}
	for _, e := range o.Entries {
		if name, isText := e.Key.(string); isText && name == key {
			return e.Value
		}
	}
	return nil
}
