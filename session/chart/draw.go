package chart

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"postroom/session/result"
)

// Style is how a chart looks.
type Style struct {
	// Width and Height are in points of 1/72 inch; 0 is 640 by 400.
	Width, Height float64
	// Scale is how many pixels a point has in a PNG; 0 is 2.
	Scale float64
	// Dark draws light on dark.
	Dark bool
	// Language is a BCP 47 tag: German, else English.
	Language string
	// Title stands over the chart; "" draws none.
	Title string
	// Colors are those of the stacked values, such as the tenants' own; others
	// get colours in turn.
	Colors map[string]color.Color

	asText bool // of an SVG, whose viewer has fonts of its own
}

// ErrFormat is a file that is neither SVG nor PNG.
var ErrFormat = errors.New("chart: a picture is written as .svg or .png")

func (s Style) size() (width, height vg.Length) {
	if s.Width <= 0 || s.Height <= 0 {
		return 640, 400
	}
	return vg.Length(s.Width), vg.Length(s.Height)
}

// Image draws the chart for a screen.
func (c *Chart) Image(s Style) image.Image { return c.draw(s).Image() }

// Write writes the chart in the format of a file name's ending, .svg or .png.
// Errors are ErrFormat and the writer's.
func (c *Chart) Write(w io.Writer, ending string, s Style) error {
	switch strings.ToLower(ending) {
	case ".svg":
		return c.SVG(w, s)
	case ".png":
		return c.PNG(w, s)
	}
	return fmt.Errorf("%w: %q", ErrFormat, ending)
}

// PNG writes the chart as a PNG.
func (c *Chart) PNG(w io.Writer, s Style) error {
	_, err := vgimg.PngCanvas{Canvas: c.draw(s)}.WriteTo(w)
	return err
}

// SVG writes the chart as an SVG.
func (c *Chart) SVG(w io.Writer, s Style) error {
	s.asText = true
	width, height := s.size()
	canvas := vgsvg.New(width, height)
	c.render(draw.New(canvas), s)
	_, err := canvas.WriteTo(w)
	return err
}

func (c *Chart) draw(s Style) *vgimg.Canvas {
	if s.Scale <= 0 {
		s.Scale = 2
	}
	width, height := s.size()
	canvas := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(int(72*s.Scale)), vgimg.UseBackgroundColor(s.back()))
	c.render(draw.New(canvas), s)
	return canvas
}

// Room around the chart, and between it and its legend, in points.
const (
	margin    = 10
	legendGap = 12
	labelGap  = 8 // between labels of the lying axis
)

// render draws the chart with its legend under it, so that neither covers the other and
// the chart keeps its width.
func (c *Chart) render(on draw.Canvas, s Style) {
	on.SetColor(s.back())
	on.Fill(on.Path())
	p, key := c.plot(s)
	on = draw.Crop(on, margin, -margin, margin, -margin)
	if c.spec.Stack != "" && c.spec.Stack != c.spec.Label {
		on = draw.Crop(on, 0, 0, key.foot(on, s)+legendGap, 0)
	}
	on = draw.Crop(on, 0, -margin, 0, 0)
	fitLabels(p, on.Size().X)
	p.Draw(on)
}

// legend says what each colour stands for.
type legend struct {
	names  []string
	thumbs []plot.Thumbnailer
}

// Add adds a name beside what is drawn in its colour.
func (l *legend) Add(name string, thumb plot.Thumbnailer) {
	l.names, l.thumbs = append(l.names, name), append(l.thumbs, thumb)
}

// foot draws the names beside each other at the foot of a canvas, in as many lines as they
// need, and gives the height.
func (l *legend) foot(on draw.Canvas, s Style) vg.Length {
	height := l.place(on, s, func(plot.Legend, draw.Canvas) {})
	l.place(draw.Crop(on, 0, 0, 0, height-on.Size().Y), s, func(one plot.Legend, at draw.Canvas) { one.Draw(at) })
	return height
}

