package endpoint

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// Export writes all tenants as CSV with headings, in UTF-8 with a byte order
// mark, without which Excel takes umlauts apart, so that Import and a
// spreadsheet can read them. Fields that a spreadsheet would take for a
// formula get an apostrophe in front, which Import takes off.
func (t *Tenants) Export(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("endpoint: export the tenants: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	rows := [][]string{{"Name", "Domain", "Color", "Tags", "Pinned", "Read only"}}
	for _, x := range t.All() {
		rows = append(rows, []string{
			guard(x.Name), guard(x.Domain), x.Color, guard(strings.Join(x.Tags, ";")), yes(x.Pinned), yes(x.ReadOnly),
		})
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("endpoint: export the tenants: %w", err)
	}
	return nil
}

func yes(holds bool) string {
	if holds {
		return "yes"
	}
	return ""
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
