package widgets

import (
	"slices"
	"strconv"
	"strings"
)

// Detail is a property of a row, or a part of one.
type Detail struct {
	Name  string // none for the items of a list
	Text  string // what the value shows in a line; of a list it may be left out
	Null  bool
	Parts []Detail // of a list or an object; they are folded
}

// line is the value in one text, items beside each other.
func (p Detail) line() string {
	if p.Text != "" || len(p.Parts) == 0 {
		return p.Text
	}
	parts := make([]string, len(p.Parts))
	for i, part := range p.Parts {
		if parts[i] = part.line(); part.Name != "" {
			parts[i] = part.Name + ": " + parts[i]
		}
	}
	return strings.Join(parts, "; ")
}

// whole is the value with a line for each of its parts.
func (p Detail) whole() string {
	if len(p.Parts) == 0 {
		return p.Text
	}
	var b strings.Builder
	p.appendParts(&b, "")
	return strings.TrimSuffix(b.String(), "\n")
}

func (p Detail) appendParts(b *strings.Builder, indent string) {
	for i, part := range p.Parts {
		b.WriteString(indent)
		switch {
		case len(part.Parts) > 0:
			b.WriteString(part.title(i) + ":\n")
			part.appendParts(b, indent+"  ")
			continue
		case part.Name != "":
			b.WriteString(part.Name + ": ")
		}
		b.WriteString(part.Text + "\n")
	}
}

// title is the name, or the place of an item that has parts of its own.
func (p Detail) title(place int) string {
	if p.Name == "" && len(p.Parts) > 0 {
		return strconv.Itoa(place + 1)
	}
	return p.Name
}

// has tells whether the name, the value or a part of it has a text.
func (p Detail) has(needle []rune) bool {
	return containsFold(p.Name, needle) || containsFold(p.Text, needle) ||
		slices.ContainsFunc(p.Parts, func(part Detail) bool { return part.has(needle) })
}

// counterpart finds the same part of another row: by its name, else by its place.
func (p Detail) counterpart(place int, there []Detail) *Detail {
	if p.Name == "" {
		if place < len(there) && there[place].Name == "" {
			return &there[place]
		}
		return nil
	}
	if place < len(there) && there[place].Name == p.Name { // as a rule
		return &there[place]
	}
	if i := slices.IndexFunc(there, func(o Detail) bool { return o.Name == p.Name }); i >= 0 {
		return &there[i]
	}
	return nil
}

// detailLine is a line of the list: a property, or a part of one that is open.
type detailLine struct {
	name, path        string
	level             int
	text, there       string
	whole, wholeThere string
	heading           bool
	count             int
	open              bool
	null, nullThere   bool
	different         bool
}

// laidOut is a value as a person reads it; that of parts has lines already.
func (l *detailLine) laidOut(whole string) string {
	if l.heading {
		return whole
	}
	return laidOut(whole)
}

// detailPlace is where parts stand.
type detailPlace struct {
	path  string
	level int
	named bool // what they are parts of has the text that is looked for in its name
}

// detailLines makes the lines of a row.
type detailLines struct {
	open      map[string]bool // by path
	compared  bool            // with another row
	differing bool            // lines that differ alone
	needle    []rune

	lines []detailLine
}

// add adds the lines of properties, and those of their parts where they are open or the
// search found one of them.
func (l *detailLines) add(parts, there []Detail, at detailPlace) {
	for i, p := range parts {
		line := detailLine{
			name: p.title(i), path: at.path + "\x00" + p.Name + strconv.Itoa(i), level: at.level,
			text: p.line(), whole: p.whole(), null: p.Null, heading: len(p.Parts) > 0, count: len(p.Parts),
		}
		var other *Detail
		if l.compared {
			other = p.counterpart(i, there)
			line.compare(other)
		}
		if l.differing && !line.different || !at.named && !l.found(p, other) {
			continue
		}
		inside := len(l.needle) > 0 && slices.ContainsFunc(p.Parts, l.finds)
		line.open = line.heading && (l.open[line.path] || inside)
		l.lines = append(l.lines, line)
		if !line.open {
			continue
		}
		below := detailPlace{path: line.path, level: at.level + 1, named: at.named || !inside || containsFold(p.Name, l.needle)}
		if other == nil {
			other = &Detail{}
		}
		l.add(p.Parts, other.Parts, below)
	}
}

// finds tells whether a property has what is looked for; nothing is in all of them.
func (l *detailLines) finds(p Detail) bool { return len(l.needle) == 0 || p.has(l.needle) }

// found is finds for a property or the same one of another row.
func (l *detailLines) found(p Detail, other *Detail) bool {
	return l.finds(p) || other != nil && l.finds(*other)
}

// compare puts the same property of another row beside the line; nil is none.
func (l *detailLine) compare(other *Detail) {
	if other != nil {
		l.there, l.wholeThere, l.nullThere = other.line(), other.whole(), other.Null
	}
	l.different = l.wholeThere != l.whole || l.there != l.text
}
