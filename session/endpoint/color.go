package endpoint

import (
	"fmt"
	"hash/fnv"
	"math"
	"strconv"
)

// ColorError is text that is not a colour of the form #rrggbb.
type ColorError struct{ Text string }

// Error shows the text.
func (e *ColorError) Error() string {
	return fmt.Sprintf("endpoint: %q is not a colour of the form #rrggbb", e.Text)
}

// The text colours that TextOn chooses from.
const (
	white = "#ffffff"
	black = "#000000"
)

// palette holds the colours that tenants get by themselves. White text on each
// has a contrast of at least 4.5 : 1, and so has each on a white ground, so
// they serve as filled badge and as coloured mark; the test checks.
func palette() [16]string {
	return [16]string{
		"#b3261e", "#0b57d0", "#146c2e", "#8a3ffc", "#9a4a00", "#00687a", "#a8005c", "#4b5563",
		"#6d5e00", "#3949ab", "#00695c", "#7b1fa2", "#8d4b3d", "#1565a0", "#4d6b00", "#ad1457",
	}
}

// assignColor chooses a colour for a domain: among those that the fewest
// others have, by the name, so that it is the same on every computer.
func assignColor(domain string, used []string) string {
	all := palette()
	count := map[string]int{}
	for _, c := range used {
		count[c]++
	}
	least := math.MaxInt
	for _, c := range all {
		least = min(least, count[c])
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(domain)) // a hash never fails
	start := int(h.Sum32() % uint32(len(all)))
	for i := range all {
		if c := all[(start+i)%len(all)]; count[c] == least {
			return c
		}
	}
	return all[start]
}

// Contrast is the contrast ratio of two colours, from 1 to 21, as WCAG 2.2
// defines it. It returns *ColorError.
func Contrast(a, b string) (float64, error) {
	x, err := luminance(a)
	if err != nil {
		return 0, err
	}
	y, err := luminance(b)
	if err != nil {
		return 0, err
	}
	return (max(x, y) + 0.05) / (min(x, y) + 0.05), nil
}

// TextOn is the colour of text, black or white, that is better read on color.
// Its contrast is at least 4.5 : 1 for every colour. It returns *ColorError.
func TextOn(color string) (string, error) {
	onWhite, err := Contrast(color, white)
	if err != nil {
		return "", err
	}
	onBlack, err := Contrast(color, black)
	if err != nil {
		return "", err
	}
	if onBlack > onWhite {
		return black, nil
	}
	return white, nil
}

func luminance(color string) (float64, error) {
	if len(color) != 7 || color[0] != '#' {
		return 0, &ColorError{Text: color}
	}
	rgb, err := strconv.ParseUint(color[1:], 16, 32)
	if err != nil {
		return 0, &ColorError{Text: color}
	}
	linear := func(shift uint) float64 {
		c := float64(rgb>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0), nil
}