// place gives each name the place where it stands from the top of a canvas, and the height
// of all.
func (l *legend) place(on draw.Canvas, s Style, put func(plot.Legend, draw.Canvas)) vg.Length {
	var x, y, line vg.Length
	for i, name := range l.names {
		one := plot.NewLegend()
		one.Top, one.Left, one.Padding, one.ThumbnailWidth = true, true, 4, 12
		one.TextStyle = s.lettering(one.TextStyle, 9, false)
		one.Add(name, l.thumbs[i])
		size := one.Rectangle(on).Size()
		if x > 0 && x+size.X > on.Size().X {
			x, y = 0, y+line
		}
		put(one, draw.Crop(on, x, 0, 0, -y))
		x, line = x+size.X+legendGap, size.Y
	}
	return y + line
}

// fitLabels thins the labels of the lying axis until they stand clear of each other in a
// chart of a width. The marks stay.
func fitLabels(p *plot.Plot, width vg.Length) {
	room := width - p.Y.Label.TextStyle.Height(p.Y.Label.Text) - widest(p.Y.Tick.Label, p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max)) - 2*margin
	marker := p.X.Tick.Marker
	p.X.Tick.Marker = plot.TickerFunc(func(low, high float64) []plot.Tick {
		marks := marker.Ticks(low, high)
		label := widest(p.X.Tick.Label, marks) + labelGap
		labels := 0
		for _, mark := range marks {
			if mark.Label != "" {
				labels++
			}
		}
		every := max(1, int(math.Ceil(float64(labels)*float64(label/max(1, room)))))
		at := 0
		for i := range marks {
			if marks[i].Label == "" {
				continue
			}
			if at%every != 0 {
				marks[i].Label = ""
			}
			at++
		}
		return marks
	})
}

// widest is the width of the widest label of marks.
func widest(style text.Style, marks []plot.Tick) vg.Length {
	most := vg.Length(0)
	for _, mark := range marks {
		most = max(most, style.Width(mark.Label))
	}
	return most
}

func (s Style) back() color.Color {
	if s.Dark {
		return color.NRGBA{R: 0x1b, G: 0x1f, B: 0x26, A: 0xff}
	}
	return color.White
}

func (s Style) ink() color.Color {
	if s.Dark {
		return color.NRGBA{R: 0xe6, G: 0xe9, B: 0xee, A: 0xff}
	}
	return color.NRGBA{R: 0x1f, G: 0x23, B: 0x2b, A: 0xff}
}

func (s Style) rule() color.Color {
	if s.Dark {
		return color.NRGBA{R: 0x39, G: 0x40, B: 0x4a, A: 0xff}
	}
	return color.NRGBA{R: 0xdd, G: 0xe1, B: 0xe7, A: 0xff}
}

// turns are colours for values that have none of their own. Each differs from
// both backgrounds by 3 : 1 at least.
var turns = []color.NRGBA{
	{0x2f, 0x6f, 0xed, 0xff},
	{0xc2, 0x5b, 0x12, 0xff},
	{0x1f, 0x8a, 0x4c, 0xff},
	{0xb8, 0x3b, 0x7c, 0xff},
	{0x7a, 0x62, 0xe0, 0xff},
	{0x8a, 0x7a, 0x12, 0xff},
	{0x0f, 0x86, 0x96, 0xff},
	{0xc8, 0x4a, 0x45, 0xff},
}

func (s Style) color(name string, at int) color.Color {
	if c, own := s.Colors[name]; own {
		if _, _, _, alpha := c.RGBA(); alpha > 0 {
			return c
		}
	}
	return turns[at%len(turns)]
}

func (s Style) german() bool { return strings.HasPrefix(strings.ToLower(s.Language), "de") }

func (s Style) say(en, de string) string {
	if s.german() {
		return de
	}
	return en
}

