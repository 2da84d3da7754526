package runs_test

import (
	"reflect"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/session/cmdlet"
	"postroom/session/harmless"
)

// The PowerShell that stands under a form, and that Copy puts on the clipboard, is read back
// to the call that the form makes, whatever was typed; and it is shown as what it is.
func TestTheFormsPowerShellIsReadBack(t *testing.T) {
	b := newBench(t)
	c := cmdlet.Cmdlet{Name: "Set-Mailbox"}
	for _, name := range []string{"Identity", "DisplayName", "CustomAttribute1"} {
		c.Parameters = append(c.Parameters, cmdlet.Parameter{Name: name, Type: "System.String", Kind: cmdlet.Text, Position: -1})
	}
	tab := b.tabOf(c)
	for _, typed := range []string{
		"a\tb", "line 1\nline 2", "x\u202Etxt.exe", "\u200bada", "\u2028", "\x1b[2J", "it's \u2019 \"\u201c `n $x", "@('a','b\tc')", "@{Add=\"`t\"}", "'\t'", "\"a\tb\"",
	} {
		values := map[string]string{"Identity": "ada", "DisplayName": typed, "CustomAttribute1": typed}
		tab.Form().SetValues(values)
		b.settle()
		test.Tap(b.button("Copy"))
		shown := fyne.CurrentApp().Clipboard().Content()
		if harmless.Line(shown) != shown {
			t.Errorf("%q is shown as %q", shown, harmless.Line(shown))
		}
		line, err := cmdlet.Reader{}.Line(shown)
		if err != nil {
			t.Errorf("%q is copied as %q: %v", typed, shown, err)
			continue
		}
		want, err := c.Bind(values, time.Now())
		if err != nil || !reflect.DeepEqual(line.Pipeline[0], want) {
			t.Errorf("%q is copied as %q, read as\n%#v, want\n%#v, %v", typed, shown, line.Pipeline[0], want, err)
		}
		// Opened again from the history, the form makes the same call.
		fields, err := c.Fields(line.Pipeline[0])
		tab.Form().SetValues(fields)
		b.settle()
		again, bindErr := c.Bind(tab.Form().Values(), time.Now())
		if err != nil || bindErr != nil || !reflect.DeepEqual(again, want) {
			t.Errorf("%q stands as %q in the form: %#v, %v, %v", typed, fields, again, err, bindErr)
		}
	}
}
