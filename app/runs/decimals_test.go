package runs

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/container"

	"postroom/app/desktest"
	"postroom/app/words"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/job"
	"postroom/session/result"
	"postroom/widgets"
)

// TestDecimalsFollowTheLanguage: the point of a decimal is the language's, as the mark between
// groups of three digits is: lengths of time, sizes and averages, in what the window says by
// itself and in its widgets.
func TestDecimalsFollowTheLanguage(t *testing.T) {
	for language, want := range map[string][]string{
		"en": {"0.4", "1,234.5", "1.5 GB", "1,023 B", "1,234.50", "average 2.50", "sum 1.5 GB", "sum 1.02:03:04", "0.4 s", "1.3 s"},
		"de": {"0,4", "1.234,5", "1,5 GB", "1.023 B", "1.234,50", "Durchschnitt 2,50", "Summe 1,5 GB", "Summe 1.02:03:04", "0,4 s", "1,3 s"},
	} {
		t.Run(language, func(t *testing.T) {
			if language == "de" {
				desktest.German(t)
			}
			shown, _ := desktest.New(t)
			foot := newProgress(func() {})
			foot.begin()
			foot.end(outcomeOf(&run{targets: []session.Target{{}}, command: job.Command{Pipeline: cmdlet.Pipeline{{Cmdlet: "Get-Mailbox"}}}}, []job.Status{{State: job.Done, Rows: 1000}}), time.Now(), 400*time.Millisecond)
			steps := widgets.NewStepList(widgets.Step{Text: "step", State: widgets.StepDone, Took: 1300 * time.Millisecond})
			shown.Window.SetContent(container.NewVBox(foot.content, steps))
			table := result.NewTable(result.Provenance{})
			b := table.Builder()
			b.BeginRow()
			b.Text([]byte("Size"), []byte("1"))
			if err := b.EndRow(); err != nil {
				t.Fatal(err)
			}
			view := viewSource{View: table.Snapshot()}
			measures := func(s result.Statistics) string { s.MinRow = -1; return measuresText(view, 0, s) }
			said := []string{
				words.Seconds(400 * time.Millisecond), words.Seconds(1234500 * time.Millisecond), words.Size(1.5 * (1 << 30)), words.Size(1023),
				words.Decimal(1234.5, 2),
				measures(result.Statistics{Numbers: 2, Sum: 5, Average: 2.5}),
				measures(result.Statistics{Numbers: 1, Unit: result.UnitBytes, Sum: 1.5 * (1 << 30)}),
				measures(result.Statistics{Numbers: 1, Unit: result.UnitTicks, Sum: 26*36e9 + 3*6e8 + 4*1e7}),
				desktest.Text(shown), desktest.Text(shown),
			}
			for i, text := range said {
				if !strings.Contains(text, want[i]) {
					t.Errorf("%q lacks %q", text, want[i])
				}
			}
		})
	}
}