// ownFont is the font that comes with the plotting library.
var ownFont = font.Font{Typeface: "Liberation", Variant: "Sans"}

// lettering is a font of a size, in the chart's own ink.
func (s Style) lettering(style text.Style, size float64, bold bool) text.Style {
	style.Handler = lettersFor(s.asText)
	style.Font = font.From(ownFont, font.Length(size))
	if bold {
		style.Font.Weight = stdfont.WeightBold
	}
	style.Color = s.ink()
	return style
}

// plot lays the chart out.
func (c *Chart) plot(s Style) (*plot.Plot, *legend) {
	p, key := plot.New(), &legend{}
	p.BackgroundColor = s.back()
	p.Title.Text = s.Title
	p.Title.Padding = 8
	p.Title.TextStyle = s.lettering(p.Title.TextStyle, 12, true)
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Color = s.rule()
		axis.LineStyle.Color = s.rule()
		axis.Tick.LineStyle.Color = s.rule()
		axis.Label.TextStyle = s.lettering(axis.Label.TextStyle, 9, false)
		axis.Tick.Label = s.lettering(axis.Tick.Label, 9, false)
	}
	if len(c.series) == 0 {
		p.HideAxes()
		p.X.Label.Text = s.say("No row has a value to show.", "Keine Zeile hat einen Wert, der sich zeigen ließe.")
		return p, key
	}
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = s.rule(), s.rule()
	switch c.spec.Kind {
	case Histogram:
		grid.Vertical.Color = nil
		p.Add(grid)
		c.plotHistogram(p, s, key)
	case Line:
		grid.Vertical.Color = nil
		p.Add(grid)
		c.plotLine(p, s, key)
	default:
		grid.Horizontal.Color = nil
		p.Add(grid)
		c.plotBars(p, s, key)
	}
	if !s.asText && lettersFor(false).lacks(slices.Concat(c.labels, c.whose, key.names)...) {
		p.X.Label.Text += s.say(" · □: no font for this letter", " · □: keine Schrift für diesen Buchstaben")
	}
	return p, key
}

// measure is what an axis of values says: the column and its unit, or rows.
func (c *Chart) measure(s Style, unit string) string {
	name := c.spec.Value
	switch {
	case name == "" || c.spec.Kind == Histogram && unit == "rows":
		return s.say("Rows", "Zeilen")
	case unit != "":
		return name + " (" + unit + ")"
	}
	return name
}

// most is the largest sum of a stack.
func (c *Chart) most() float64 {
	most := 0.0
	for i := range c.series[0].values {
		sum := 0.0
		for _, one := range c.series {
			sum += one.values[i]
		}
		most = max(most, math.Abs(sum))
	}
	return most
}

