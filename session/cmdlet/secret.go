package cmdlet

import (
	"fmt"
	"log/slog"
	"strings"
)

// mask stands for a secret wherever one would be printed.
const mask = "********"

// hiddenText is a secret that was typed into a form. No formatter and no encoder prints it.
type hiddenText struct{ text string }

// Reveal gives the plain text.
func (h hiddenText) Reveal() string { return h.text }

// Format prints a mask for every verb.
func (h hiddenText) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(mask)) }

// String gives a mask.
func (h hiddenText) String() string { return mask }

// MarshalText gives a mask.
func (h hiddenText) MarshalText() ([]byte, error) { return []byte(mask), nil }

// LogValue gives a mask.
func (h hiddenText) LogValue() slog.Value { return slog.StringValue(mask) }

// typedSecret takes a secret as it stands. What PowerShell would make a secret of, such as
// (ConvertTo-SecureString 'x' -AsPlainText -Force), is a pasted line's and nobody's
// password: sent as it stands, it would become one.
func typedSecret(text string) (any, Want) {
	if rest, found := strings.CutPrefix(strings.TrimSpace(text), "("); found && strings.HasSuffix(rest, ")") {
		if words := strings.Fields(strings.TrimSuffix(rest, ")")); len(words) > 0 && asksForSecret(words[0]) {
			return nil, WantSecret
		}
	}
	return hiddenText{text}, wantNothing
}
