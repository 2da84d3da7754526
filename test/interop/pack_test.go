package interop

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"postroom/app/cli"
	"postroom/app/folders"
	"postroom/assets"
	"postroom/session/report"
	"postroom/session/simulator"
	"postroom/test/fixture"
)

// TestPacksAreReadBackByOpenpyxl: a pack over two tenants gives a workbook for each
// with a cover and a sheet for each report, and every value in them is that of the
// report alone.
func TestPacksAreReadBackByOpenpyxl(t *testing.T) {
	fixture.Long(t)
	interpreter := python(t)
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(dir, "config"))
	t.Setenv("XDG_STATE_HOME", filepath.Join(dir, "state"))
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(dir, "no-bus"))
	s, err := simulator.Start(simulator.Options{Rows: 25})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	catalogue, err := report.ReadCatalogue(assets.Reports(), assets.Packs())
	if err != nil {
		t.Fatal(err)
	}
	library := report.NewLibrary(filepath.Join(dir, "config", "postroom", folders.Reports), catalogue)
	chosen := []string{"PercentUsed", "DisplayName", "LastLogonTime"}
	pack := report.Pack{Name: "mine", Title: report.Text{En: "My pack"}, Parts: []report.Part{
		{Report: "mailbox-list"}, {Report: "mailbox-sizes", Columns: chosen}, {Report: "databases"}, {Report: "transport-rules"},
	}}
	if err := library.SavePack(t.Context(), pack, report.New); err != nil {
		t.Fatal(err)
	}
	tenants := []string{"nordsee-logistik.example", "alpenhof.example"}
	run := func(words ...string) (code int, stdout, stderr string) {
		var out, said bytes.Buffer
		code = cli.Run(t.Context(), words, cli.Streams{In: strings.NewReader(s.Password() + "\n"), Out: &out, Err: &said})
		return code, out.String(), said.String()
	}
	at := []string{"--url", s.URL(), "--ca", s.CAFile(), "--user", s.Account(), "--password-stdin"}
	code, summary, said := run(append([]string{"report", "mine", "--tenant", tenants[0], "--tenant", tenants[1], "--dir", dir, "--pattern", "{tenant}_{pack}", "--csv", "-"}, at...)...)
	if lines, err := csv.NewReader(strings.NewReader(summary)).ReadAll(); err != nil || len(lines) != 9 || !slices.Contains(lines[0], "State") {
		t.Errorf("%v: %s%s", err, summary, said)
	}
	for _, tenant := range tenants {
		name := filepath.Join(dir, tenant+"_mine.xlsx")
		if code != cli.ExitDone { // a report that the simulator refuses makes it a part
			name = filepath.Join(dir, tenant+"_mine_partial.xlsx")
		}
		script := filepath.Join(fixture.Root(t), "test", "interop", "readback.py")
		cmd := exec.CommandContext(t.Context(), interpreter, script, "xlsx", name)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		var book map[string]json.RawMessage
		if err := json.Unmarshal(out, &book); err != nil {
			t.Fatal(err)
		}
		if _, cover := book["About this file"]; !cover || !strings.Contains(string(book["About this file"]), tenant) || !strings.Contains(string(book["About this file"]), "My pack") {
			t.Errorf("%s: the cover is %s", tenant, book["About this file"])
		}
		for sheet, part := range map[string]report.Part{"Mailboxes": pack.Parts[0], "Mailbox sizes and quotas": pack.Parts[1]} {
			var rows [][][2]any
			if err := json.Unmarshal(book[sheet], &rows); err != nil {
				t.Errorf("%s has no sheet %s: %v", tenant, sheet, err)
				continue
			}
			words := append([]string{"report", part.Report, "--tenant", tenant, "--csv", "-"}, at...)
			if len(part.Columns) > 0 {
				words = append(words, "--columns", strings.Join(append(slices.Clone(part.Columns), "Marks"), ","))
			}
			_, text, complaint := run(words...)
			want, err := csv.NewReader(strings.NewReader(text)).ReadAll()
			if err != nil || len(want) != len(rows) || len(want) < 10 {
				t.Errorf("%s, %s: %d rows in the sheet, %d of the report alone %v %s", tenant, sheet, len(rows), len(want), err, complaint)
				continue
			}
			for i := range want {
				for col, cell := range want[i] {
					if got := asText(rows[i][col]); !sameCell(got, cell) {
						t.Errorf("%s, %s, row %d, %s: %q, the report alone has %q", tenant, sheet, i, want[0][col], got, cell)
					}
				}
			}
		}
	}
}

// asText is a cell of openpyxl's as text.
func asText(cell [2]any) string {
	switch v := cell[1].(type) {
	case nil:
		return ""
	case bool:
		if v {
			return "True"
		}
		return "False"
	case string:
		return v
	}
	return "?"
}

// sameCell compares with a CSV's cell: dates to the second, numbers as they are.
func sameCell(got, want string) bool {
	if got == want {
		return true
	}
	if len(want) >= 19 && len(got) >= 19 && strings.Replace(want[:19], " ", "T", 1) == got[:19] {
		return true
	}
	return strings.TrimSuffix(got, ".0") == strings.TrimSuffix(want, ".0") || strings.EqualFold(got, want)
}
