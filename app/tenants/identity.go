package tenants

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/discovery"
	"postroom/session/endpoint"
	"postroom/widgets"
)

// identity shows below a domain which tenant it belongs to, as its cloud publishes
// it: the GUID, where it lies, and whether another cloud has one of the same name.
// UI thread only.
type identity struct {
	book  *Book
	shown *widgets.Text
	moved func() // the text has another height

	asked string // the domain that was asked about last
	id    string // of asked; "" while it is not known
	timer *time.Timer
}

// typingPause is how long nobody types before a domain is looked up.
const typingPause = 500 * time.Millisecond

func newIdentity(b *Book, moved func()) *identity {
	i := &identity{book: b, shown: widgets.NewParagraph("", widgets.CaptionText), moved: moved}
	i.shown.Hide()
	return i
}

// typed waits until the person pauses, and then looks the domain up.
func (i *identity) typed(text string) {
	if i.timer != nil {
		i.timer.Stop()
	}
	domain, err := endpoint.ParseDomain(text)
	if err != nil || i.book.Find == nil {
		i.show("", "", "", widgets.CaptionText)
		return
	}
	if domain == i.asked {
		return
	}
	i.timer = time.AfterFunc(typingPause, func() { i.book.desk.Post(func() { i.look(domain) }) })
}

// known shows the GUID of a tenant that is kept.
func (i *identity) known(t endpoint.Tenant) {
	text := ""
	if t.ID != "" {
		text = fmt.Sprintf(lang.L("Tenant ID %s"), t.ID)
	}
	i.show(t.Domain, t.ID, text, widgets.CaptionText)
}

// of is the GUID of a domain; "" where it is not known.
func (i *identity) of(domain string) string {
	if ascii, err := endpoint.ParseDomain(domain); err == nil && ascii == i.asked {
		return i.id
	}
	return ""
}

func (i *identity) look(domain string) {
	i.show(domain, "", lang.L("Looking up the tenant ..."), widgets.CaptionText)
	i.book.desk.Spawn(func() { // ends with the answer, which the Finder bounds
		found, err := i.book.Find(context.Background(), domain)
		i.book.desk.Post(func() {
			if i.asked == domain { // another was typed since
				i.answer(domain, found, err)
			}
		})
	})
}

func (i *identity) answer(domain string, found discovery.Found, err error) {
	if elsewhere, ok := errors.AsType[*discovery.ElsewhereError](err); ok {
		i.show(domain, "", fmt.Sprintf(lang.L("This tenant is in another cloud: %s."), clouds(elsewhere.Clouds)), widgets.WarningText)
		return
	}
	if err != nil {
		p := words.Explain(err)
		i.show(domain, "", strings.TrimSpace(p.Title+" "+p.Fix), widgets.WarningText)
		return
	}
	text := fmt.Sprintf(lang.L("Tenant ID %s"), found.ID) + " · " + words.Cloud(found.Cloud)
	if found.Region != "" {
		text += ", " + found.Region
	}
	role := widgets.CaptionText
	if len(found.Also) > 0 {
		text += "\n" + fmt.Sprintf(lang.L("Another tenant of the same name is in: %s."), clouds(found.Also))
		role = widgets.WarningText
	}
	i.show(domain, found.ID, text, role)
}

func clouds(list []endpoint.Cloud) string {
	var names []string
	for _, c := range list {
		names = append(names, words.Cloud(c))
	}
	return strings.Join(names, ", ")
}

func (i *identity) show(domain, id, text string, role widgets.TextRole) {
	i.asked, i.id = domain, id
	i.shown.SetText(text)
	i.shown.SetRole(role)
	widgets.SetVisible(i.shown, text != "")
	i.moved()
}
