package endpoint

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// MaxList is the largest list of tenants that is read, in bytes.
const MaxList = 16 << 20

// ErrListTooLong is a list of more than MaxList bytes.
var ErrListTooLong = errors.New("endpoint: the list of tenants is too long")

// LineError is a line of a list that names no tenant.
type LineError struct {
	Line int // counted from 1
	Text string
	Err  error // most often *DomainError
}

// Error names the line.
func (e *LineError) Error() string { return fmt.Sprintf("endpoint: line %d: %v", e.Line, e.Err) }

// Unwrap gives what is wrong with the line.
func (e *LineError) Unwrap() error { return e.Err }

// Imported says what became of a list.
type Imported struct {
	Added     []Tenant
	Changed   []Tenant // known ones whose name, colour or tags the list brought
	Unchanged int      // known ones that the list says nothing new about, and repeated lines
	Errors    []*LineError
}

// Import reads a list of tenants from a file or from the clipboard and adds
// those that are not known. It takes CSV with any of the delimiters , ; tab
// and |, with headings in English or German (a partner centre's export has
// them) or without, in UTF-8, UTF-16 or Windows-1252, and plain lists with a
// domain on each line, before or after a name. Lines without a domain do not
// stop the others.
func (t *Tenants) Import(ctx context.Context, r io.Reader) (Imported, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxList+1))
	if err != nil {
		return Imported{}, fmt.Errorf("endpoint: read the list of tenants: %w", err)
	}
	if len(raw) > MaxList {
		return Imported{}, ErrListTooLong
	}
	listed, lineErrors := ParseTenants(raw)
	result := Imported{Errors: lineErrors}
	err = t.update(ctx, func(list *[]Tenant) error {
		for _, x := range listed {
			result.merge(list, x)
		}
		return nil
	})
	if err != nil {
		return Imported{}, err
	}
	return result, nil
}

func (r *Imported) merge(list *[]Tenant, x Listed) {
	i := indexOf(*list, x.Tenant.Domain)
	if i < 0 {
		kept, err := complete(x.Tenant, *list)
		if err != nil {
			r.Errors = append(r.Errors, &LineError{Line: x.Line, Text: x.Tenant.Domain, Err: err})
			return
		}
		*list = append(*list, kept)
		r.Added = append(r.Added, kept)
		return
	}
	next := (*list)[i].clone()
	if x.Tenant.Name != "" {
		next.Name = x.Tenant.Name
	}
	if x.Tenant.Color != "" {
		next.Color = x.Tenant.Color
	}
	next.Tags = cleanTags(append(next.Tags, x.Tenant.Tags...))
	next.Pinned = next.Pinned || x.Tenant.Pinned
	if sameTenant(next, (*list)[i]) {
		r.Unchanged++
		return
	}
	(*list)[i] = next
	if !slices.ContainsFunc(r.Added, func(a Tenant) bool { return a.Domain == next.Domain }) {
		r.Changed = append(r.Changed, next)
	}
}

func sameTenant(a, b Tenant) bool {
	return a.Name == b.Name && a.Color == b.Color && a.Pinned == b.Pinned && slices.Equal(a.Tags, b.Tags)
}

// Listed is a tenant of a list and the line that names it.
type Listed struct {
	Line   int // counted from 1
	Tenant Tenant
}

// ParseTenants reads a list as Import does, without keeping it: for a preview.
// Names, colours and tags that the list does not give stay empty.
func ParseTenants(raw []byte) ([]Listed, []*LineError) {
	text := decodeText(raw)
	delimiter := delimiterOf(text)
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = delimiter
	reader.FieldsPerRecord = -1
	reader.LazyQuotes = true
	reader.TrimLeadingSpace = delimiter != '\t'
	var listed []Listed
	var failed []*LineError
	var columns columnMap
	first := true
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return listed, failed
		}
		line, _ := 0, 0
		if err != nil {
			var syntax *csv.ParseError
			if errors.As(err, &syntax) {
				line = syntax.StartLine
			}
			failed = append(failed, &LineError{Line: line, Err: err})
			if syntax == nil {
				return listed, failed
			}
			continue
		}
		line, _ = reader.FieldPos(0)
		if blank(record) {
			continue
		}
		if first {
			first = false
			if columns = headings(record); columns != nil {
				continue
			}
		}
		x, err := columns.tenant(record)
		if err != nil {
			failed = append(failed, &LineError{Line: line, Text: strings.Join(record, string(delimiter)), Err: err})
			continue
		}
		listed = append(listed, Listed{Line: line, Tenant: x})
	}
}

// decodeText turns what spreadsheets write into UTF-8.
func decodeText(raw []byte) string {
	switch {
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}), bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		if b, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(raw); err == nil {
			return string(b)
		}
	case !utf8.Valid(raw):
		if b, err := charmap.Windows1252.NewDecoder().Bytes(raw); err == nil {
			return string(b)
		}
	}
	return strings.TrimPrefix(strings.ToValidUTF8(string(raw), "\ufffd"), "\ufeff")
}

// delimiterOf finds the delimiter that cuts the most lines, the same number of
// times as the first one.
func delimiterOf(text string) rune {
	best, most := ',', 0
	lines := strings.SplitN(text, "\n", 21)
	if len(lines) > 20 {
		lines = lines[:20]
	}
	for _, d := range []rune{'\t', ';', ',', '|'} {
		per := strings.Count(lines[0], string(d))
		if per == 0 {
			continue
		}
		same := 0
		for _, l := range lines {
			if strings.Count(l, string(d)) >= per {
				same++
			}
		}
		if same > most {
			best, most = d, same
		}
	}
	if most == 0 {
		for _, d := range []rune{'\t', ';', ',', '|'} { // a list without headings whose first line is a bare domain
			if strings.ContainsRune(text, d) {
				return d
			}
		}
	}
	return best
}

