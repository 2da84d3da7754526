package remoting

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"postroom/session/clixml"
	"postroom/session/result"
	"postroom/test/fixture"
)

// realRows gives the rows that a real Exchange sent, as a run delivers them.
func realRows(t *testing.T, file string) *result.View {
	t.Helper()
	table := result.NewTable(result.Provenance{})
	var reader rowReader
	err := new(clixml.RowScanner).ScanRows(fixture.Read(t, "exchange-real", file), func(s *clixml.RowScanner) error {
		table.Builder().BeginRow()
		reader.appendCells(table.Builder(), s)
		return table.Builder().EndRow()
	})
	if err != nil {
		t.Fatal(err)
	}
	return table.Snapshot()
}

// TestRealCertificatesAreTakenApart: what came as bytes says whose it is and until when,
// in the table and in a file.
func TestRealCertificatesAreTakenApart(t *testing.T) {
	for _, file := range []string{"E16-GetExchangeCertificate.xml", "E19-GetExchangeCertificate.xml"} {
		v := realRows(t, file)
		rows, _ := v.Size()
		for row := range rows {
			cell := func(name string) string {
				col, ok := v.Column(name)
				if !ok {
					t.Fatalf("%s: no column %s in %q", file, name, v.Headers())
				}
				return v.Cell(row, col)
			}
			notAfter, err := time.Parse("2006-01-02 15:04:05Z", cell("NotAfter"))
			if err != nil || notAfter.Year() < 2020 {
				t.Errorf("%s: valid until %q, %v", file, cell("NotAfter"), err)
			}
			if !strings.HasPrefix(cell("Subject"), "CN=") || !strings.HasPrefix(cell("Issuer"), "CN=") ||
				len(cell("Thumbprint")) != 40 || len(cell("ThumbprintSHA256")) != 64 || cell("KeyAlgorithm") != "RSA" || cell("PublicKeySize") != "2048" {
				t.Errorf("%s: %q, %q, %q, %q", file, cell("Subject"), cell("Issuer"), cell("Thumbprint"), cell("PublicKeySize"))
			}
			if self := cell("IsSelfSigned"); (self == "True") != (cell("Subject") == cell("Issuer")) {
				t.Errorf("%s: %s by %s is self-signed: %s", file, cell("Subject"), cell("Issuer"), self)
			}
		}
		var csv bytes.Buffer
		if _, err := result.Write(t.Context(), &csv, v, result.Options{}); err != nil {
			t.Fatal(err)
		}
		if head, _, _ := strings.Cut(csv.String(), "\r\n"); !strings.Contains(head, "NotAfter") || !strings.Contains(head, "CertificateDomains") {
			t.Errorf("%s: the file has %s", file, head)
		}
	}
}

// TestRealValuesMeanWhatTheySay: sizes, lengths of time and Unlimited, which come as
// objects, are compared and counted by what they mean.
func TestRealValuesMeanWhatTheySay(t *testing.T) {
	v := realRows(t, "E19-GetReceiveConnector.xml")
	col, ok := v.Column("ConnectionTimeout")
	if !ok {
		t.Fatalf("columns %q", v.Headers())
	}
	s, err := v.Statistics(t.Context(), col)
	if err != nil {
		t.Fatal(err)
	}
	if s.Unit != result.UnitTicks || s.Numbers != s.Rows || s.Rows < 3 {
		t.Errorf("%s: %+v", v.Header(col), s)
	}
	col, _ = v.Column("MaxMessageSize")
	sorted, err := v.SortedBy(t.Context(), result.SortKey{Column: col})
	if err != nil {
		t.Fatal(err)
	}
	stats, err := v.Statistics(t.Context(), col)
	if err != nil || stats.Unit != result.UnitBytes || sorted.Cell(0, col) != stats.Min {
		t.Errorf("%+v, first %q, %v", stats, sorted.Cell(0, col), err)
	}
	large, err := v.Filter(t.Context(), result.Filter{Where: []result.Criterion{{Column: "MaxMessageSize", Op: result.Greater, Value: "35 MB"}}})
	if err != nil {
		t.Fatal(err)
	}
	rows, _ := large.Size()
	for row := range rows {
		if text := large.Cell(row, col); !slices.Contains(strings.Fields(text), "MB") || strings.HasPrefix(text, "35 MB") {
			t.Errorf("%s is more than 35 MB", text)
		}
	}
	if rows == 0 {
		t.Error("no connector takes more than 35 MB")
	}
}
