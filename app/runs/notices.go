package runs

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"postroom/app/desk"
	"postroom/app/words"
	"postroom/widgets"
)

// notices are what stands over the rows: an error explained, what to free for a
// session that waits, that rows are missing.
type notices struct {
	desk    *desk.Desk
	arrange func()
	card    *fyne.Container // a ProblemCard or a banner, or nothing
	queue   *fyne.Container
	lack    *fyne.Container // that rows are missing, or nothing
	content *fyne.Container
}

func newNotices(d *desk.Desk, arrange func()) *notices {
	n := &notices{
		desk: d, arrange: arrange, card: widgets.NewColumn(0),
		queue: container.New(layout.NewCustomPaddedLayout(2, 8, tabPad, tabPad)),
		lack:  widgets.NewColumn(0),
	}
	n.content = widgets.NewColumn(0, n.card, n.queue, n.lack)
	n.clear()
	n.queue.Hide()
	return n
}

// clear takes everything away that the last run said.
func (n *notices) clear() {
	n.card.Objects = nil
	n.card.Hide()
	n.lack.Hide()
	n.arrange()
}

func (n *notices) put(o fyne.CanvasObject) {
	n.card.Objects = []fyne.CanvasObject{o}
	n.card.Show()
	n.arrange()
}

// problem shows an error explained.
func (n *notices) problem(err error) {
	card := n.desk.ProblemCard(err)
	card.OnClose = n.clear
	n.put(card)
}

// warn says something that is to be minded.
func (n *notices) warn(text string) { n.put(widgets.NewBanner(widgets.Warning, text)) }

// more says that these are the first rows, and offers all.
func (n *notices) more(rows int, all func()) {
	n.put(widgets.NewBanner(widgets.Information, fmt.Sprintf(lang.L("These are the first %s; there may be more."), words.Rows(rows)),
		widgets.Action{Label: lang.L("Get all rows"), OnTapped: all}))
}

// unfinished says for how many rows a follow-up failed, and offers to ask for those again.
func (n *notices) unfinished(rows int, retry func()) {
	n.put(widgets.NewBanner(widgets.Warning, fmt.Sprintf(lang.L("%s: the follow-up failed; the column Status says why."), words.Rows(rows)),
		widgets.Action{Label: lang.L("Retry what failed"), OnTapped: retry}))
}

// missing says which rows are missing, and offers to ask for the rest where rest is not nil.
func (n *notices) missing(text string, rest func()) {
	var actions []widgets.Action
	if rest != nil {
		actions = append(actions, widgets.Action{Label: lang.L("Ask for the rest"), OnTapped: rest})
	}
	n.lack.Objects = []fyne.CanvasObject{widgets.NewBanner(widgets.Warning, text, actions...)}
	n.lack.Show()
	n.arrange()
}

// offer offers sessions to disconnect; none hides the offer.
func (n *notices) offer(offers []fyne.CanvasObject) {
	if len(offers) == 0 && !n.queue.Visible() {
		return
	}
	n.queue.Objects = []fyne.CanvasObject{widgets.NewColumn(6, offers...)}
	widgets.SetVisible(n.queue, len(offers) > 0)
	n.arrange()
}
