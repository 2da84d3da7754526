package result

import "strings"

// OwnColumn is a column of ours beside those of the server. What a server calls the same
// never mixes with it: see [OwnColumn.serverName].
type OwnColumn uint8

const (
	// TenantColumn says which tenant a row is of.
	TenantColumn OwnColumn = iota
	// StatusColumn says what became of a row: of its follow-up, or of its command.
	StatusColumn
	// marksColumn says what stands out in a row.
	marksColumn
	// ObjectColumn says which object a row is of, where a command went to several.
	ObjectColumn
	// ReasonColumn says why something did not come out well, in the server's words.
	ReasonColumn
	ownColumns // kept rows have these by number: new ones come last
)

var ownNames = [ownColumns]string{TenantColumn: "Tenant", StatusColumn: "Status", marksColumn: "Marks", ObjectColumn: "Object", ReasonColumn: "Reason"}

// Name is the column's name in tables and files.
func (c OwnColumn) Name() string {
	if c < ownColumns {
		return ownNames[c]
	}
	return "?"
}

// serverName is the name under which a server's property stands that is called as the
// column is, in any letters: Tenant (server).
func (c OwnColumn) serverName() string { return serverName(c.Name()) }

func serverName(name string) string { return name + " (server)" }

// columnName is the name under which a server's property stands: its own, but where
// that is kept for us: the name of a column of ours that the rows have, and Tenant
// always, so that it means the same in every file.
func columnName(name string, own []OwnColumn) string {
	for _, c := range append(own[:len(own):len(own)], TenantColumn) {
		if strings.EqualFold(name, c.Name()) {
			return c.serverName()
		}
	}
	return name
}
