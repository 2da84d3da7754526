package cmdlet

import "strings"

// Deed is what a command that does more than read does, in the word that a question about
// it has, judged by its verb.
type Deed uint8

// What commands do.
const (
	Alters   Deed = iota // changes what is there, or something that no other word fits
	Creates              // makes something new
	Adds                 // adds to something that is there
	Deletes              // takes something away
	Enables              // switches something on
	Disables             // switches something off
	Imports              // takes in what stands elsewhere
	Starts               // begins work that goes on at the server
	Stops                // ends or holds such work
	Moves                // puts something elsewhere
	Restores             // brings something back
	Releases             // lets go what was held
	Sends                // sends a message
)

var deeds = [...]string{
	Alters: "change", Creates: "create", Adds: "add", Deletes: "delete", Enables: "enable", Disables: "disable",
	Imports: "import", Starts: "start", Stops: "stop", Moves: "move", Restores: "restore", Releases: "release", Sends: "send",
}

// String gives the verb, as in "to create".
func (d Deed) String() string {
	if int(d) >= len(deeds) {
		return deeds[Alters]
	}
	return deeds[d]
}

// DeedOf judges a command's name by its verb. One that only reads has none, and Alters.
func DeedOf(name string) Deed {
	verb, _, _ := strings.Cut(plainName(name), "-")
	switch strings.ToLower(verb) {
	case "new":
		return Creates
	case "add":
		return Adds
	case "remove", "delete", "uninstall":
		return Deletes
	case "enable", "mount", "connect":
		return Enables
	case "disable", "dismount", "disconnect":
		return Disables
	case "import", "install":
		return Imports
	case "start", "resume", "invoke", "execute", "retry":
		return Starts
	case "stop", "suspend", "cancel":
		return Stops
	case "move", "redirect":
		return Moves
	case "restore", "undo":
		return Restores
	case "release":
		return Releases
	case "send":
		return Sends
	}
	return Alters
}

// Deed is that of the last command that does more than read.
func (p Pipeline) Deed() Deed {
	deed := Alters
	for _, inv := range p {
		if RiskOf(inv.Cmdlet) != Reads {
			deed = DeedOf(inv.Cmdlet)
		}
	}
	return deed
}
