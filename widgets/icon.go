package widgets

import (
	"bytes"
	"embed"
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Icon is a sign of our own, drawn from a file of this package: no font of the system is
// asked for it, so that it looks the same everywhere. The empty icon draws nothing.
type Icon string

// The icons.
const (
	IconArrowDown    Icon = "arrow-down"
	IconArrowUp      Icon = "arrow-up"
	IconBox          Icon = "box" // of a tick
	IconBoxOn        Icon = "box-on"
	IconBoxSome      Icon = "box-some" // ticked for some of what it stands for
	IconCalendar     Icon = "calendar"
	IconChevronDown  Icon = "chevron-down"
	IconChevronLeft  Icon = "chevron-left"
	IconChevronRight Icon = "chevron-right"
	IconCross        Icon = "cross"
	IconDash         Icon = "dash"
	IconDot          Icon = "dot"
	IconFailure      Icon = "failure"
	IconFile         Icon = "file"
	IconFunnel       Icon = "funnel"
	IconInformation  Icon = "information"
	IconList         Icon = "list"
	IconPencil       Icon = "pencil"
	IconPlus         Icon = "plus"
	IconRing         Icon = "ring"
	IconSearch       Icon = "search"
	IconStar         Icon = "star"
	IconStarFull     Icon = "star-full"
	IconTerminal     Icon = "terminal"
	IconTick         Icon = "tick"
	IconWarning      Icon = "warning"
)

// Icons lists all icons.
func Icons() []Icon {
	return []Icon{
		IconArrowDown, IconArrowUp, IconBox, IconBoxOn, IconBoxSome, IconCalendar, IconChevronDown,
		IconChevronLeft, IconChevronRight, IconCross, IconDash, IconDot, IconFailure, IconFile, IconFunnel,
		IconInformation, IconList, IconPencil, IconPlus, IconRing, IconSearch, IconStar, IconStarFull,
		IconTerminal, IconTick, IconWarning,
	}
}

//go:embed icons/*.svg
var iconFiles embed.FS

// iconInk is the colour that the files are drawn in; it is replaced by the wanted one.
const iconInk = "#000"

// Resource returns the icon in a colour, nil for the empty icon and one that there is not.
func (i Icon) Resource(c color.Color) fyne.Resource {
	drawing, err := iconFiles.ReadFile("icons/" + string(i) + ".svg")
	if err != nil {
		return nil
	}
	ink := hexColor(c)
	// Fyne keeps what it has drawn by the name, so the name has the colour in it.
	return fyne.NewStaticResource(string(i)+ink[1:]+".svg", bytes.ReplaceAll(drawing, []byte(iconInk), []byte(ink)))
}

// hexColor is a colour as SVG writes it. Icons are opaque.
func hexColor(c color.Color) string {
	n, _ := color.NRGBAModel.Convert(c).(color.NRGBA)
	return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
}

// iconSize is the side of an icon beside text.
const iconSize = 16

// picture is an icon as a part of a renderer. Setting what it shows already costs nothing.
type picture struct {
	img  *canvas.Image
	icon Icon
	ink  color.Color
}

func newPicture() *picture { return &picture{img: &canvas.Image{FillMode: canvas.ImageFillContain}} }

func (p *picture) set(i Icon, c color.Color) {
	if p.icon == i && p.ink == c {
		return
	}
	p.icon, p.ink = i, c
	p.img.Resource = i.Resource(c)
	if p.img.Resource == nil {
		p.img.Image = nil
	}
	p.img.Refresh()
}

// place puts the icon in the middle of a box.
func (p *picture) place(x, y, w, h float32) {
	place(p.img, x+(w-iconSize)/2, y+(h-iconSize)/2, iconSize, iconSize)
}

// Sign is an icon as an object of its own. A screen reader hears its name.
type Sign struct {
	widget.BaseWidget
	icon Icon
	role TextRole
	name string
}

var (
	_ fyne.Widget     = (*Sign)(nil)
	_ fyne.Accessible = (*Sign)(nil)
)

// NewSign returns an icon in the colour of a role; name says what it means.
func NewSign(i Icon, role TextRole, name string) *Sign {
	s := &Sign{icon: i, role: role, name: name}
	s.ExtendBaseWidget(s)
	return s
}

// Set changes what is shown.
func (s *Sign) Set(i Icon, role TextRole, name string) {
	s.icon, s.role, s.name = i, role, name
	s.Refresh()
}

// Icon returns what is shown.
func (s *Sign) Icon() Icon { return s.icon }

// AccessibilityLabel returns what the icon means.
func (s *Sign) AccessibilityLabel() string { return s.name }

// AccessibilityRole says that it is a picture that says something.
func (s *Sign) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer is Fyne's.
func (s *Sign) CreateRenderer() fyne.WidgetRenderer {
	r := &signRenderer{s: s, pic: newPicture()}
	r.Refresh()
	return r
}

type signRenderer struct {
	s   *Sign
	pic *picture
}

func (r *signRenderer) Destroy()                     {}
func (r *signRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.pic.img} }
func (r *signRenderer) MinSize() fyne.Size           { return fyne.NewSquareSize(iconSize) }

func (r *signRenderer) Layout(size fyne.Size) {
	r.pic.place(0, 0, size.Width, size.Height)
}

func (r *signRenderer) Refresh() {
	r.pic.set(r.s.icon, roleColor(r.s, r.s.role))
	r.Layout(r.s.Size())
	canvas.Refresh(r.pic.img)
}
