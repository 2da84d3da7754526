package connect

import (
	"strings"

	"postroom/app/words"
	"postroom/widgets"
)

// looksLikeConnection says that a text is an address or a command rather than
// an account or a search.
func looksLikeConnection(text string) bool {
	lower := strings.ToLower(text)
	return strings.Contains(lower, "://") || strings.Contains(lower, "-pssession") ||
		strings.Contains(lower, "-connectionuri") || strings.Contains(lower, "connect-exchangeonline") ||
		strings.Contains(lower, "connect-ippssession") || strings.Contains(lower, "connect-exchangeserver")
}

// pastedAtLeast is how many letters come at once when a connection is pasted:
// more than a key or a composed character gives.
const pastedAtLeast = 8

// typed looks whether what was just pasted is a connection. An address that is
// typed letter by letter is one only when it is complete, see read.
func (l *login) typed(text string, into *widgets.Entry) {
	came := len(text) - l.lengths[into]
	l.lengths[into] = len(text)
	if came < pastedAtLeast || !looksLikeConnection(text) {
		return
	}
	user, ok := l.take(whole(l.desk.Pasted(), text))
	if ok && (into != l.account || into.Text == text) {
		if into != l.account { // the user stays where an account is typed alone
			user = ""
		}
		l.setQuietly(into, user)
	}
}

// passwordTyped looks for a whole command: a password may have anything in it,
// but hardly that.
func (l *login) passwordTyped(text string) {
	l.arrange() // the error below it has gone
	if !strings.Contains(strings.ToLower(text), "-pssession") {
		return
	}
	if _, ok := l.take(whole(l.desk.Pasted(), text)); ok {
		l.password.SetText("")
	}
}

// whole is a pasted text with the lines that it has on the clipboard: an entry of one line joins them.
func whole(clip, text string) string {
	if strings.Contains(clip, "\n") && looksLikeConnection(clip) {
		return clip
	}
	return text
}

// pasteConnection takes a connection from the clipboard.
func (d *Dialog) pasteConnection() {
	text := d.of.Desk.Pasted()
	if _, err := d.of.Directory.Read(text); err != nil {
		d.setError(fieldWhere, words.Explain(err).Title)
		d.showProblem(err)
		return
	}
	d.takeConnection(text)
	d.focus(fieldAccount) // the link took the keyboard, and what is typed next is who signs in
}

// takeConnection fills the dialog in from a pasted ConnectionUri or command, and
// gives the account that it names. Text that cannot be understood changes
// nothing.
func (d *Dialog) takeConnection(text string) (user string, ok bool) {
	at, err := d.of.Directory.Read(text)
	if err != nil {
		return "", false
	}
	d.place.set(at.Endpoint)
	if !at.Tenant.IsZero() {
		d.SetTenant(d.place.tenantsHere().Of(at.Tenant.Domain))
	}
	if at.User != "" {
		d.login.setQuietly(d.login.account, at.User)
	}
	d.login.changed()
	d.arrange()
	return at.User, true
}
