package widgets_test

import (
	"image/color"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"postroom/widgets"
)

var (
	violet = color.NRGBA{R: 0x7a, G: 0x3f, B: 0xb3, A: 0xff}
	green  = color.NRGBA{R: 0x1d, G: 0x8f, B: 0x4e, A: 0xff}
	noon   = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
)

func trayState() widgets.TrayState {
	return widgets.TrayState{
		Now:   noon,
		Slots: []widgets.Slots{{Account: "anna@nordwind-partner.com", Used: 2, Limit: 3}},
		Sessions: []widgets.SessionInfo{
			{ID: "1", Tenant: "Nordsee Logistik", Account: "anna@nordwind-partner.com", Endpoint: "ps.outlook.com", Color: violet, State: widgets.SessionRunning, Running: "Get-Mailbox", Opened: noon.Add(-4 * time.Minute)},
			{ID: "2", Tenant: "Alpenhof Hotels", Account: "anna@nordwind-partner.com", Endpoint: "ps.outlook.com", Color: green, State: widgets.SessionIdle, IdleUntil: noon.Add(11 * time.Minute)},
		},
		Waiting: []widgets.WaitingInfo{{ID: "w", Title: "Mail flow rules", Detail: "7 of 12 tenants done · next: Tannenberg"}},
		Results: []widgets.ResultInfo{{ID: "r1", Title: "Transport rules · Alpenhof", Detail: "25 rows"}, {ID: "r2", Title: "Quarantine · Nordsee", Detail: "password expired", Failed: true}},
	}
}

func TestPictures_tray(t *testing.T) {
	both(t, func(t *testing.T, mode string) {
		tray := widgets.NewSessionTray()
		tray.OnKeep = func(string, bool) {}
		tray.SetState(trayState())
		w := window(t, tray, 268, 520)
		shoot(t, w, "tray-"+mode)
	})
}

func TestPictures_parts(t *testing.T) {
	both(t, func(t *testing.T, mode string) {
		steps := widgets.NewStepList(
			widgets.Step{Text: "Name ps.outlook.com found", State: widgets.StepDone, Took: 12 * time.Millisecond},
			widgets.Step{Text: "Port 443 open", State: widgets.StepDone, Took: 31 * time.Millisecond},
			widgets.Step{Text: "Certificate valid", State: widgets.StepDone, Took: 44 * time.Millisecond},
			widgets.Step{Text: "Signed in", State: widgets.StepFailed, Took: 180 * time.Millisecond},
			widgets.Step{Text: "Session opened"},
		)
		card := widgets.NewProblemCard(widgets.Problem{
			Title:   "The password was not accepted",
			Cause:   "Check it, or have it reset. With several wrong tries the account can be locked for a while.",
			Fix:     "An account with multi-factor sign-in cannot be used here for a customer: use one without it, or modern sign-in.",
			Details: "request id 1234-5678\nHTTP 401",
			Actions: []widgets.Action{{Label: "Sign in again"}},
		})
		line := widgets.NewProgressLine()
		line.OnCancel = func() {}
		line.SetFraction(0.64)
		line.SetText("6,412 rows · reading mailboxes …", "Started 14:02:11 · 6.4 s")
		bar := widgets.NewStatusBar()
		bar.SetItems([]widgets.StatusItem{{Text: "Connected to ps.outlook.com, redirected to eur05.ps.outlook.com"}, {Text: "Passwords: OS keyring"}}, []widgets.StatusItem{{Text: "All times Europe/Berlin"}})
		pick := widgets.NewPicker(nil, nil)
		pick.SetItem(widgets.Item{Title: "Nordsee Logistik", Detail: "nordsee-logistik.de", Color: violet})
		account := widgets.NewPicker(nil, nil)
		account.Dot = green
		account.SetItem(widgets.Item{Title: "anna@nordwind-partner.com", Detail: "Delegated administration"})
		empty := widgets.NewPicker(nil, nil)
		empty.PlaceHolder = "Choose a tenant"
		layer := widgets.NewToastLayer()
		layer.Add(widgets.Toast{Severity: widgets.Success, Text: "6,412 rows were written to mailboxes.csv.", Actions: []widgets.Action{{Label: "Open"}, {Label: "Show in folder"}}})
		layer.Add(widgets.Toast{Text: "A new session was opened."})
		off := widgets.NewButton("Stop", nil)
		off.Disable()
		column := container.NewVBox(
			container.NewHBox(account, pick, empty, widgets.NewTenantBadge("Alpenhof Hotels", "", green)),
			container.NewHBox(widgets.NewPrimaryButton("Run on Nordsee Logistik", nil), off, widgets.NewButton("Export", nil), widgets.NewDangerButton("Remove 2 rules", nil), widgets.NewLink("Details for support", nil), widgets.NewChip("RecipientTypeDetails = UserMailbox", nil, func() {})),
			widgets.NewBanner(widgets.Warning, "The server will close this session in 2 minutes. What is here stays.", widgets.Action{Label: "Keep"}),
			steps, card, line, bar,
		)
		w := window(t, container.NewStack(column, layer), 980, 620)
		w.Resize(fyne.NewSize(981, 620))
		shoot(t, w, "parts-"+mode)
	})
}
