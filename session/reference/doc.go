// Package reference is what is known of cmdlets without a server: services, parameter
// sets, what is required, what may be chosen, ranges, help in plain words, and which
// columns rows begin with. A server's metadata has none of it (only names, types, aliases
// and the switch flag travel), so [Reference.Lay] lays it over what a server says.
//
// The server decides what exists. Nothing here is enforced against it: choices are offered,
// not demanded, and a server that wants more or less is right.
//
// The facts lie in assets as sorted text and are read where they lie: opening the reference
// costs nothing, and a cmdlet's line is found and parsed when it is asked for.
package reference
