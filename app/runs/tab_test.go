package runs_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"postroom/app/desktest"
	"postroom/app/settings"
	"postroom/session"
	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/job"
	"postroom/session/report"
	"postroom/session/result"
	"postroom/widgets"
)

// Ctrl+Enter twice is one question, and two presses on its button one command.
func TestAChangeIsAskedAboutOnceAndSentOnce(t *testing.T) {
	b := newBench(t)
	b.usual = nothing
	tab := b.tab("Set-Mailbox", "Identity", "DisplayName")
	tab.Form().SetValues(map[string]string{"Identity": "ada", "DisplayName": "Okafor,Ada"})
	tab.Form().Run()
	tab.Form().Run()
	if n := b.desk.Sheets.Count(); n != 1 {
		t.Fatalf("%d questions are open", n)
	}
	b.reads("Run this?", "Changes in Alpenhof: mailbox ada")
	yes := b.button("Run on Alpenhof")
	test.Tap(yes)
	test.Tap(yes)
	b.until("the run", func() bool { return b.finished > 0 })
	b.settle()
	if got := b.commands(); len(got) != 1 || got[0] != "alpenhof.example: Set-Mailbox -Identity ada -DisplayName 'Okafor,Ada'" {
		t.Errorf("sent %q", got)
	}
	b.reads("Changed 1 mailbox.")
	if strings.Contains(b.text(), "found nothing") {
		t.Errorf("a change that worked found nothing:\n%s", b.text())
	}
}

func TestWhatChangedIsSaid(t *testing.T) {
	for name, want := range map[string]string{
		"New-TransportRule": "Creates in Alpenhof: transport rule x|Created 1 transport rule.", "Remove-MailContact": "Deletes from Alpenhof: mail contact x|Removed 1 mail contact.",
		"Enable-Mailbox": "Enables in Alpenhof: mailbox x|Enabled 1 mailbox.", "Add-MailboxPermission": "Adds in Alpenhof: mailbox permission x|Added 1 mailbox permission.",
		"Disable-InboxRule": "Disables in Alpenhof: inbox rule x|Disabled 1 inbox rule.", "Import-TransportRuleCollection": "Imports into Alpenhof: transport rule collection x|Imported 1 transport rule collection.",
		"Start-ManagedFolderAssistant": "Starts in Alpenhof: managed folder assistant x|Started 1 managed folder assistant.", "Clear-MobileDevice": "may not come back: mobile device x|Changed 1 mobile device.",
	} {
		asked, done, _ := strings.Cut(want, "|")
		b := newBench(t)
		b.usual = nothing
		tab := b.tab(name, "Identity", "Name")
		tab.Form().SetValues(map[string]string{"Identity": "x", "Name": "x"})
		tab.Form().Run()
		if b.desk.Sheets.Count() == 0 { // the reference misses something and was overruled
			tab.Form().Run()
		}
		b.reads(asked)
		test.Tap(b.button("Alpenhof"))
		b.until(name, func() bool { return b.finished > 0 })
		b.settle()
		b.reads(done)
	}
}

func TestAnEmptySetIsNotSent(t *testing.T) {
	b := newBench(t)
	b.usual = nothing
	tab := b.tab("Set-Mailbox", "Identity", "DisplayName", "WhatIf")
	for _, values := range []map[string]string{{"Identity": "ada"}, {}} {
		tab.Form().SetValues(values)
		tab.Form().Run()
		if b.desk.Sheets.Count() != 0 || len(b.commands()) != 0 {
			t.Errorf("%v is offered for sending", values)
		}
	}
	b.reads("Nothing would change")
}

func TestRemovingSaysThatItDeletes(t *testing.T) {
	b := newBench(t)
	b.usual = nothing
	tab := b.tab("Remove-Mailbox", "Identity", "WhatIf")
	tab.Form().SetValues(map[string]string{"Identity": "ada@alpenhof.example"})
	tab.Form().Run()
	desktest.Shot(t, b.desk, "delete")
	b.reads("Delete this?", "Deletes from Alpenhof: mailbox ada@alpenhof.example", "Delete from Alpenhof", "What if first")
	if strings.Contains(b.text(), "changes settings") {
		t.Errorf("deleting is called changing settings:\n%s", b.text())
	}
	test.Tap(b.button("Cancel"))
	if b.desk.Sheets.Count() != 0 || len(b.commands()) != 0 {
		t.Error("Cancel does not leave")
	}
	tab.Form().Run()
	test.Tap(b.button("What if first"))
	b.until("what if", func() bool { return b.finished > 0 })
	b.settle()
	if got := b.commands(); len(got) != 1 || !strings.HasSuffix(got[0], "-WhatIf") {
		t.Errorf("sent %q", got)
	}
	b.reads("What if: nothing was changed.")
}