// plotBars draws lying bars, the largest on top, with their values behind them.
func (c *Chart) plotBars(p *plot.Plot, s Style, key *legend) {
	scale, unit := scaleOf(c.most(), c.unit)
	_, height := s.size()
	n := len(c.labels)
	width := min(22, (height-90)*vg.Length(0.7)/vg.Length(max(1, n)))
	var below *plotter.BarChart
	totals := make(plotter.XYs, n)
	for at, one := range c.series {
		values := make(plotter.Values, n)
		for i, v := range one.values { // the first is drawn at the top
			values[n-1-i] = v / scale
			totals[n-1-i].X += v / scale
			totals[n-1-i].Y = float64(n - 1 - i)
		}
		bars, err := plotter.NewBarChart(values, max(1, width))
		if err != nil {
			continue // not a number, which nothing of ours gives
		}
		bars.Horizontal, bars.Color = true, s.color(one.name, at)
		bars.LineStyle.Width = 0
		if below != nil {
			bars.StackOn(below)
		}
		below = bars
		p.Add(bars)
		key.Add(shorten(s.named(one.name), 22), bars)
	}
	labels := make([]string, n)
	texts := make([]string, n)
	for i, label := range c.labels {
		if labels[n-1-i] = shorten(s.named(label), 28); c.whose[i] != "" {
			labels[n-1-i] = shorten(s.named(label), 20) + between + shorten(s.named(c.whose[i]), 20)
		}
	}
	for i, xy := range totals {
		texts[i] = s.number(xy.X)
	}
	if behind, err := plotter.NewLabels(plotter.XYLabels{XYs: totals, Labels: texts}); err == nil {
		for i := range behind.TextStyle {
			behind.TextStyle[i] = s.lettering(behind.TextStyle[i], 8, false)
			behind.TextStyle[i].YAlign = -0.4
		}
		behind.Offset = vg.Point{X: 4}
		p.Add(behind)
	}
	p.NominalY(labels...)
	p.X.Min, p.X.Max = min(0, p.X.Min), max(p.X.Max, 0)*1.12
	if p.X.Max <= p.X.Min {
		p.X.Max = p.X.Min + 1
	}
	p.X.Tick.Marker = s.ticks(c.least())
	p.X.Label.Text = c.measure(s, unit)
	if c.shown < c.all {
		p.X.Label.Text += fmt.Sprintf(s.say(" · the largest %d of %s", " · die größten %d von %s"), c.shown, s.number(float64(c.all)))
	}
	p.Y.LineStyle.Width = 0
}

// plotHistogram draws standing bars side by side.
func (c *Chart) plotHistogram(p *plot.Plot, s Style, key *legend) {
	scale, unit := scaleOf(max(math.Abs(c.edges[0]), math.Abs(c.edges[len(c.edges)-1])), c.unit)
	low := make([]float64, len(c.labels))
	for at, one := range c.series {
		fill := s.color(one.name, at)
		var first *plotter.Polygon
		for i, v := range one.values {
			if v == 0 {
				continue
			}
			left, right := c.edges[i]/scale, c.edges[i+1]/scale
			gap := (right - left) * 0.04
			box, err := plotter.NewPolygon(plotter.XYs{
				{X: left + gap, Y: low[i]}, {X: right - gap, Y: low[i]}, {X: right - gap, Y: low[i] + v}, {X: left + gap, Y: low[i] + v},
			})
			if err != nil {
				continue // not a number, which nothing of ours gives
			}
			box.Color, box.LineStyle.Width = fill, 0
			low[i] += v
			p.Add(box)
			first = box
		}
		if first != nil {
			key.Add(shorten(s.named(one.name), 22), first)
		}
	}
	p.Y.Min, p.Y.Max = 0, max(1, slices.Max(low)*1.08)
	p.X.Min, p.X.Max = c.edges[0]/scale, c.edges[len(c.edges)-1]/scale
	p.X.Tick.Marker, p.Y.Tick.Marker = s.ticks(0), s.ticks(1)
	p.X.Label.Text, p.Y.Label.Text = c.measure(s, unit), s.say("Rows", "Zeilen")
}

