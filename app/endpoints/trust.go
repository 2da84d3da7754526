package endpoints

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/desk"
	"postroom/app/saving"
	"postroom/session/atomicfile"
	"postroom/session/endpoint"
	"postroom/widgets"
)

// Trust is a field for a certificate authority of the person's own: it shows
// what the file holds, so that it can be compared before it is trusted. UI
// thread only.
type Trust struct {
	// OnChanged hears of what a person chose or took away.
	OnChanged func()

	desk      *desk.Desk
	authority endpoint.Authority
	shown     *widgets.Text // what is trusted, or why a file is not
	choose    *widgets.Button
	drop      *widgets.Button
	content   *fyne.Container
}

// NewTrust returns the field, with nothing trusted.
func NewTrust(d *desk.Desk) *Trust {
	t := &Trust{desk: d, shown: widgets.NewParagraph("", widgets.CaptionText)}
	t.choose = widgets.NewLink(lang.L("Add a CA file ..."), t.browse)
	t.drop = widgets.NewLink(lang.L("Stop trusting it"), func() { t.change("") })
	t.choose.Small, t.drop.Small = true, true
	t.content = widgets.NewColumn(3, t.shown, widgets.NewFlow(14, t.choose, t.drop))
	t.show("", widgets.CaptionText)
	return t
}

// Content is what stands in a form.
func (t *Trust) Content() *fyne.Container { return t.content }

// Authority is what is trusted; "" is nothing.
func (t *Trust) Authority() endpoint.Authority { return t.authority }

// SetAuthority shows what is trusted, without a callback.
func (t *Trust) SetAuthority(a endpoint.Authority) {
	t.authority = a
	t.show(describe(a), widgets.CaptionText)
}

// Enable lets it be changed.
func (t *Trust) Enable() { t.choose.Enable(); t.drop.Enable() }

// Disable closes it to changes.
func (t *Trust) Disable() { t.choose.Disable(); t.drop.Disable() }

func (t *Trust) show(text string, role widgets.TextRole) {
	t.shown.SetText(text)
	t.shown.SetRole(role)
	widgets.SetVisible(t.shown, text != "")
	widgets.SetVisible(t.drop, t.authority != "")
}

func (t *Trust) change(a endpoint.Authority) {
	t.SetAuthority(a)
	t.changed()
}

func (t *Trust) changed() {
	if t.OnChanged != nil {
		t.OnChanged()
	}
}

// browse asks for a file and shows what it holds. What was trusted before still is where a
// file is refused.
func (t *Trust) browse() {
	saving.Open(t.desk, saving.Wanted{
		Title: lang.L("Add a CA file"), Explanation: lang.L("The certificate of the authority that signed the server's, as PEM or DER. You see what it is before you connect."),
		Read: func(path string) (func(), error) {
			a, err := readAuthority(path)
			return func() { t.change(a) }, err
		},
	})
}

func readAuthority(path string) (endpoint.Authority, error) {
	raw, err := atomicfile.Read(path, endpoint.AuthorityMost)
	if errors.Is(err, atomicfile.ErrTooLarge) {
		return "", endpoint.ErrAuthorityLong
	}
	if err != nil {
		return "", fmt.Errorf("read certificates: %w", err)
	}
	return endpoint.ReadAuthority(bytes.NewReader(raw))
}

// describe says what certificates are: whose, until when, and by which
// fingerprint to compare them.
func describe(a endpoint.Authority) string {
	var lines []string
	for _, c := range a.Certificates() {
		lines = append(lines, fmt.Sprintf(lang.L("%s · valid %s to %s"), c.Subject, c.NotBefore.Local().Format(time.DateOnly), c.NotAfter.Local().Format(time.DateOnly)),
			"SHA-256 "+endpoint.Fingerprint(c))
	}
	return strings.Join(lines, "\n")
}