// A question of the server says so, the foot says what is waited for, and Escape
// is a No that is told in words.
func TestEscapeAtAServersQuestionIsANo(t *testing.T) {
	b := newBench(t)
	answers := make(chan session.Answer, 1)
	b.usual = func(ctx context.Context, sink session.Sink) error {
		a, err := sink.Ask(ctx, session.Prompt{
			Kind: session.PromptChoice, Caption: "Confirm", Message: "cmdlet Get-Mailbox at command pipeline position 1\nGo on?",
			Choices: []session.Choice{{Label: "&Yes"}, {Label: "&No"}}, Default: []int{0},
		})
		answers <- a
		return err
	}
	tab := b.tab("Get-Mailbox", "Identity")
	tab.Form().Run()
	b.until("the question", func() bool { return b.desk.Sheets.Count() == 1 })
	desktest.Shot(t, b.desk, "server asks")
	b.reads("The server asks", "Go on?", "Yes", "No")
	if text := b.text(); strings.Contains(text, "&") || strings.Contains(text, "pipeline position") {
		t.Errorf("the question has what is meant for a console:\n%s", text)
	}
	b.until("what the foot says", func() (said bool) {
		desktest.Walk(b.desk.Window.Content(), func(o fyne.CanvasObject) {
			text, ok := o.(*widgets.Text)
			said = said || ok && text.Value() == "The server waits for your answer."
		})
		return said
	})
	b.desk.Sheets.Typed(&fyne.KeyEvent{Name: fyne.KeyEscape})
	b.until("the end", func() bool { return b.finished > 0 })
	b.settle()
	if a := <-answers; !slices.Equal(a.Choices, []int{1}) {
		t.Errorf("Escape answers %v", a)
	}
	b.reads("You answered No.")
}

func TestAServersQuestionForAPasswordSaysSo(t *testing.T) {
	b := newBench(t)
	b.usual = func(ctx context.Context, sink session.Sink) error {
		_, err := sink.Ask(ctx, session.Prompt{Kind: session.PromptSecretLine})
		return err
	}
	tab := b.tab("Get-Mailbox", "Identity")
	tab.Form().Run()
	b.until("the question", func() bool { return b.desk.Sheets.Count() == 1 })
	b.reads("The server asks for a password", "Alpenhof")
	test.Tap(b.button("Cancel"))
	b.until("the end", func() bool { return b.finished > 0 })
	b.settle()
}

func TestTheFilterSaysWhereItLooks(t *testing.T) {
	b := newBench(t)
	b.usual = rows("Ada", "Bert", "Cleo")
	tab := b.tab("Get-Mailbox", "Identity")
	b.run(tab)
	col, _ := tab.Shown().Column("Hidden")
	tab.Grid().HideColumn(col)
	b.settle()
	tab.FocusFilter()
	entry, ok := b.desk.Window.Canvas().Focused().(*widgets.Entry)
	if !ok {
		t.Fatal("the filter does not get the keyboard")
	}
	b.reads("shown columns")
	entry.SetText("smtp:1")
	b.settle()
	if got := cells(tab, "Name"); len(got) != 0 {
		t.Errorf("the filter looks at hidden columns without saying so: %q", got)
	}
	test.Tap(b.button("shown columns"))
	b.settle()
	b.reads("all columns")
	if got := cells(tab, "Name"); !slices.Equal(got, []string{"Bert"}) {
		t.Errorf("in all columns: %q", got)
	}
}

