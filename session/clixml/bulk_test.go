package clixml_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"strconv"
	"testing"

	"postroom/session/clixml"
	"postroom/test/fixture"
)

// TestBulkSummary reads the 10,000 rows and compares with the counts, sums and
// hashes that PowerShell made of the same objects.
func TestBulkSummary(t *testing.T) {
	fixture.Long(t)
	var want struct {
		Count                        int
		FirstTypeNames               []string
		Properties                   []string
		NonNull                      map[string]int
		ValueTypes                   map[string]map[string]int
		SumItemCount                 float64
		SumUsageRatio                float64
		EmailAddressesTotal          int
		HiddenTrue                   int
		Sha256DisplayNamesLF         string
		Sha256GuidsLF                string
		Sha256FirstAddressToStringLF string
		Sha256WhenChangedUTCTicksLF  string
	}
	path := fixture.Path(t, "powershell", "bulk", "mailboxes-10000.summary.json")
	if err := json.Unmarshal(readFixture(t, path), &want); err != nil {
		t.Fatal(err)
	}
	rows, addresses, hidden, items := 0, 0, 0, int64(0)
	ratio := 0.0
	nonNull := map[string]int{}
	kinds := map[string]map[clixml.Kind]int{}
	sums := map[string][]byte{}
	line := func(name string, text []byte) { sums[name] = append(append(sums[name], text...), '\n') }
	err := new(clixml.RowScanner).ScanRows(bulkDocument(t), func(s *clixml.RowScanner) error {
		if rows == 0 && "Deserialized."+string(s.TypeName()) != want.FirstTypeNames[0] {
			t.Errorf("type name %q", s.TypeName())
		}
		rows++
		cells := s.Cells()
		if len(cells) != len(want.Properties) {
			t.Fatalf("row %d: %d cells", rows, len(cells))
		}
		for i := range cells {
			c := &cells[i]
			name := string(c.Name)
			if name != want.Properties[i] {
				t.Fatalf("row %d: cell %d is %q, want %q", rows, i, name, want.Properties[i])
			}
			if c.Kind != clixml.KindNull {
				nonNull[name]++
			}
			if kinds[name] == nil {
				kinds[name] = map[clixml.Kind]int{}
			}
			kinds[name][c.Kind]++
			switch name {
			case "ItemCount":
				items += c.Int
			case "UsageRatio":
				ratio += c.Float
			case "EmailAddresses":
				addresses += len(c.Items)
				line("first", c.Items[0])
			case "HiddenFromAddressListsEnabled":
				hidden += int(c.Int)
			case "DisplayName":
				line("names", c.Text)
			case "Guid":
				line("guids", c.Text)
			case "WhenChangedUTC":
				line("ticks", strconv.AppendInt(nil, c.DateTime.Ticks, 10))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if rows != want.Count || addresses != want.EmailAddressesTotal || hidden != want.HiddenTrue || items != int64(want.SumItemCount) {
		t.Errorf("%d rows, %d addresses, %d hidden, %d items", rows, addresses, hidden, items)
	}
	if math.Abs(ratio-want.SumUsageRatio) > 1e-6 {
		t.Errorf("sum of UsageRatio %v, want %v", ratio, want.SumUsageRatio)
	}
	for name, n := range want.NonNull {
		if nonNull[name] != n {
			t.Errorf("%s: %d values, want %d", name, nonNull[name], n)
		}
	}
	for name, types := range want.ValueTypes {
		for typ, n := range types {
			if kind, ok := bulkKinds[typ]; ok && kinds[name][kind] != n && kinds[name][clixml.KindEnum] != n {
				t.Errorf("%s: %v of kind %d, want %d %s", name, kinds[name], kind, n, typ)
			}
		}
	}
	for name, sum := range map[string]string{
		"names": want.Sha256DisplayNamesLF, "guids": want.Sha256GuidsLF,
		"first": want.Sha256FirstAddressToStringLF, "ticks": want.Sha256WhenChangedUTCTicksLF,
	} {
		joined := sums[name]
		with, without := sha256.Sum256(joined), sha256.Sum256(joined[:len(joined)-1])
		if hex.EncodeToString(with[:]) != sum && hex.EncodeToString(without[:]) != sum {
			t.Errorf("%s: neither %x nor %x is %s", name, with, without, sum)
		}
	}
}

// bulkKinds are the kinds of cells for .NET's types.
var bulkKinds = map[string]clixml.Kind{
	"null":                         clixml.KindNull,
	"System.String":                clixml.KindText,
	"System.Boolean":               clixml.KindBool,
	"System.Int32":                 clixml.KindInt,
	"System.Int64":                 clixml.KindInt,
	"System.Double":                clixml.KindFloat,
	"System.Guid":                  clixml.KindGUID,
	"System.DateTime":              clixml.KindDateTime,
	"System.TimeSpan":              clixml.KindDuration,
	"System.Version":               clixml.KindVersion,
	"System.Collections.ArrayList": clixml.KindList,
}
