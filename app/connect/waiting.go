package connect

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"postroom/session/signin"
	"postroom/widgets"
)

// waiting is what the dialog shows while a person signs in elsewhere: in the
// browser, on another device, or at the demo's page. UI thread only.
type waiting struct {
	waitingNeeds

	content *widgets.Panel
	title   *widgets.Text
	text    *widgets.Text
	code    *widgets.Text
	passed  *widgets.Text
	again   *widgets.Button
	page    *widgets.Button // opens the page of a code; signs in at the demo
	copy    *widgets.Button
	cancel  *widgets.Button

	copied string // what Copy takes
	since  time.Time
	most   time.Duration
}

// waitingNeeds are what waiting needs of the rest of the dialog.
type waitingNeeds struct {
	board
	cancelled func()       // the person wants no more of it
	notice    func(string) // said of the step that goes on
	toEnd     func()       // scrolls to where it stands
}

func newWaiting(needs waitingNeeds) *waiting {
	w := &waiting{
		waitingNeeds: needs, title: widgets.NewParagraph("", widgets.StrongText), text: widgets.NewParagraph("", widgets.CaptionText),
		code: widgets.NewText("", widgets.HeadingText), passed: widgets.NewText("", widgets.MutedText),
	}
	w.again = widgets.NewButton(lang.L("Try again"), nil)
	w.page = widgets.NewPrimaryButton("", nil)
	w.copy = widgets.NewButton("", func() { w.desk.Copy(w.copied) })
	w.cancel = widgets.NewButton(lang.L("Cancel the sign-in"), w.cancelled)
	w.content = widgets.NewPanelWith(widgets.PanelLook{Fill: widgets.ColorNamePanel, Edge: theme.ColorNamePrimary, Radius: 6, PadX: 14, PadY: 12},
		widgets.NewColumn(8, w.title, w.text, w.code, w.passed, widgets.NewFlow(8, w.page, w.again, w.copy, w.cancel)))
	w.content.Hide()
	return w
}

func (w *waiting) hide() {
	if w.content.Visible() {
		w.content.Hide()
		w.arrange()
	}
}

// browserTime is how long the browser is waited for; session/signin ends it then.
const browserTime = 5 * time.Minute

// browser says that it goes on in the browser. A page that was closed cannot be
// noticed, so that Try again has the focus.
func (w *waiting) browser(address string, again func()) {
	w.begin(lang.L("Continue in your browser"),
		lang.L("A Microsoft page has opened in your browser and returns you here when you are done. Postroom never sees your password. Closed the page? Press Try again."),
		"", address, lang.L("Copy the address"), browserTime)
	w.again.OnTapped = again
	w.again.Show()
	w.shown(w.again)
}

// device shows a code that is typed on another device.
func (w *waiting) device(c signin.DeviceCode, label string, open func()) {
	w.begin(lang.L("Enter the code on another device"),
		fmt.Sprintf(lang.L("Open %s there, or here in any browser, and enter this code. Enter only codes that you asked for yourself."), c.Address),
		c.Code, c.Code, lang.L("Copy the code"), time.Until(c.Expires))
	w.page.SetText(label)
	w.page.OnTapped = open
	w.page.Show()
	w.shown(w.copy)
}

// demo stands for the page of the demo, which no browser would trust.
func (w *waiting) demo(account, address string, signIn func()) {
	w.begin(lang.L("The demo's sign-in page"),
		fmt.Sprintf(lang.L("Here your browser would show Microsoft's page. The demo has its own: %s signs in with one click, and nothing leaves this computer."), account),
		"", address, lang.L("Copy the address"), browserTime)
	w.page.SetText(lang.L("Sign in"))
	w.page.OnTapped = signIn
	w.page.Show()
	w.shown(w.page)
}

func (w *waiting) begin(title, text, code, copied, copies string, most time.Duration) {
	w.title.SetText(title)
	w.text.SetText(text)
	w.code.SetText(code)
	widgets.SetVisible(w.code, code != "")
	w.copied, w.since, w.most = copied, time.Now(), most
	w.copy.SetText(copies)
	w.again.Hide()
	w.page.Hide()
	w.notice(lang.L("waiting for you"))
	w.tick()
}

func (w *waiting) shown(focus fyne.Focusable) {
	w.content.Show()
	w.arrange()
	w.toEnd()
	w.desk.Focus(focus)
}

// tick shows how long it has been waited.
func (w *waiting) tick() {
	clock := func(d time.Duration) string {
		return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
	}
	w.passed.SetText(fmt.Sprintf(lang.L("%s of %s"), clock(time.Since(w.since)), clock(w.most.Round(time.Second))))
}

// ticking moves the clock until ctx ends.
func (w *waiting) ticking(ctx context.Context) {
	w.desk.Spawn(func() { // ends with ctx
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				w.desk.Post(func() {
					if w.content.Visible() {
						w.tick()
					}
				})
			}
		}
	})
}

// openPage opens an address in the system's browser.
func (c *Connector) openPage(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("open the browser: %w", err)
	}
	return c.Window.OpenPage(u)
}