func TestFourSelectedRowsAreFourRows(t *testing.T) {
	b := newBench(t)
	b.usual = rows("a", "b", "c", "d", "e", "f", "g")
	tab := b.tab("Get-Mailbox", "Identity")
	b.run(tab)
	tab.Grid().SetSelected([]widgets.RowRange{{First: 1, Last: 3}, {First: 5, Last: 5}})
	tab.Grid().OnMenu(1, 0, fyne.NewPos(100, 300))
	b.choose("Export the selection (4 rows)")
	if len(b.exported) != 1 {
		t.Fatalf("%d exports", len(b.exported))
	}
	if !b.exported[0].OfSelected {
		t.Error("the selection is not proposed")
	}
	n, _ := b.exported[0].Selected.Size()
	var names []string
	for row := range n {
		names = append(names, b.exported[0].Selected.Cell(row, 0))
	}
	if !slices.Equal(names, []string{"b", "c", "d", "f"}) {
		t.Errorf("exported %q", names)
	}
}

func TestAReadOnlyTenantIsAskedNothing(t *testing.T) {
	b := newBench(t)
	b.usual = nothing
	tab := b.tab("Remove-Mailbox", "Identity")
	b.tenants[0].ReadOnly = true // since the form was opened
	tab.Form().SetValues(map[string]string{"Identity": "ada"})
	tab.Form().Run()
	if b.desk.Sheets.Count() != 0 || len(b.commands()) != 0 {
		t.Error("a change is offered for a tenant that is read-only")
	}
	b.reads("alpenhof.example is set to read-only: Remove-Mailbox was not sent.")
}

// TestWhatTheListSaysHolds: a tenant that another window has set to read-only, or that goes
// by another name in the list, is not changed either, though the question was answered.
func TestWhatTheListSaysHolds(t *testing.T) {
	b := newBench(t)
	b.usual = nothing
	tab := b.tab("Set-Mailbox", "Identity", "DisplayName")
	b.marked = "alpenhof.example"
	tab.Form().SetValues(map[string]string{"Identity": "ada", "DisplayName": "Ada"})
	tab.Form().Run()
	test.Tap(b.button("Run on Alpenhof"))
	b.until("the end", func() bool { return b.finished > 0 })
	b.settle()
	if len(b.commands()) != 0 {
		t.Errorf("sent was %q", b.commands())
	}
	b.reads("alpenhof.example is set to read-only: Set-Mailbox was not sent.")
}

// Several tenants: a cell each with its state, failures listed, a tap filters,
// and what failed is tried again without a row coming twice.
func TestSeveralTenants(t *testing.T) {
	b := newBench(t)
	b.usual = rows("Ada", "Bert")
	b.failed["nordsee.example"] = io.ErrUnexpectedEOF
	b.at["praxis.example"] = func(ctx context.Context, sink session.Sink) error {
		if err := rows("half")(ctx, sink); err != nil {
			return err
		}
		return &session.PartialError{Command: "Get-Mailbox", Rows: 1, Err: io.ErrUnexpectedEOF}
	}
	tab := b.tab("Get-Mailbox", "Identity")
	tab.UseTenants(b.tenants)
	b.reads("Run on 3 tenants")
	b.run(tab)
	desktest.Shot(t, b.desk, "several tenants")
	b.reads("Alpenhof  2 rows", "Nordsee  failed", "Praxis  1 row, incomplete", "1 of 3 done · 1 failed · 1 incomplete", "Nordsee: ", "Incomplete: ")
	if got := tab.Shown().Headers(); got[0] != result.TenantColumn.Name() {
		t.Errorf("columns %q", got)
	}
	test.Tap(b.button("Praxis  "))
	b.settle()
	if got := cells(tab, "Name"); !slices.Equal(got, []string{"half"}) {
		t.Errorf("a tap on Praxis shows %q", got)
	}
	test.Tap(b.button("Praxis  "))
	b.settle()
	delete(b.failed, "nordsee.example")
	delete(b.at, "praxis.example")
	before := b.finished
	test.Tap(b.button("Retry what failed"))
	b.until("the second try", func() bool { return b.finished > before })
	b.settle()
	if got := cells(tab, "Name"); len(got) != 6 {
		t.Errorf("%d rows: %q", len(got), got)
	}
	b.reads("3 of 3 done", "Praxis  2 rows")
	sent := 0
	for _, c := range b.commands() {
		if strings.HasPrefix(c, "alpenhof.example") {
			sent++
		}
	}
	if sent != 1 {
		t.Errorf("what had worked was sent %d times", sent)
	}
}