func blank(record []string) bool {
	return !slices.ContainsFunc(record, func(field string) bool { return strings.TrimSpace(field) != "" })
}

// columnMap says which field of a record is what; nil when there are no
// headings.
type columnMap map[string]int

// headings reads record as headings, or returns nil when it has no domain
// column or is itself a tenant.
func headings(record []string) columnMap {
	m := columnMap{}
	for i, field := range record {
		what := headingOf(fold(strings.TrimSpace(field)))
		if _, taken := m[what]; what != "" && !taken {
			m[what] = i
		}
	}
	if _, ok := m["domain"]; !ok {
		return nil
	}
	return m
}

func headingOf(folded string) string {
	switch folded {
	case "domain", "domains", "domain name", "domainname", "primary domain", "primary domain name", "default domain",
		"default domain name", "defaultdomainname", "tenant domain", "tenantdomain", "verified domain", "onmicrosoft domain", "initial domain",
		"domane", "domanenname", "primare domane", "primarer domanenname", "name der primaren domane", "standarddomane":
		return "domain"
	case "name", "company", "company name", "companyname", "customer", "customer name", "customername", "tenant",
		"tenant name", "display name", "displayname", "organization", "organisation",
		"firma", "firmenname", "kunde", "kundenname", "mandant", "anzeigename", "name des unternehmens":
		return "name"
	case "tag", "tags", "group", "category", "gruppe", "kategorie", "schlagworte", "markierungen":
		return "tags"
	case "color", "colour", "farbe":
		return "color"
	case "pinned", "angeheftet":
		return "pinned"
	}
	return ""
}

// tenant makes a tenant of a record. Without headings the first field that is
// a domain is the domain, and the first other one the name.
func (m columnMap) tenant(record []string) (Tenant, error) {
	if m == nil {
		return guessTenant(record)
	}
	get := func(what string) string {
		if i, ok := m[what]; ok && i < len(record) {
			return unguard(strings.TrimSpace(record[i]))
		}
		return ""
	}
	domain, err := ParseDomain(get("domain"))
	if err != nil {
		return Tenant{}, err
	}
	x := Tenant{Name: get("name"), Domain: domain, Color: strings.ToLower(get("color"))}
	if x.Color != "" {
		if _, err := luminance(x.Color); err != nil {
			return Tenant{}, err
		}
	}
	x.Tags = cleanTags(strings.FieldsFunc(get("tags"), func(r rune) bool { return r == ',' || r == ';' || r == '|' }))
	switch fold(get("pinned")) {
	case "true", "yes", "1", "x", "ja", "wahr":
		x.Pinned = true
	}
	return x, nil
}

func guessTenant(record []string) (Tenant, error) {
	var first error
	for i, field := range record {
		domain, err := ParseDomain(strings.Trim(strings.TrimSpace(field), "<>()"))
		if err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		for j, other := range record {
			if other = strings.TrimSpace(other); j != i && other != "" {
				return Tenant{Name: other, Domain: domain}, nil
			}
		}
		return Tenant{Domain: domain}, nil
	}
	if len(record) == 1 {
		if x, ok := nameAndDomain(record[0]); ok {
			return x, nil
		}
	}
	return Tenant{}, first
}

// nameAndDomain reads "Contoso Ltd contoso.com" and "contoso.com Contoso Ltd".
func nameAndDomain(line string) (Tenant, bool) {
	words := strings.Fields(line)
	if len(words) < 2 {
		return Tenant{}, false
	}
	for _, at := range []int{len(words) - 1, 0} {
		domain, err := ParseDomain(strings.Trim(words[at], "<>()-:"))
		if err != nil {
			continue
		}
		rest := slices.Delete(slices.Clone(words), at, at+1)
		return Tenant{Name: strings.Trim(strings.Join(rest, " "), " -:"), Domain: domain}, true
	}
	return Tenant{}, false
}

// Export writes all tenants as CSV with headings, in UTF-8, so that Import and
// a spreadsheet can read them. Fields that a spreadsheet would take for a
// formula get an apostrophe in front, which Import takes off.
func (t *Tenants) Export(w io.Writer) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"Name", "Domain", "Color", "Tags", "Pinned"}}
	for _, x := range t.All() {
		pinned := ""
		if x.Pinned {
			pinned = "yes"
		}
		rows = append(rows, []string{guard(x.Name), guard(x.Domain), x.Color, guard(strings.Join(x.Tags, ";")), pinned})
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("endpoint: export the tenants: %w", err)
	}
	return nil
}

const formulaStarts = "=+-@\t\r"

func guard(field string) string {
	if field != "" && (strings.ContainsRune(formulaStarts, rune(field[0])) || isGuarded(field)) {
		return "'" + field
	}
	return field
}

func isGuarded(field string) bool {
	rest, ok := strings.CutPrefix(field, "'")
	return ok && rest != "" && (strings.ContainsRune(formulaStarts, rune(rest[0])) || isGuarded(rest))
}

func unguard(field string) string {
	if isGuarded(field) {
		return field[1:]
	}
	return field
}
