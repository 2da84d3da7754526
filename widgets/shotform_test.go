package widgets_test

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"postroom/widgets"
)

// mailboxForm is a form like that of Get-Mailbox, with more parameters than fit.
func mailboxForm() widgets.FormSpec {
	s := widgets.FormSpec{
		Sets:       []widgets.ParameterSet{{Name: "Identity"}, {Name: "AnrSet", Label: "Anr set"}},
		DefaultSet: "Identity",
		Fields: []widgets.Field{
			{Name: "Verbose", Kind: widgets.FieldSwitch, Common: true},
			{Name: "Identity", Label: "Identity", Placeholder: "all", Help: "The mailbox to look at.", Type: "MailboxIdParameter", Sets: []string{"Identity"}},
			{Name: "Anr", Label: "Ambiguous name", Sets: []string{"AnrSet"}},
			{Name: "RecipientTypeDetails", Label: "Recipient type details", Kind: widgets.FieldMultiChoice, Choices: []string{"UserMailbox", "SharedMailbox", "RoomMailbox"}},
			{Name: "Filter", Placeholder: "e.g. Name -like 'A*'"},
			{Name: "ResultSize", Label: "Result size"},
			{Name: "Archive", Kind: widgets.FieldSwitch},
			{Name: "SortBy", Label: "Sort by", Kind: widgets.FieldChoice, Choices: []string{"Alias", "Name"}},
			{Name: "Organization", Needs: widgets.Requirement{Always: true, Certain: true}, Help: "The organization whose mailboxes are listed."},
			{Name: "Start", Kind: widgets.FieldDateTime},
			{Name: "Limit", Kind: widgets.FieldNumber},
			{Name: "Addresses", Kind: widgets.FieldList},
		},
	}
	for i := range 12 {
		s.Fields = append(s.Fields, widgets.Field{Name: fmt.Sprintf("Extra%d", i)})
	}
	return s
}

func TestPictures_form(t *testing.T) {
	both(t, func(t *testing.T, mode string) {
		f := widgets.NewParameterForm()
		f.SetSpec(mailboxForm())
		f.SetRunText("Run on Nordsee Logistik")
		f.SetActions(widgets.NewButton("Copy as PowerShell", nil), widgets.NewButton("Compare", nil), widgets.NewButton("Save report", nil), widgets.NewButton("Export", nil))
		f.SetValues(map[string]string{"RecipientTypeDetails": "UserMailbox\nSharedMailbox", "ResultSize": "Unlimited"})
		w := window(t, container.NewBorder(f, nil, nil, nil, widgets.NewGrid()), 860, 560)
		w.Resize(fyne.NewSize(861, 560))
		shoot(t, w, "form-"+mode)
		f.Run()
		w.Resize(fyne.NewSize(860, 561))
		shoot(t, w, "form-wrong-"+mode)
		f.SetSpec(widgets.FormSpec{Fields: mailboxForm().Fields[1:6]})
		w.Resize(fyne.NewSize(861, 560))
		shoot(t, w, "form-small-"+mode)
	})
}

func sideSections() []widgets.SideSection {
	return []widgets.SideSection{
		{Title: "Favourites", Items: []widgets.SideItem{{ID: "f1", Title: "Mail flow rules", Favourite: true}, {ID: "f2", Title: "Mailboxes", Hint: "tab", Favourite: true}, {ID: "f3", Title: "Quarantine, last 7 days", Favourite: true}}},
		{Title: "Reports", Groups: []widgets.SideGroup{
			{Title: "Mail flow", Items: make([]widgets.SideItem, 9)},
			{Title: "Protection policies", Open: true, Items: []widgets.SideItem{{ID: "p1", Title: "Content filters"}, {ID: "p2", Title: "Malware filters"}}},
		}},
		{Title: "Cmdlets · 214 for your role", Items: []widgets.SideItem{{ID: "c1", Title: "Get-AcceptedDomain"}, {ID: "c2", Title: "Get-DistributionGroup"}, {ID: "c3", Title: "Get-HostedContentFilterPolicy"}}, Note: "211 more ..."},
	}
}

func TestPictures_sides(t *testing.T) {
	both(t, func(t *testing.T, mode string) {
		side := widgets.NewSideList()
		side.OnFavourite = func(string, bool) {}
		side.SetPlaceHolder("Find a report or cmdlet")
		side.SetSections(sideSections())
		side.SetSelected("f2")
		messages := widgets.NewMessageList()
		messages.SetMessages([]widgets.Message{
			{Severity: widgets.Warning, Text: "Only the first 1,000 items would be returned by default; Result size is Unlimited", Time: "14:02:12"},
			{Severity: widgets.Failure, Text: "The mailbox 'x' could not be found. Check its name.", Source: "Nordsee Logistik", Time: "14:02:13"},
			{Text: "Rows arrive", Time: "14:02:14"},
		})
		pass := widgets.NewPasswordEntry()
		pass.SetText("correct horse")
		pass.SetError("Not accepted.")
		w := window(t, container.NewBorder(nil, container.NewGridWrap(fyne.NewSize(700, 150), messages), container.NewGridWrap(fyne.NewSize(232, 480), side), nil, container.NewVBox(pass, widgets.NewPasswordEntry())), 760, 640)
		w.Canvas().Focus(side.List())
		shoot(t, w, "sides-"+mode)
		palette := widgets.NewCommandPalette(func(text string) []widgets.Item {
			return []widgets.Item{
				{ID: "1", Group: "Tenants", Title: "Nordsee Logistik", Detail: "nordsee-logistik.de", Color: violet, Pinned: true},
				{ID: "2", Group: "Tenants", Title: "Alpenhof Hotels", Detail: "alpenhof.at", Color: green},
				{ID: "3", Group: "Do", Title: "Export as CSV", Hint: "Ctrl+E"},
			}
		}, nil)
		palette.Show(w.Canvas())
		shoot(t, w, "palette-"+mode)
	})
}