// A tenant that refuses is told as that, and what came of the others is not called broken off.
func TestATenantThatRefuses(t *testing.T) {
	b := newBench(t)
	b.usual = rows("Ada", "Bert")
	b.failed["nordsee.example"] = errors.New("The user isn't assigned to any management roles.")
	tab := b.tab("Get-Mailbox", "Identity")
	tab.UseTenants(b.tenants)
	b.run(tab)
	b.reads("Alpenhof  2 rows", "Nordsee  refused", "2 of 3 done · 1 failed", "1 of 3 tenants gave no rows. All rows of the others are here.")
	if text := desktest.Text(b.desk); strings.Contains(text, "Incomplete") {
		t.Errorf("rows that came whole are called incomplete: %s", text)
	}
}

func TestMessagesFoldAndAreFound(t *testing.T) {
	b := newBench(t)
	b.usual = func(_ context.Context, sink session.Sink) error {
		sink.Message(session.Message{Kind: session.MessageWarning, Text: "the first of many"})
		sink.Message(session.Message{Kind: session.MessageInformation, Text: "said \x1b[2J in passing"})
		sink.Message(session.Message{Kind: session.MessageWarning, Text: "another matter"})
		return nil
	}
	tab := b.tab("Get-Mailbox", "Identity")
	b.run(tab)
	b.reads("2 warnings, 1 message · the first of many")
	if strings.Contains(b.text(), "another matter") {
		t.Error("the messages are not folded")
	}
	unfold(b)
	desktest.Shot(t, b.desk, "messages")
	b.reads("another matter", "said ^[[2J in passing")
	findInMessages(b, "another")
	if text := b.text(); !strings.Contains(text, "another matter") || strings.Contains(text, "in passing") {
		t.Errorf("the search finds:\n%s", text)
	}
}

// What the program says itself is said by the window, from the facts: the text that comes
// with it is English, for a terminal.
func TestTheProgramsOwnMessagesAreTheWindows(t *testing.T) {
	b := newBench(t)
	stop := make(chan struct{})
	b.usual = func(_ context.Context, sink session.Sink) error {
		for _, err := range []error{
			&session.DoubtfulValue{Parameter: "PageSize", Value: "0", Least: "1"},
			&session.DoubtfulValue{Parameter: "QuarantineTypes", Value: "S", Choices: []string{"Spam", "SPOMalware"}},
			&session.UnreadMessage{Type: "0x41007"}, &report.MissingError{Columns: []string{"Database"}}, &job.MoreError{Cmdlet: "Get-Mailbox"},
			&report.RowError{Row: "Anna", Command: "Get-MailboxStatistics", Err: &report.NoPropertyError{Property: "Guid"}},
			&session.UndecodedError{Values: 3, Rows: 2, First: errors.New("of the terminal")},
			&credential.NotKeptError{Account: "anna", Err: credential.ErrUnavailable},
		} {
			sink.Message(session.Message{Kind: session.MessageWarning, Text: "of the terminal", Err: err})
		}
		sink.Message(session.Message{Kind: session.MessageProgress, Progress: session.Progress{
			Activity: "Get-Mailbox", Parent: -1, Percent: -1, Doing: session.Doing{Again: 2 * time.Second, Try: 1, Tries: 5},
		}})
		<-stop
		return nil
	}
	tab := b.tab("Get-Mailbox", "Identity")
	before := b.finished
	tab.Form().Run()
	b.until("what goes on", func() bool {
		return strings.Contains(b.text(), "no usable answer; trying again in 2 s (1 of 5) · Get-Mailbox") && strings.Contains(b.text(), "8 warnings")
	})
	unfold(b)
	b.reads("-PageSize: 0 is less than 1.", "-QuarantineTypes: S is not a known value, but the beginning of Spam / SPOMalware.",
		"a message of type 0x41007 that could not be read")
	for find, want := range map[string]string{
		"Guid": "Anna: The row has no value for Guid.", "decoded": "Some values could not be decoded.", "new password": "The new password of anna could not be kept: The keyring did not answer",
	} {
		findInMessages(b, find)
		b.reads(want)
	}
	findInMessages(b, "Database")
	b.reads("Not returned here: Database")
	findInMessages(b, "more rows")
	b.reads("Get-Mailbox: there may be more rows.")
	if text := b.text(); strings.Contains(text, "of the terminal") {
		t.Errorf("%s", text)
	}
	close(stop)
	b.until("the run's end", func() bool { return b.finished > before })
	b.settle()
}

