package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"postroom/widgets"
)

// newWelcome is what stands in the middle before anything is open: the three
// ways to begin.
func newWelcome(connect, startDemo, importTenants func()) fyne.CanvasObject {
	title := widgets.NewText("Postroom", widgets.HeadingText)
	cards := widgets.NewFlow(12,
		card(lang.L("Connect"), lang.L("Sign in to Exchange or Exchange Online Protection and run a report or a cmdlet."),
			widgets.NewPrimaryButton(lang.L("Connect ..."), connect)),
		card(lang.L("Try the demo"), lang.L("A server on this computer with several tenants and realistic mail data. Nothing leaves the computer."),
			widgets.NewButton(lang.L("Start the demo"), startDemo)),
		card(lang.L("Import tenants"), lang.L("Import your list of tenants from a Partner Center export or any list of domains."),
			widgets.NewButton(lang.L("Import ..."), importTenants)),
	)
	scroll := container.NewVScroll(&fyne.Container{Layout: &welcomeLayout{}, Objects: []fyne.CanvasObject{title, cards}})
	widgets.FollowKeyboard(scroll)
	return scroll
}

const (
	cardWidth  = 226
	cardHeight = 168
)

// card is one of the ways to begin: what it is, and the button that does it.
func card(title, text string, action fyne.CanvasObject) fyne.CanvasObject {
	words := widgets.NewColumn(8, widgets.NewParagraph(title, widgets.StrongText), widgets.NewParagraph(text, widgets.BodyText))
	parts := &fyne.Container{Layout: &cardLayout{}, Objects: []fyne.CanvasObject{words, widgets.NewFlow(0, action)}}
	return widgets.NewCard(parts)
}

// cardLayout makes all cards the same size, with the button at the foot.
type cardLayout struct{}

// MinSize is Fyne's.
func (*cardLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(cardWidth, cardHeight) }

// HeightFor is the height of every card.
func (*cardLayout) HeightFor([]fyne.CanvasObject, float32) float32 { return cardHeight }

// Layout is Fyne's.
func (*cardLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	foot := objects[1].MinSize().Height
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(fyne.NewSize(size.Width, size.Height-foot-8))
	objects[1].Move(fyne.NewPos(0, size.Height-foot))
	objects[1].Resize(fyne.NewSize(size.Width, foot))
}

// welcomeLayout puts the title over as many cards in a row as there is room for,
// in the middle.
type welcomeLayout struct{ width float32 }

const (
	welcomePad = 24
	welcomeGap = 18 // between title and cards
)

// rowWidth is the width that the cards take of what there is.
func rowWidth(cards fyne.CanvasObject, width float32) float32 {
	c, ok := cards.(*fyne.Container)
	if !ok || len(c.Objects) == 0 {
		return width
	}
	each := c.Objects[0].MinSize().Width
	inOne := max(1, min(float32(len(c.Objects)), float32(int((width-2*welcomePad+12)/(each+12)))))
	return inOne*(each+12) - 12
}

// MinSize is Fyne's.
func (l *welcomeLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	row := rowWidth(objects[1], l.width)
	return fyne.NewSize(cardWidth, objects[0].MinSize().Height+welcomeGap+widgets.HeightFor(objects[1], row)+2*welcomePad)
}

// Layout is Fyne's.
func (l *welcomeLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	row := rowWidth(objects[1], size.Width)
	title, cards := objects[0].MinSize(), widgets.HeightFor(objects[1], row)
	y := max(welcomePad, (size.Height-title.Height-welcomeGap-cards)/2)
	x := max(0, (size.Width-row)/2)
	objects[0].Move(fyne.NewPos(x, y))
	objects[0].Resize(title)
	objects[1].Move(fyne.NewPos(x, y+title.Height+welcomeGap))
	objects[1].Resize(fyne.NewSize(row, cards))
}
