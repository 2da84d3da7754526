package widgets

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
)

// unit is what a number is counted in.
type unit struct {
	Name   string // behind the number in the value
	Shown  string // in the list
	Weight float64
}

// unlimited is the value that has no number.
const unlimited = "Unlimited"

func sizeUnits(withUnlimited bool) []unit {
	units := []unit{
		{" B", "B", 1}, {" KB", "KB", 1 << 10}, {" MB", "MB", 1 << 20}, {" GB", "GB", 1 << 30}, {" TB", "TB", 1 << 40},
	}
	if withUnlimited {
		units = append(units, unit{Name: unlimited, Shown: tr("Unlimited")})
	}
	return units
}

func durationUnits() []unit {
	return []unit{{"d", tr("days"), 1}, {"h", tr("hours"), 1}, {"m", tr("minutes"), 1}, {"s", tr("seconds"), 1}}
}

// quantityEditor is a number and its unit. What is no plain number stays as it was typed:
// "49.5 GB (53,150,220,288 bytes)" and "1.02:03:04" are values too.
type quantityEditor struct {
	entry *Entry
	units []unit
	usual string // the unit to begin with
	unit  *Picker
	bytes *Text
	box   *fyne.Container
}

func newQuantityEditor(f *Field, h editorHooks) *quantityEditor {
	e := &quantityEditor{units: durationUnits(), bytes: NewCutText("", CaptionText)}
	if f.Kind == FieldSize {
		e.units = sizeUnits(f.Unlimited)
	}
	e.entry = newLine(f.Placeholder, h)
	e.entry.OnChanged = func(string) {
		e.showBytes()
		h.changed()
	}
	e.unit = NewPicker(func(text string) []Item {
		var items []Item
		for _, u := range e.units {
			if text == "" || containsFold(u.Shown, []rune(strings.ToLower(text))) {
				items = append(items, Item{ID: u.Name, Title: u.Shown})
			}
		}
		return items
	}, func(i Item) {
		e.choose(i.ID)
		h.changed()
	})
	e.unit.OnKey = h.key
	e.usual = e.firstUnit(f.Kind)
	e.choose(e.usual)
	e.box = hline(6, 2, sized(e.entry, 88, e.entry.MinSize().Height), sized(e.unit, 112, e.entry.MinSize().Height), e.bytes)
	return e
}

func (e *quantityEditor) firstUnit(k FieldKind) string {
	if k == FieldSize {
		return " MB"
	}
	return "d"
}

func (e *quantityEditor) choose(name string) {
	for _, u := range e.units {
		if u.Name == name {
			e.unit.SetItem(Item{ID: u.Name, Title: u.Shown})
		}
	}
	if name == unlimited {
		e.entry.setSilently("")
		e.entry.Disable()
	} else {
		e.entry.Enable()
	}
	e.showBytes()
}

func (e *quantityEditor) chosen() unit {
	item, _ := e.unit.Item()
	for _, u := range e.units {
		if u.Name == item.ID {
			return u
		}
	}
	return unit{}
}

// showBytes says how many bytes a size is.
func (e *quantityEditor) showBytes() {
	text := ""
	n, err := strconv.ParseFloat(strings.TrimSpace(e.entry.Text), 64)
	if u := e.chosen(); err == nil && u.Weight > 1 && n*u.Weight < 1<<53 {
		text = tr("{{.n}} B", "n", grouped(int(n*u.Weight)))
	}
	e.bytes.SetText(text)
}

func (e *quantityEditor) object() fyne.CanvasObject { return e.box }
func (e *quantityEditor) focusable() fyne.Focusable { return e.entry }

func (e *quantityEditor) text() string {
	u := e.chosen()
	if u.Name == unlimited {
		return unlimited
	}
	typed := strings.TrimSpace(e.entry.Text)
	if _, err := strconv.ParseFloat(typed, 64); err != nil {
		return typed
	}
	return typed + u.Name
}

func (e *quantityEditor) setText(s string) {
	s = strings.TrimSpace(s)
	for _, u := range e.units {
		if u.Name == unlimited {
			if strings.EqualFold(s, unlimited) {
				e.choose(unlimited)
				return
			}
			continue
		}
		number, ok := cutSuffixFold(s, strings.TrimSpace(u.Name))
		number = strings.TrimSpace(number)
		if _, err := strconv.ParseFloat(number, 64); ok && err == nil {
			e.entry.setSilently(number)
			e.choose(u.Name)
			return
		}
	}
	if item, _ := e.unit.Item(); item.ID == unlimited || s == "" { // whoever takes it back begins anew
		e.choose(e.usual)
	}
	e.entry.setSilently(s)
	e.showBytes()
}

func cutSuffixFold(s, suffix string) (string, bool) {
	if n := len(s) - len(suffix); n >= 0 && strings.EqualFold(s[n:], suffix) {
		return s[:n], true
	}
	return s, false
}