// findInMessages types into the search of the messages.
func findInMessages(b *bench, text string) {
	b.t.Helper()
	desktest.Walk(desktest.Front(b.desk), func(o fyne.CanvasObject) {
		if e, ok := o.(*widgets.Entry); ok && e.Hint() == "Find in messages" {
			e.SetText(text)
		}
	})
}

// unfold opens the list of messages.
func unfold(b *bench) {
	b.t.Helper()
	var fold *widgets.Button
	desktest.Walk(desktest.Front(b.desk), func(o fyne.CanvasObject) {
		if w, ok := o.(*widgets.Button); ok && w.Name == "Show the messages" {
			fold = w
		}
	})
	if fold == nil {
		b.t.Fatal("nothing unfolds the messages")
	}
	test.Tap(fold)
}

// Points in time are on the clock of this computer, whatever the server sends.
func TestTimesAreLocal(t *testing.T) {
	b := newBench(t)
	b.usual = func(_ context.Context, sink session.Sink) error {
		sink.BeginRow()
		sink.Text([]byte("Name"), []byte("x"))
		sink.Time([]byte("WhenChanged"), result.Time{Ticks: 638000000000000000, Kind: result.TimeUTC})
		return sink.EndRow()
	}
	tab := b.tab("Get-Mailbox", "Identity")
	b.run(tab)
	source := tab.Grid().Source()
	if got := source.Cell(0, 1); got != "2022-09-29 00:13:20" {
		t.Errorf("22:13:20Z is shown as %q in Berlin", got)
	}
}

func TestQuarantineBeginsWithSenderAndSubject(t *testing.T) {
	b := newBench(t)
	b.usual = func(_ context.Context, sink session.Sink) error {
		sink.BeginRow()
		for _, name := range []string{"Identity", "Organization", "MessageId", "PolicyName", "Subject", "RecipientAddress", "SenderAddress", "RunspaceId"} {
			sink.Text([]byte(name), []byte("x"))
		}
		return sink.EndRow()
	}
	tab := b.tab("Get-QuarantineMessage")
	b.run(tab)
	var names []string
	for _, col := range tab.Grid().VisibleColumns() {
		names = append(names, tab.Grid().Source().Header(col))
	}
	first := names[:min(4, len(names))]
	if !slices.Contains(first, "SenderAddress") || !slices.Contains(first, "Subject") {
		t.Errorf("the columns begin with %q", names)
	}
	if slices.Contains(names, "RunspaceId") {
		t.Errorf("how a row travelled is shown: %q", names)
	}
}

// Those of a tag are ticked at once, and the form says where it runs.
func TestTenantsAreChosenByTag(t *testing.T) {
	b := newBench(t)
	b.usual = rows("Ada")
	tab := b.tab("Get-Mailbox")
	test.Tap(b.button("Tenants ..."))
	test.Tap(b.button("hotels"))
	desktest.Shot(t, b.desk, "choose tenants")
	b.reads("2 tenants ticked")
	test.Tap(b.button("Use these"))
	b.reads("Run on 2 tenants")
	b.run(tab)
	sent := b.commands()
	slices.Sort(sent)
	if !slices.Equal(sent, []string{"alpenhof.example: Get-Mailbox", "praxis.example: Get-Mailbox"}) {
		t.Errorf("sent %q", sent)
	}
}

// unsendable is a door that takes no user name with a password.
type unsendable struct{}

func (unsendable) Error() string { return "not sent" }
func (unsendable) CannotSend() (command, parameter string, credential bool) {
	return "New-MigrationEndpoint", "Credentials", true
}

