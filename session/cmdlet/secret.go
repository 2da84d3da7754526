package cmdlet

import (
	"fmt"
	"log/slog"
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
