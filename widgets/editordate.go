package widgets

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// dateLayouts are what a date can be typed as without more being said.
func dateLayouts() []string {
	return []string{"2006-01-02", "2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05", time.RFC3339, "2006-01-02 15:04Z07:00", "2006-01-02 15:04:05Z07:00"}
}

func parseDate(text string) (time.Time, bool) {
	for _, l := range dateLayouts() {
		if t, err := time.Parse(l, strings.TrimSpace(text)); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// zoneNames are places whose clocks people ask for, from west to east. The computer's own
// and UTC stand before them.
func zoneNames() []string {
	return []string{
		"Pacific/Honolulu", "America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York", "America/Halifax",
		"America/Sao_Paulo", "Europe/London", "Europe/Berlin", "Europe/Helsinki", "Europe/Istanbul", "Europe/Moscow", "Asia/Dubai",
		"Asia/Kolkata", "Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland",
	}
}

// dateEditor is a date with or without a time, typed or taken from a calendar, on the clock
// of a place. Up and Down go a day on or back, F4 opens the calendar.
type dateEditor struct {
	textEditor
	zone  *Picker
	box   *fyne.Container
	popup *widget.PopUp
}

func newDateEditor(f *Field, h editorHooks) *dateEditor {
	place := f.Placeholder
	if place == "" {
		place = "2026-12-31 14:30"
	}
	e := &dateEditor{textEditor: textEditor{entry: newLine(place, h)}}
	e.entry.OnKey = func(k *fyne.KeyEvent) bool {
		switch k.Name {
		case fyne.KeyUp, fyne.KeyDown:
			return e.stepDay(k.Name == fyne.KeyUp)
		case fyne.KeyF4:
			e.showCalendar()
			return true
		}
		return h.key(k)
	}
	open := NewIconButton(IconCalendar, tr("Calendar"), e.showCalendar)
	e.entry.ActionItem = padded(hline(0, -1, open), 4, 0)
	e.zone = NewPicker(findZones, func(Item) { h.changed() })
	e.zone.SetItem(ownZone())
	e.zone.OnKey = h.key
	height := e.entry.MinSize().Height
	e.box = hline(6, 0, heightBox(e.entry, height), sized(e.zone, 132, height))
	return e
}

// ownZone is the computer's own clock: dates on it carry no zone.
func ownZone() Item { return Item{ID: "", Title: tr("Local time")} }

func findZones(text string) []Item {
	items := []Item{ownZone(), {ID: "UTC", Title: "UTC"}}
	for _, name := range zoneNames() {
		if _, err := time.LoadLocation(name); err == nil {
			city := name[strings.LastIndexByte(name, '/')+1:]
			items = append(items, Item{ID: name, Title: strings.ReplaceAll(city, "_", " "), Detail: name})
		}
	}
	if text == "" {
		return items
	}
	var found []Item
	for _, i := range items {
		if containsFold(i.Title+" "+i.Detail, []rune(strings.ToLower(text))) {
			found = append(found, i)
		}
	}
	return found
}

func (e *dateEditor) object() fyne.CanvasObject { return e.box }

// text is the date with the offset that the chosen place has on that day.
func (e *dateEditor) text() string {
	typed := strings.TrimSpace(e.entry.Text)
	zone, _ := e.zone.Item()
	if zone.ID == "" || typed == "" {
		return typed
	}
	place, err := time.LoadLocation(zone.ID)
	if err != nil {
		return typed
	}
	for _, l := range dateLayouts()[:5] { // those without a zone of their own
		if t, err := time.ParseInLocation(l, typed, place); err == nil {
			return t.Format("2006-01-02T15:04:05Z07:00")
		}
	}
	return typed
}

func (e *dateEditor) setText(s string) {
	e.zone.SetItem(ownZone())
	e.textEditor.setText(s)
}

func (e *dateEditor) stepDay(on bool) bool {
	t, ok := parseDate(e.entry.Text)
	if !ok {
		return false
	}
	days := -1
	if on {
		days = 1
	}
	e.setDay(t.AddDate(0, 0, days))
	return true
}

// setDay replaces the day and leaves the time as it was typed.
func (e *dateEditor) setDay(t time.Time) {
	rest := ""
	if _, ok := parseDate(e.entry.Text); ok {
		rest = strings.TrimSpace(e.entry.Text)[len("2006-01-02"):]
	}
	e.entry.SetText(t.Format("2006-01-02") + rest)
}

func (e *dateEditor) showCalendar() {
	on := fyne.CurrentApp().Driver().CanvasForObject(e.entry)
	if on == nil {
		return
	}
	from, ok := parseDate(e.entry.Text)
	if !ok {
		from = time.Now()
	}
	calendar := widget.NewCalendar(from, func(t time.Time) {
		e.popup.Hide()
		e.setDay(t)
		on.Focus(e.entry)
	})
	e.popup = widget.NewPopUp(calendar, on)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(e.entry)
	e.popup.ShowAtPosition(fyne.NewPos(at.X, at.Y+e.entry.Size().Height))
}
