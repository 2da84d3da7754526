package runs

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/widgets"
)

// TestTheCountIsNeverCut: nor does what the filter looks at go, which is found nowhere else, and
// no two parts lie on each other, as narrow as the bar becomes.
func TestTheCountIsNeverCut(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(widgets.NewTheme(widgets.AlwaysLight))
	origin, count := widgets.NewCutText("Get-Mailbox · anna@contoso.example · Exchange", widgets.MutedText), widgets.NewCutText("1.000 Zeilen", widgets.BodyText)
	filter, scope := widgets.NewEntry(), widgets.NewLink("angezeigte Spalten", nil)
	bar := newRowsBar(filter, scope, origin, count, widgets.NewButton("Spalten", nil), widgets.NewButton("Diagramm", nil), widgets.NewButton("Exportieren", nil))
	lines := map[bool]int{}
	for width := bar.MinSize().Width; width < 1200; width += 7 {
		bar.Resize(fyne.NewSize(width, widgets.HeightFor(bar, width)))
		lines[widgets.HeightFor(bar, width) > widgets.HeightFor(bar, 1200)]++
		if !scope.Visible() || count.Size().Width < count.WholeWidth() {
			t.Errorf("at %v the count has %v of %v, the scope is shown: %v", width, count.Size().Width, count.WholeWidth(), scope.Visible())
		}
		for i, o := range bar.Objects {
			if end := o.Position().Add(o.Size()); o.Visible() && (end.X > width || end.Y > bar.Size().Height) {
				t.Errorf("at %v part %d ends at %v", width, i, end)
			}
			for j, p := range bar.Objects[:i] {
				if o.Visible() && p.Visible() && overlap(o, p) {
					t.Errorf("at %v parts %d and %d lie on each other", width, j, i)
				}
			}
		}
	}
	if lines[true] == 0 || lines[false] == 0 {
		t.Errorf("one line and two: %v", lines)
	}
}

func overlap(o, p fyne.CanvasObject) bool {
	a, b := o.Position(), p.Position()
	return a.X < b.X+p.Size().Width && b.X < a.X+o.Size().Width && a.Y < b.Y+p.Size().Height && b.Y < a.Y+o.Size().Height
}
