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
	letter "unicode"
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
	Changed   []Tenant // known ones of which the list brought something new
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
	next.ReadOnly = next.ReadOnly || x.Tenant.ReadOnly
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
	return a.Name == b.Name && a.Color == b.Color && a.Pinned == b.Pinned && a.ReadOnly == b.ReadOnly && slices.Equal(a.Tags, b.Tags)
}

// Listed is a tenant of a list and the line that names it.
type Listed struct {
	Line   int // counted from 1
	Tenant Tenant
}

// ParseTenants reads a list as Import does, without keeping it: for a preview.
// Names, colours and tags that the list does not give stay empty.
func ParseTenants(raw []byte) ([]Listed, []*LineError) {
	l := listReader{text: decodeText(raw)}
	l.delimiter = l.cutDelimiter()
	l.read(l.text, 0, true)
	if all := allDomains(l.first); l.columns == nil && l.records == 1 && len(all) > 1 { // a list on one line
		l.listed = nil
		for _, x := range all {
			l.listed = append(l.listed, Listed{Line: 1, Tenant: x})
		}
	}
	return l.listed, l.failed
}

// listReader reads a list of tenants.
type listReader struct {
	text      string
	delimiter rune
	columns   columnMap // nil when there are no headings
	records   int       // with something in them
	first     []string  // the first of them
	listed    []Listed
	failed    []*LineError
}

// read reads the records of text, whose first line follows after lines others.
// Without quotes, they stand for themselves.
func (l *listReader) read(text string, lines int, quotes bool) {
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = l.delimiter
	reader.FieldsPerRecord = -1
	reader.LazyQuotes = true
	reader.TrimLeadingSpace = l.delimiter != '\t'
	before := int64(0)
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil { // with LazyQuotes only of the delimiter, which is one of ours
			l.failed = append(l.failed, &LineError{Line: lines + 1, Err: err})
			return
		}
		from := before
		before = reader.InputOffset()
		at, _ := reader.FieldPos(0)
		err = l.take(record, lines+at)
		if err == nil {
			continue
		}
		// A quote that is not closed takes all the lines after it along.
		if several := text[from:before]; quotes && strings.Count(strings.TrimSpace(several), "\n") > 0 {
			l.read(strings.ReplaceAll(several, `"`, ""), lines+strings.Count(text[:from], "\n"), false)
			continue
		}
		l.failed = append(l.failed, &LineError{Line: lines + at, Text: strings.Join(record, string(l.delimiter)), Err: err})
	}
}

// take reads a record.
func (l *listReader) take(record []string, line int) error {
	if blank(record) {
		return nil
	}
	l.records++
	if l.records == 1 {
		l.first = record
		if l.columns = headings(record); l.columns != nil {
			return nil
		}
	}
	tenants, err := l.columns.tenants(record)
	switch {
	case err != nil && strings.HasPrefix(strings.TrimSpace(record[0]), "#"): // a remark
		return nil
	case err != nil && l.records == 1 && len(record) > 1 && !strings.Contains(strings.Join(record, ""), "."): // headings that we do not know
		return nil
	case err != nil:
		return err
	}
	for _, x := range tenants {
		l.listed = append(l.listed, Listed{Line: line, Tenant: x})
	}
	return nil
}

// decodeText turns what spreadsheets write into UTF-8.
func decodeText(raw []byte) string {
	order, policy := unicode.LittleEndian, unicode.ExpectBOM
	utf16 := bytes.HasPrefix(raw, []byte{0xff, 0xfe}) || bytes.HasPrefix(raw, []byte{0xfe, 0xff})
	if nul := bytes.IndexByte(raw, 0); !utf16 && nul >= 0 && len(raw)%2 == 0 { // text has none in UTF-8
		utf16, policy = true, unicode.IgnoreBOM
		if nul%2 == 0 {
			order = unicode.BigEndian
		}
	}
	if utf16 {
		if b, err := unicode.UTF16(order, policy).NewDecoder().Bytes(raw); err == nil {
			return string(b)
		}
	}
	if !utf8.Valid(raw) {
		if b, err := charmap.Windows1252.NewDecoder().Bytes(raw); err == nil {
			return string(b)
		}
	}
	return strings.TrimPrefix(strings.ToValidUTF8(string(raw), "\ufffd"), "\ufeff")
}

func delimiters() []rune { return []rune{'\t', ';', ',', '|'} }

