package runs

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"postroom/app/words"
	"postroom/session"
	"postroom/session/credential"
	"postroom/session/harmless"
	"postroom/session/job"
	"postroom/session/report"
	"postroom/widgets"
)

// talk is what was said while a run went on. Folded it is a line with the counts
// and the gravest message; unfolded it is the list, which can be searched. UI
// thread only.
type talk struct {
	onFold func() // it needs more or less room now

	fold    *widgets.Button
	sign    *widgets.Sign
	summary *widgets.Text
	search  *widgets.Entry
	list    *widgets.MessageList
	content *fyne.Container

	all    []said
	where  func(target int) string // names a target; "" where there is one alone
	folded bool
}

func newTalk(copied func(string), onFold func()) *talk {
	t := &talk{
		onFold: onFold, folded: true,
		sign: widgets.NewSign(widgets.IconInformation, widgets.MutedText, ""), summary: widgets.NewCutText("", widgets.BodyText),
		search: widgets.NewEntry(), list: widgets.NewMessageList(),
	}
	t.fold = widgets.NewIconButton(widgets.IconChevronRight, "", func() { t.setFolded(!t.folded) })
	t.search.SetPlaceHolder(lang.L("Find in messages"))
	t.search.OnChanged = func(string) { t.fill() }
	t.list.OnCopy = copied
	head := container.NewBorder(nil, nil, container.NewHBox(t.fold, t.sign), nil, t.summary)
	t.content = widgets.NewColumn(0,
		container.New(layout.NewCustomPaddedLayout(0, 0, tabPad, tabPad), head),
		container.New(layout.NewCustomPaddedLayout(0, 4, tabPad, tabPad), t.search), t.list)
	t.setFolded(true)
	t.content.Hide()
	return t
}

// clear forgets the messages of the run before.
func (t *talk) clear(where func(target int) string) {
	t.all, t.where = nil, where
	t.list.Clear()
	t.content.Hide()
}

// add shows further messages.
func (t *talk) add(news []said) {
	if len(news) == 0 {
		return
	}
	for _, m := range news {
		m.Text = saidText(m.Message)
		t.all = append(t.all, m)
		if t.matches(m) {
			t.list.Append(t.shown(m))
		}
	}
	t.summarize()
	if !t.content.Visible() {
		t.content.Show()
		t.onFold()
	}
}

// setFolded shows the list, or the line alone.
func (t *talk) setFolded(folded bool) {
	t.folded = folded
	icon, name := widgets.IconChevronDown, lang.L("Fold the messages")
	if folded {
		icon, name = widgets.IconChevronRight, lang.L("Show the messages")
	}
	t.fold.Name = name
	t.fold.SetIcon(icon)
	widgets.SetVisible(t.content.Objects[1], !folded)
	widgets.SetVisible(t.list, !folded)
	t.onFold()
}

// fill shows the messages that have what is searched for.
func (t *talk) fill() {
	var found []widgets.Message
	for _, m := range t.all {
		if t.matches(m) {
			found = append(found, t.shown(m))
		}
	}
	t.list.SetMessages(found)
}

func (t *talk) matches(m said) bool {
	return words.Contains(m.Text, t.search.Text) || words.Contains(t.where(m.target), t.search.Text)
}

func (t *talk) shown(m said) widgets.Message {
	return widgets.Message{Text: m.Text, Time: clock(m.Time), Severity: severity(m.Kind), Source: t.where(m.target)}
}

// summarize says in a line how many there are, and the gravest.
func (t *talk) summarize() {
	var count [widgets.Failure + 1]int
	worst := t.all[0]
	for _, m := range t.all {
		s := severity(m.Kind)
		count[s]++
		if s > severity(worst.Kind) {
			worst = m
		}
	}
	var parts []string
	if n := count[widgets.Failure]; n > 0 {
		parts = append(parts, words.Errors(n))
	}
	if n := count[widgets.Warning]; n > 0 {
		parts = append(parts, warningText(n))
	}
	if n := count[widgets.Information]; n > 0 {
		parts = append(parts, messageText(n))
	}
	first, _, _ := strings.Cut(worst.Text, "\n")
	if where := t.where(worst.target); where != "" {
		first = where + ": " + first
	}
	t.summary.SetText(strings.Join(parts, ", ") + " · " + first)
	switch severity(worst.Kind) {
	case widgets.Failure:
		t.sign.Set(widgets.IconFailure, widgets.ErrorText, lang.L("Error"))
	case widgets.Warning:
		t.sign.Set(widgets.IconWarning, widgets.WarningText, lang.L("Warning"))
	default:
		t.sign.Set(widgets.IconInformation, widgets.MutedText, lang.L("Message"))
	}
}

// saidText is what a message says: a server's words as they are, the program's own in the
// language of the window.
func saidText(m session.Message) string {
	if row, is := errors.AsType[*report.RowError](m.Err); is {
		return harmless.Line(row.Row) + ": " + saidText(session.Message{Text: row.Err.Error(), Err: row.Err})
	}
	if _, ofServer := errors.AsType[session.CmdletError](m.Err); ofServer || m.Err == nil {
		return m.Text
	}
	if doubt, is := errors.AsType[*session.DoubtfulValue](m.Err); is {
		value := harmless.Line(doubt.Value)
		if doubt.Least != "" {
			return fmt.Sprintf(lang.L("-%s: %s is less than %s. Exchange Online may give no rows for it."), doubt.Parameter, value, doubt.Least)
		}
		return fmt.Sprintf(lang.L("-%s: %s is not a known value, but the beginning of %s. Exchange Online may take it for that, or give no rows."),
			doubt.Parameter, value, strings.Join(doubt.Choices, " / "))
	}
	if unread, is := errors.AsType[*session.UnreadMessage](m.Err); is {
		return fmt.Sprintf(lang.L("The server sent a message of type %s that could not be read."), unread.Type)
	}
	if missing, is := errors.AsType[*report.MissingError](m.Err); is {
		return fmt.Sprintf(lang.L("Not returned here: %s"), harmless.Line(strings.Join(missing.Columns, ", ")))
	}
	if more, is := errors.AsType[*job.MoreError](m.Err); is {
		return fmt.Sprintf(lang.L("%s: there may be more rows."), harmless.Line(more.Cmdlet))
	}
	if lost, is := errors.AsType[*credential.NotKeptError](m.Err); is {
		return fmt.Sprintf(lang.L("The new password of %s could not be kept: %s"), harmless.Line(lost.Account), words.Explain(lost.Err).Title)
	}
	if lack, is := errors.AsType[*report.NoPropertyError](m.Err); is {
		return fmt.Sprintf(lang.L("The row has no value for %s."), harmless.Line(lack.Property))
	}
	return words.Explain(m.Err).Line()
}

func severity(k session.MessageKind) widgets.Severity {
	switch k {
	case session.MessageError:
		return widgets.Failure
	case session.MessageWarning:
		return widgets.Warning
	}
	return widgets.Information
}

// clock is a time of the day on the clock of this computer, as all times of the
// window are.
func clock(t time.Time) string { return t.Local().Format(time.TimeOnly) }

func warningText(n int) string {
	if n == 1 {
		return lang.L("1 warning")
	}
	return fmt.Sprintf(lang.L("%s warnings"), words.Number(n))
}

func messageText(n int) string {
	if n == 1 {
		return lang.L("1 message")
	}
	return fmt.Sprintf(lang.L("%s messages"), words.Number(n))
}