// plotLine draws what there is by day; several values stand on each other.
func (c *Chart) plotLine(p *plot.Plot, s Style, key *legend) {
	scale, unit := scaleOf(c.most(), c.unit)
	n := len(c.days)
	low := make([]float64, n)
	for at, one := range c.series {
		fill := s.color(one.name, at)
		top := make(plotter.XYs, n)
		area := make(plotter.XYs, 0, 2*n)
		for i, day := range c.days {
			area = append(area, plotter.XY{X: float64(day.Unix()), Y: low[i]})
		}
		for i, day := range c.days {
			low[i] += one.values[i] / scale
			top[i] = plotter.XY{X: float64(day.Unix()), Y: low[i]}
		}
		for i := n - 1; i >= 0; i-- {
			area = append(area, top[i])
		}
		if polygon, err := plotter.NewPolygon(area); err == nil {
			r, g, b, _ := fill.RGBA()
			polygon.Color = color.NRGBA{R: uint8(r >> 8), G: uint8(g >> 8), B: uint8(b >> 8), A: 0x50}
			polygon.LineStyle.Width = 0
			p.Add(polygon)
		}
		line, points, err := plotter.NewLinePoints(top)
		if err != nil {
			continue // not a number, which nothing of ours gives
		}
		line.Color, line.Width = fill, 1.5
		points.Color, points.Shape, points.Radius = fill, draw.CircleGlyph{}, 2
		p.Add(line)
		if n <= 62 {
			p.Add(points)
		}
		key.Add(shorten(s.named(one.name), 22), line)
	}
	p.Y.Min, p.Y.Max = min(0, slices.Min(low)), max(1/scale, slices.Max(low)*1.08)
	if p.Y.Max <= p.Y.Min {
		p.Y.Max = p.Y.Min + 1
	}
	if n == 1 {
		p.X.Min, p.X.Max = p.X.Min-86400, p.X.Max+86400
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = dayTicks{s, c.days}, s.ticks(c.least())
	p.X.Label.Text, p.Y.Label.Text = c.spec.Label, c.measure(s, unit)
	if c.together > 0 {
		p.X.Label.Text += fmt.Sprintf(s.say(" · %d days each", " · je %d Tage"), c.together)
	}
}

// named is what stands for a value: something also for none.
func (s Style) named(text string) string {
	if strings.TrimSpace(text) == "" {
		return s.say("(empty)", "(leer)")
	}
	return strings.Join(strings.Fields(text), " ")
}

// shorten cuts a text that is longer than n characters.
func shorten(text string, n int) string {
	if letters := []rune(text); len(letters) > n {
		return string(letters[:n-1]) + "…"
	}
	return text
}

// number writes a number as the language does, with what can be read of it.
func (s Style) number(v float64) string {
	places := 0
	if v != math.Trunc(v) {
		places = 1
		if math.Abs(v) < 10 {
			places = 2
		}
	}
	group, point := ",", "."
	if s.german() {
		group, point = ".", ","
	}
	text := result.Decimal(v, places, group, point)
	if places > 0 {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), point)
	}
	if text == "-0" {
		return "0"
	}
	return text
}

// least is the smallest step of the axis of values: rows are whole.
func (c *Chart) least() float64 {
	if c.spec.Value == "" {
		return 1
	}
	return 0
}

// ticks marks an axis in the language's numbers, in steps of least at least.
func (s Style) ticks(least float64) plot.Ticker {
	return plot.TickerFunc(func(low, high float64) []plot.Tick {
		step := max(least, roundStep((high-low)/6))
		var marks []plot.Tick
		for at := math.Ceil(low / step); at*step <= high+step/1000; at++ {
			marks = append(marks, plot.Tick{Value: at * step, Label: s.number(math.Round(at*step*1e6) / 1e6)})
		}
		return marks
	})
}

// dayTicks marks days.
type dayTicks struct {
	style Style
	days  []time.Time
}

// Ticks marks some seven days.
func (d dayTicks) Ticks(float64, float64) []plot.Tick {
	every := max(1, (len(d.days)+6)/7)
	years := d.days[0].Year() != d.days[len(d.days)-1].Year()
	var marks []plot.Tick
	for i, day := range d.days {
		mark := plot.Tick{Value: float64(day.Unix())}
		if i%every == 0 {
			mark.Label = d.style.day(day, years)
		}
		if len(d.days) <= 62 || mark.Label != "" {
			marks = append(marks, mark)
		}
	}
	return marks
}

// day writes a day as people do.
func (s Style) day(day time.Time, year bool) string {
	switch {
	case s.german() && year:
		return day.Format("02.01.2006")
	case s.german():
		return day.Format("02.01.")
	case year:
		return day.Format("2 Jan 2006")
	}
	return day.Format("2 Jan")
}
