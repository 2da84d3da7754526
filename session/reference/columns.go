package reference

import (
	"slices"
	"strings"
)

// Columns tells what the rows of a cmdlet begin with: what reports on it show, what its
// page's examples show, and what tells rows apart. A cmdlet that has no list of its own
// (New-Mailbox) has that of the Get- cmdlet for the same noun. There may be none.
func (r *Reference) Columns(cmdletName string) []string {
	_, list, found := find(r.text.Columns, bare(cmdletName))
	if !found {
		_, noun, _ := strings.Cut(bare(cmdletName), "-")
		_, list, found = find(r.text.Columns, "Get-"+noun)
	}
	if !found {
		return nil
	}
	return strings.Split(list, ",")
}

// Arrange puts the columns of a cmdlet's rows in order: first those that its rows begin
// with, then the others as they came. The incidental ones are left out of shown; they can
// be asked for.
func (r *Reference) Arrange(cmdletName string, columns []string) (shown, incidental []string) {
	wanted := r.Columns(cmdletName)
	if len(wanted) == 0 {
		wanted = tellApart()
	}
	place := make(map[string]int, len(wanted))
	for i, name := range wanted {
		place[strings.ToLower(name)] = i
	}
	first := make([]string, len(wanted))
	var rest []string
	for _, name := range columns {
		i, found := place[strings.ToLower(name)]
		switch {
		case found && first[i] == "":
			first[i] = name
		case Incidental(name):
			incidental = append(incidental, name)
		default:
			rest = append(rest, name)
		}
	}
	shown = slices.DeleteFunc(first, func(name string) bool { return name == "" })
	return append(shown, rest...), incidental
}

// tellApart are the properties that say which object a row is about, the best first, for
// rows of which nothing else is known.
func tellApart() []string {
	return []string{"DisplayName", "Name", "PrimarySmtpAddress", "UserPrincipalName", "Subject", "Identity"}
}

// Incidental tells whether a column says something about how a row travelled or was
// stored, and nothing about the object: it differs from run to run or is the same in all
// rows, and no one looks for it.
func Incidental(column string) bool {
	switch strings.ToLower(column) {
	case "serializationdata", "runspaceid", "pscomputername", "psshowcomputername", "pssourcejobinstanceid",
		"objectstate", "isvalid", "exchangeversion", "objectcategory", "objectclass", "originatingserver",
		"organizationid", "organizationalunitroot", "whenchangedutc", "whencreatedutc", "ispersisted",
		"maximumsupportedexchangeobjectversion":
		return true
	}
	return false
}