// A user name with a password has two fields; where no door can send them, the form says so
// before anybody types, and again beside what was typed, and nothing is run.
func TestAFormSaysWhatCannotBeSent(t *testing.T) {
	const credential = "System.Management.Automation.PSCredential"
	c := cmdlet.Cmdlet{Name: "New-MigrationEndpoint", Parameters: []cmdlet.Parameter{
		{Name: "Name", Type: "System.String", Position: -1}, {Name: "Credentials", Type: credential, Kind: cmdlet.KindOf(credential), Secret: true, Position: -1},
	}}
	const sentence = "cannot be used with Exchange Online"
	typed := map[string]string{"Name": "Old", "Credentials": "CONTOSO\\ada\ngeheim"}
	for _, refused := range []error{nil, unsendable{}} {
		b := newBench(t)
		b.usual, b.refused = nothing, refused
		tab := b.tabOf(c)
		if strings.Contains(b.text(), sentence) != (refused != nil) {
			t.Errorf("refused %v: the form says %s", refused, b.text())
		}
		tab.Form().SetValues(typed)
		if got := tab.Form().Values()["Credentials"]; got != typed["Credentials"] {
			t.Errorf("the fields hold %q", got)
		}
		tab.Form().Run()
		if b.desk.Sheets.Count() == 0 {
			tab.Form().Run() // what the reference misses is overruled, what cannot be sent is not
		}
		if asked := b.desk.Sheets.Count() > 0; asked != (refused == nil) || len(b.commands()) != 0 {
			t.Errorf("refused %v: asked %v, sent %q", refused, asked, b.commands())
		}
		if strings.Contains(b.text(), "geheim") {
			t.Error("the password is on the screen")
		}
	}
}

// The columns that a person has chosen narrow what is asked for where they want that and
// the door can; what rows are filtered, sorted, grouped and computed by comes along.
func TestChosenColumnsNarrowTheNextRun(t *testing.T) {
	shown := settings.Arrangement{Shown: []settings.Column{{Name: "displayname"}, {Name: "Domain"}}}
	kept := settings.Columns{
		Now: shown, Only: true, Computed: []settings.Computed{{Name: "Domain", Value: "domain(PrimarySmtpAddress)"}},
		Sort: []settings.SortKey{{Column: "WhenCreated"}}, Group: "RecipientTypeDetails",
		Filters: []settings.Filter{{Column: "ArchiveStatus", Op: "equals", Values: []string{"None"}}},
	}
	all, unknown := kept, kept
	all.Only = false
	unknown.Now.Shown = append(slices.Clone(shown.Shown), settings.Column{Name: "NoSuchThing"})
	for name, c := range map[string]struct {
		door endpoint.Door
		kept settings.Columns
		want bool
	}{
		"chosen": {endpoint.REST, kept, true}, "not wished": {endpoint.REST, all, false}, "the other door": {endpoint.Remoting, kept, false},
		"a name that nobody knows": {endpoint.REST, unknown, false}, "nothing chosen": {endpoint.REST, settings.Columns{Only: true}, false},
	} {
		b := newBench(t)
		b.usual, b.door = rows("Ada"), c.door
		b.columns["Get-Mailbox"] = c.kept
		b.run(b.tab("Get-Mailbox"))
		asked := b.servers.asked[len(b.servers.asked)-1]
		if !c.want {
			if asked != "" {
				t.Errorf("%s: asked for %s", name, asked)
			}
			continue
		}
		for _, column := range []string{"DisplayName", "PrimarySmtpAddress", "WhenCreated", "RecipientTypeDetails", "ArchiveStatus", "Guid", "Identity"} {
			if !slices.Contains(strings.Split(asked, ","), column) {
				t.Errorf("%s: %s is not asked for: %s", name, column, asked)
			}
		}
		if strings.Contains(asked, "Domain") || strings.Contains(asked, "Quota") {
			t.Errorf("%s: asked for %s", name, asked)
		}
		b.reads("Only the chosen columns were asked for.")
		test.Tap(b.button("Get all columns"))
		b.until("all columns", func() bool { return b.finished > 1 })
		b.settle()
		if again := b.servers.asked[len(b.servers.asked)-1]; again != "" || strings.Contains(b.text(), "Only the chosen columns") {
			t.Errorf("%s: again asked for %s, on screen %s", name, again, b.text())
		}
	}
}
