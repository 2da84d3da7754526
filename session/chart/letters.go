package chart

import (
	"io"
	"log"
	"math"
	"os"
	"strings"
	"sync"

	"github.com/go-text/typesetting/fontscan"
	"github.com/go-text/typesetting/language"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// noLetter stands for a letter that no font of this computer has. The chart's own font has it.
const noLetter = '□'

// letters draws text in the chart's own font, which has Latin, Greek and Cyrillic, and the
// letters that it lacks in a font of the system, as the window does for its own texts.
type letters struct {
	text.Plain
	// asText leaves the text whole, for a format whose viewer chooses the fonts itself.
	asText bool
}

// lettersFor gives the letters of a format.
func lettersFor(asText bool) letters {
	return letters{text.Plain{Fonts: font.DefaultCache}, asText}
}

// piece is a part of a line in one font.
type piece struct {
	face font.Face
	text string
}

// pieces parts a line where the font changes.
func (l letters) pieces(line string, own font.Face) []piece {
	var parts []piece
	for _, r := range line {
		face := own
		if !has(own.Face, r) {
			if other := systemFonts.with(r); other != nil {
				face.Face = other
			} else {
				r = noLetter
			}
		}
		if n := len(parts); n > 0 && parts[n-1].face.Face == face.Face {
			parts[n-1].text += string(r)
		} else {
			parts = append(parts, piece{face, string(r)})
		}
	}
	return parts
}

func width(parts []piece) vg.Length {
	sum := vg.Length(0)
	for _, p := range parts {
		sum += p.face.Width(p.text)
	}
	return sum
}

// Box is the room that a line takes.
func (l letters) Box(line string, fnt font.Font) (wide, height, depth vg.Length) {
	_, height, depth = l.Plain.Box("", fnt)
	return width(l.pieces(line, l.Fonts.Lookup(fnt, fnt.Size))), height, depth
}

// Draw draws text where [text.Plain] does.
func (l letters) Draw(on vg.Canvas, txt string, style text.Style, at vg.Point) {
	if strings.TrimRight(txt, "\n") == "" {
		return
	}
	own := l.Fonts.Lookup(style.Font, style.Font.Size)
	on.SetColor(style.Color)
	on.Push()
	defer on.Pop()
	on.Rotate(style.Rotation)
	sin, cos := math.Sincos(style.Rotation)
	at.X, at.Y = at.Y*vg.Length(sin)+at.X*vg.Length(cos), at.Y*vg.Length(cos)-at.X*vg.Length(sin)
	at.Y += style.Height(txt)*vg.Length(style.YAlign) - own.Extents().Ascent
	lines := l.Lines(txt)
	for i, line := range lines {
		parts := l.pieces(line, own)
		from := at.Add(vg.Point{X: vg.Length(style.XAlign) * width(parts), Y: vg.Length(len(lines)-i) * style.Font.Size})
		if l.asText {
			parts = []piece{{own, line}}
		}
		for _, p := range parts {
			on.FillString(p.face, from, p.text)
			from.X += p.face.Width(p.text)
		}
	}
}

// lacks tells whether a text has a letter that no font of this computer has.
func (l letters) lacks(texts ...string) bool {
	own := l.Fonts.Lookup(ownFont, 9)
	for _, line := range texts {
		for _, r := range line {
			if !has(own.Face, r) && systemFonts.with(r) == nil {
				return true
			}
		}
	}
	return false
}

// has tells whether a font has a letter that can be drawn: the picture of an emoji cannot,
// nor an outline in a form that the drawing library does not read.
func has(f *opentype.Font, r rune) bool {
	var room sfnt.Buffer
	glyph, err := f.GlyphIndex(&room, r)
	if err != nil || glyph == 0 {
		return false
	}
	size := fixed.Int26_6(f.UnitsPerEm())
	if _, err := f.LoadGlyph(&room, glyph, size, nil); err != nil {
		return false
	}
	_, err = f.GlyphAdvance(&room, glyph, size, 0)
	return err == nil
}

// systemFonts are found once for the program.
var systemFonts fallbacks

// fallbacks finds a font of the system for a letter, by the library by which Fyne does.
// It may be used by several goroutines.
type fallbacks struct {
	mu    sync.Mutex
	found *fontscan.FontMap // nil where none is found
	asked bool
	fonts map[fontscan.Location]*opentype.Font // nil for one that cannot be read
	runes map[rune]*opentype.Font              // nil for a letter that none has
}

// with gives a font that has the letter, nil for none. The first call looks through the
// fonts of the computer.
func (f *fallbacks) with(r rune) *opentype.Font {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.asked {
		f.asked = true
		f.fonts, f.runes = make(map[fontscan.Location]*opentype.Font), make(map[rune]*opentype.Font)
		found := fontscan.NewFontMap(log.New(io.Discard, "", 0)) // what it cannot read is no fault of the chart
		if found.UseSystemFonts("") == nil {
			f.found = found
		}
	}
	if f.found == nil {
		return nil
	}
	one, known := f.runes[r]
	if !known {
		one = f.look(r)
		f.runes[r] = one
	}
	return one
}

func (f *fallbacks) look(r rune) *opentype.Font {
	f.found.SetQuery(fontscan.Query{Families: []string{fontscan.SansSerif}})
	f.found.SetScript(language.LookupScript(r))
	face := f.found.ResolveFace(r)
	if face == nil {
		return nil
	}
	at := f.found.FontLocation(face.Font)
	one, known := f.fonts[at]
	if !known {
		one = read(at)
		f.fonts[at] = one
	}
	if one == nil || !has(one, r) {
		return nil
	}
	return one
}

// read reads a font of a file that may hold several, nil where it cannot be read. The file
// stays open as long as the font: those with all letters of Asia have tens of megabytes.
func read(at fontscan.Location) *opentype.Font {
	file, err := os.Open(at.File)
	if err != nil {
		return nil
	}
	all, err := opentype.ParseCollectionReaderAt(file)
	if err == nil {
		var one *opentype.Font
		if one, err = all.Font(int(at.Index)); err == nil {
			return one
		}
	}
	_ = file.Close() // it was only read
	return nil
}