// cutDelimiter returns the delimiter: the one that Excel's line "sep=;" names,
// which is emptied, else the one that cuts the most lines, the same number of
// times as the first one.
func (l *listReader) cutDelimiter() rune {
	if first, rest, _ := strings.Cut(l.text, "\n"); len(first) > 4 && strings.EqualFold(first[:4], "sep=") {
		if d, _ := utf8.DecodeRuneInString(first[4:]); slices.Contains(delimiters(), d) {
			l.text = "\n" + rest
			return d
		}
	}
	best, most := ',', 0
	lines := strings.SplitN(l.text, "\n", 21)
	if len(lines) > 20 {
		lines = lines[:20]
	}
	for _, d := range delimiters() {
		per := strings.Count(lines[0], string(d))
		if per == 0 {
			continue
		}
		same := 0
		for _, line := range lines {
			if strings.Count(line, string(d)) >= per {
				same++
			}
		}
		if same > most {
			best, most = d, same
		}
	}
	if most == 0 {
		for _, d := range delimiters() { // a list without headings whose first line is a bare domain
			if strings.ContainsRune(l.text, d) {
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
	if mail, ok := m["mail"]; ok {
		if _, known := m["domain"]; !known {
			m["domain"] = mail
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
	case "mail", "e-mail", "email", "mail address", "email address", "upn", "user principal name", "userprincipalname",
		"e-mail-adresse", "mailadresse", "benutzerprinzipalname":
		return "mail"
	case "tag", "tags", "group", "category", "gruppe", "kategorie", "schlagworte", "markierungen":
		return "tags"
	case "color", "colour", "farbe":
		return "color"
	case "pinned", "angeheftet":
		return "pinned"
	case "read only", "read-only", "readonly", "nur lesen":
		return "read only"
	}
	return ""
}

// tenants makes a tenant of a record. Without headings the first field that is
// a domain is the domain, and the first other one the name; one line of nothing
// but domains is as many tenants.
func (m columnMap) tenants(record []string) ([]Tenant, error) {
	if m == nil {
		return guessTenants(record)
	}
	get := func(what string) string {
		if i, ok := m[what]; ok && i < len(record) {
			return unguard(strings.TrimSpace(record[i]))
		}
		return ""
	}
	domain, err := ParseDomain(bareDomain(get("domain")))
	if err != nil {
		return nil, err
	}
	x := Tenant{Name: get("name"), Domain: domain, Color: strings.ToLower(get("color"))}
	if x.Color != "" {
		if _, err := luminance(x.Color); err != nil {
			return nil, err
		}
	}
	x.Tags = cleanTags([]string{get("tags")})
	x.Pinned, x.ReadOnly = isYes(get("pinned")), isYes(get("read only"))
	return []Tenant{x}, nil
}

// isYes reads a cell that says whether something holds.
func isYes(cell string) bool {
	return slices.Contains([]string{"true", "yes", "1", "x", "ja", "wahr"}, fold(cell))
}

// bareDomain takes off what stands round a domain in a text.
func bareDomain(field string) string {
	return strings.Trim(strings.TrimSpace(field), "<>()'\"-:\u2022*")
}

func guessTenants(record []string) ([]Tenant, error) {
	if all := allDomains(record); len(all) > 2 {
		return all, nil
	}
	if len(record) == 1 {
		words := strings.Fields(record[0])
		if all := allDomains(words); len(all) > 1 {
			return all, nil
		}
		if x, ok := nameAndDomain(words); ok {
			return []Tenant{x}, nil
		}
	}
	var first error
	for i, field := range record {
		domain, err := ParseDomain(bareDomain(field))
		if err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		for j, other := range record {
			if other = strings.TrimSpace(other); j != i && other != "" {
				return []Tenant{{Name: other, Domain: domain}}, nil
			}
		}
		return []Tenant{{Domain: domain}}, nil
	}
	return nil, first
}

// allDomains are the tenants of texts that are domains, all of them, or nil.
func allDomains(texts []string) []Tenant {
	var all []Tenant
	for _, text := range texts {
		if strings.TrimSpace(text) == "" {
			continue
		}
		domain, err := ParseDomain(bareDomain(text))
		if err != nil {
			return nil
		}
		all = append(all, Tenant{Domain: domain})
	}
	return all
}

// nameAndDomain reads "Contoso Ltd contoso.com" and "contoso.com Contoso Ltd".
func nameAndDomain(words []string) (Tenant, bool) {
	if len(words) < 2 {
		return Tenant{}, false
	}
	for _, at := range []int{len(words) - 1, 0} {
		domain, err := ParseDomain(bareDomain(words[at]))
		if err != nil {
			continue
		}
		name := strings.Trim(strings.Join(slices.Delete(slices.Clone(words), at, at+1), " "), " -:\u2022*")
		if !strings.ContainsFunc(name, func(r rune) bool { return letter.IsLetter(r) }) {
			name = "" // the number of a list
		}
		return Tenant{Name: name, Domain: domain}, true
	}
	return Tenant{}, false
}
