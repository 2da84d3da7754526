package interop

import (
	"encoding/json"
	"fmt"
	"image/color"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"postroom/session/chart"
	"postroom/session/result"
	"postroom/test/fixture"
)

// TestBarsAreAsLongAsTheNumbers: Python finds the largest rows in the exported CSV, and in the
// SVG, by its own XML reader, a bar for each in that order: with the row's name beside it, in its
// tenant's colour, all of one length for a byte.
func TestBarsAreAsLongAsTheNumbers(t *testing.T) {
	interpreter := python(t)
	colors := map[string]color.Color{"alpenhof.example": color.NRGBA{0xaa, 0x33, 0x55, 0xff}, "nordsee.example": color.NRGBA{0x33, 0x66, 0x99, 0xff}}
	colorOf := map[string]string{}
	table := result.NewTable(result.Provenance{Command: "Get-MailboxStatistics"}, result.TenantColumn)
	b := table.Builder()
	size := uint64(78)
	for i := range 40 {
		size = size*6364136223846793005 + 1442695040888963407
		tenant, name, bytes := []string{"alpenhof.example", "nordsee.example"}[size>>40%2], fmt.Sprintf("Büro %d", i), size>>27
		colorOf[name] = map[string]string{"alpenhof.example": "#AA3355", "nordsee.example": "#336699"}[tenant]
		b.BeginRow()
		b.Own(result.TenantColumn, []byte(tenant))
		b.Text([]byte("DisplayName"), []byte(name))
		b.Text([]byte("TotalItemSize"), []byte(fmt.Sprintf("%.2f GB (%d bytes)", float64(bytes)/(1<<30), bytes)))
		if err := b.EndRow(); err != nil {
			t.Fatal(err)
		}
	}
	v := table.Snapshot()
	c, err := chart.Of(t.Context(), v, chart.Spec{Kind: chart.Bars, Value: "TotalItemSize", Label: "DisplayName", Stack: "Tenant"})
	if err != nil {
		t.Fatal(err)
	}
	var picture, rows strings.Builder
	if err := c.Write(&picture, ".svg", chart.Style{Language: "de", Title: "Größen", Colors: colors}); err != nil {
		t.Fatal(err)
	}
	if _, err := result.Write(t.Context(), &rows, v, result.Options{Format: result.CSV}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"chart.svg": picture.String(), "rows.csv": rows.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), interpreter, filepath.Join(fixture.Root(t), "test", "interop", "bars.py"),
		filepath.Join(dir, "chart.svg"), filepath.Join(dir, "rows.csv"), "TotalItemSize", "DisplayName")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var bars []struct {
		Label, Drawn, Colour string
		Value, Length        float64
	}
	if err := json.Unmarshal(out, &bars); err != nil {
		t.Fatal(err)
	}
	if len(bars) != 15 {
		t.Fatalf("%d bars", len(bars))
	}
	perByte := bars[0].Length / bars[0].Value
	for _, bar := range bars {
		if bar.Drawn != bar.Label || bar.Colour != colorOf[bar.Label] {
			t.Errorf("%q in %s is drawn as %q in %s", bar.Label, colorOf[bar.Label], bar.Drawn, bar.Colour)
		}
		if want := bar.Value * perByte; math.Abs(bar.Length-want) > 0.05 { // points; it is written with five digits
			t.Errorf("%s is drawn %.2f long, not %.2f", bar.Label, bar.Length, want)
		}
	}
}
