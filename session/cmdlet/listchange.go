package cmdlet

import "strings"

// ListChange is what Exchange adds to a list of an object and takes from it.
type ListChange struct{ Add, Remove []string }

// PowerShell writes the change as a table, @{Add='a','b';Remove='c'}; nothing where nothing
// changes.
func (c ListChange) PowerShell() string {
	var b []byte
	for _, half := range []struct {
		key   string
		items []string
	}{{"Add=", c.Add}, {"Remove=", c.Remove}} {
		for i, item := range half.items {
			switch {
			case i > 0:
				b = append(b, ',')
			case len(b) > 0:
				b = append(append(b, ';'), half.key...)
			default:
				b = append(b, half.key...)
			}
			b = appendQuoted(b, item)
		}
	}
	if len(b) == 0 {
		return ""
	}
	return "@{" + string(b) + "}"
}

// ReadListChange reads what PowerShell writes; ok is false for anything that is no such
// table, or has more in it than texts.
func ReadListChange(text string) (c ListChange, ok bool) {
	s := scanner{src: strings.TrimSpace(text)}
	if s.peek() != '@' {
		return c, false
	}
	v, want := s.element(false)
	table, isTable := v.(map[string]any)
	if want != wantNothing || !s.done() || !isTable {
		return c, false
	}
	for key, value := range table {
		items, all := textsOf(value)
		switch {
		case !all:
			return ListChange{}, false
		case strings.EqualFold(key, "Add"):
			c.Add = items
		case strings.EqualFold(key, "Remove"):
			c.Remove = items
		default:
			return ListChange{}, false
		}
	}
	return c, true
}

// textsOf gives the quoted texts of a literal: one, or a list of them.
func textsOf(value any) (items []string, ok bool) {
	list, several := value.([]any)
	if !several {
		list = []any{value}
	}
	for _, item := range list {
		text, isText := item.(string)
		if !isText {
			return nil, false
		}
		items = append(items, text)
	}
	return items, true
}
