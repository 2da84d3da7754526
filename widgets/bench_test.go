package widgets_test

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"postroom/widgets"
)

// millionGrid is a full window over 1,000,000 rows and 40 columns.
func millionGrid(b *testing.B) (*widgets.Grid, fyne.Window) {
	b.Helper()
	themedApp(b)
	g := widgets.NewGrid()
	w := window(b, g, 1900, 1000)
	g.SetSource(million{})
	b.ResetTimer()
	return g, w
}

func BenchmarkGrid_Scroll(b *testing.B) {
	g, _ := millionGrid(b)
	for i := 0; b.Loop(); i++ {
		dy := float32(-40)
		if i%2000 >= 1000 {
			dy = 40
		}
		g.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, dy)})
	}
}

func BenchmarkGrid_Resize(b *testing.B) {
	g, _ := millionGrid(b)
	for i := 0; b.Loop(); i++ {
		g.Resize(fyne.NewSize(1900-float32(i%200), 1000))
	}
}

func BenchmarkGrid_Refresh(b *testing.B) {
	g, _ := millionGrid(b)
	for b.Loop() {
		g.Refresh()
	}
}

func BenchmarkGrid_SetSource(b *testing.B) {
	g, _ := millionGrid(b)
	for b.Loop() {
		g.SetSource(million{})
	}
}

func BenchmarkGrid_FindNothingInAMillion(b *testing.B) {
	request := widgets.FindRequest{Source: million{}, Text: "no such text", Step: 1}
	for b.Loop() {
		if _, ok := request.Row(nil); ok {
			b.Fatal("found")
		}
	}
}

func BenchmarkPicker_AThousandTenants(b *testing.B) {
	themedApp(b)
	search := tenants(1000)
	p := widgets.NewPicker(search, nil)
	w := window(b, p, 500, 500)
	p.Open()
	for i := 0; b.Loop(); i++ {
		if i%2 == 0 {
			typed(w, "7")
		} else {
			press(w, fyne.KeyBackspace)
		}
	}
}

// BenchmarkForm_TwoHundredParameters makes a form of 200 parameters of every kind and shows it.
func BenchmarkForm_TwoHundredParameters(b *testing.B) {
	themedApp(b)
	spec := widgets.FormSpec{}
	for i := range 200 {
		spec.Fields = append(spec.Fields, widgets.Field{Name: fmt.Sprintf("Parameter%d", i), Kind: widgets.FieldKind(i % 17), Rank: i, Help: "What it is for, in a sentence that needs more than one line.", Choices: []string{"One", "Two"}})
	}
	f := widgets.NewParameterForm()
	window(b, f, 1000, 700)
	for b.Loop() {
		f.SetSpec(spec)
	}
}
