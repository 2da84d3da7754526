package connect

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"postroom/app/words"
	"postroom/session/signin"
	"postroom/widgets"
)

// signInSheet lists who is signed in for Exchange Online: sign out one, or everybody.
type signInSheet struct {
	*keptSheet
	people []signin.SignedIn
}

// ShowSignIns shows who is signed in on this computer, to sign out.
func (c *Connector) ShowSignIns() { c.newSignInSheet().show() }

func (c *Connector) newSignInSheet() *signInSheet {
	s := &signInSheet{}
	s.keptSheet = c.newKeptSheet(widgets.SheetSpec{
		Title:       lang.L("Sign-ins"),
		Explanation: lang.L("Who is signed in for Exchange Online on this computer. Signing out forgets the tokens; with the last one of an application its sealed file and the key in the keyring go, too."),
	}, widgets.NewDangerButton(lang.L("Sign out everybody"), s.everybody))
	s.load = s.loadPeople
	return s
}

func (s *signInSheet) loadPeople() {
	var people []signin.SignedIn
	s.do(func(ctx context.Context) (err error) {
		people, err = s.of.Access.Tokens.SignedIn(ctx)
		return err
	}, func() {
		s.people = people
		rows := make([]fyne.CanvasObject, len(people))
		for i, who := range people {
			rows[i] = s.row(who)
		}
		s.list(rows, lang.L("Nobody is signed in."))
	})
}

// row is somebody with the way out.
func (s *signInSheet) row(who signin.SignedIn) fyne.CanvasObject {
	about := strings.Join([]string{strings.TrimPrefix(who.Authority, "https://"), words.Tenants(len(who.Tenants)), lang.L("Application") + " " + who.ClientID}, " · ")
	return widgets.NewCard(widgets.NewColumn(8,
		widgets.NewColumn(2, widgets.NewCutText(who.Name, widgets.StrongText), widgets.NewParagraph(about, widgets.CaptionText)),
		widgets.NewFlow(8, widgets.NewButton(lang.L("Sign out"), func() { s.signOut(who) })),
	))
}

func (s *signInSheet) signOut(who signin.SignedIn) {
	s.do(func(ctx context.Context) error { return s.of.Access.Tokens.SignOutOf(ctx, who) }, s.load)
}

// everybody asks once more.
func (s *signInSheet) everybody() {
	s.sure(lang.L("Sign out everybody?"), lang.L("All sign-ins for Exchange Online on this computer are forgotten, also for other windows. Open connections ask for a new sign-in."),
		lang.L("Sign out everybody"), s.of.Access.Tokens.SignOutAll)
}
