package connect

import (
	"strings"

	"postroom/app/words"
	"postroom/session/endpoint"
	"postroom/widgets"
)

// pastedAtLeast is how many letters come at once when a connection is pasted:
// more than a key or a composed character gives.
const pastedAtLeast = 8

// typed looks whether what was just pasted is a connection. An address that is
// typed letter by letter is one only when it is complete, see read.
func (l *login) typed(text string, into *widgets.Entry) {
	came := len(text) - l.lengths[into]
	l.lengths[into] = len(text)
	if came < pastedAtLeast || !endpoint.Resembles(text) {
		return
	}
	user, err := l.take(whole(l.desk.Pasted(), text))
	if err == nil && (into != l.account || into.Text == text) {
		if into != l.account { // the user stays where an account is typed alone
			user = ""
		}
		l.setQuietly(into, user)
	}
}

// passwordTyped looks for a whole command: a password may have anything in it,
// but hardly that.
func (l *login) passwordTyped(text string) {
	l.tellKept()
	l.arrange() // the error below it has gone
	if !strings.Contains(strings.ToLower(text), "-pssession") {
		return
	}
	if _, err := l.take(whole(l.desk.Pasted(), text)); err == nil {
		l.password.SetText("")
	}
}

// whole is a pasted text with the lines that it has on the clipboard: an entry of one line joins them.
func whole(clip, text string) string {
	if strings.Contains(clip, "\n") && endpoint.Resembles(clip) {
		return clip
	}
	return text
}

// pasteConnection takes a connection from the clipboard.
func (d *Dialog) pasteConnection() {
	if _, err := d.takeConnection(d.of.Desk.Pasted()); err != nil {
		return
	}
	d.focus(fieldAccount) // the link took the keyboard, and what is typed next is who signs in
}

// takeConnection fills the dialog in from a pasted ConnectionUri or command, and
// gives the account that it names. Text that cannot be understood changes
// nothing, and is explained.
func (d *Dialog) takeConnection(text string) (user string, err error) {
	at, err := d.of.Directory.Read(text)
	if err != nil {
		d.setError(fieldWhere, words.Explain(err).Title)
		d.showProblem(err)
		return "", err
	}
	d.hideProblem()
	d.setError(fieldWhere, "")
	d.place.set(at.Endpoint)
	if !at.Tenant.IsZero() {
		d.SetTenant(d.place.tenantsHere().Of(at.Tenant.Domain))
	}
	if at.User != "" {
		d.login.setQuietly(d.login.account, at.User)
	}
	d.login.changed()
	d.arrange()
	return at.User, nil
}
