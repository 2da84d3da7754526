package credential

import (
	"crypto/subtle"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
)

// masked is what every formatter and encoder shows in place of a secret. It is
// the same for an empty secret, so that output does not tell whether one was
// given.
const masked = "[secret]"

// ErrSecretEncoding is returned by the encoders and decoders that cannot show
// a mask (gob, binary) and by every decoder: a mask that is read back must
// never become a password.
var ErrSecretEncoding = errors.New("credential: a secret cannot be encoded or decoded")

// Secret is a password that hides itself from fmt, log, slog and the encoders
// of the standard library. Reveal is the only way out, so that a search for
// "Reveal()" lists every place that can leak.
//
// The value lives in a closure, not in a field: printers that walk structs by
// reflection, and fmt itself on unexported fields, can follow a string or a
// pointer but not a function. For the same reason a Secret cannot be compared
// with == or be the key of a map; use Equal and IsZero.
//
// The zero Secret is empty and ready to use. A Secret may be copied and used
// from several goroutines. Go cannot promise to wipe the memory behind it.
type Secret struct{ reveal func() string }

// NewSecret wraps value.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{reveal: func() string { return value }}
}

// Reveal returns the password in the clear.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsZero reports whether the secret is empty.
func (s Secret) IsZero() bool { return s.reveal == nil }

// Equal compares two secrets in a time that does not depend on where they
// differ.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// Format writes the mask for every verb and flag (fmt.Formatter).
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(masked)) }

// String returns the mask (fmt.Stringer).
func (Secret) String() string { return masked }

// GoString returns the mask (fmt.GoStringer).
func (Secret) GoString() string { return masked }

// LogValue gives slog the mask.
func (Secret) LogValue() slog.Value { return slog.StringValue(masked) }

// MarshalText gives the mask (encoding.TextMarshaler).
func (Secret) MarshalText() ([]byte, error) { return []byte(masked), nil }

// AppendText appends the mask (encoding.TextAppender).
func (Secret) AppendText(b []byte) ([]byte, error) { return append(b, masked...), nil }

// MarshalJSON gives the mask as a JSON string.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + masked + `"`), nil }

// MarshalXML writes the mask as the text of the element.
func (Secret) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	if err := e.EncodeElement(masked, start); err != nil {
		return fmt.Errorf("credential: write the mask: %w", err)
	}
	return nil
}

// MarshalXMLAttr gives the mask as the value of an attribute.
func (Secret) MarshalXMLAttr(name xml.Name) (xml.Attr, error) {
	return xml.Attr{Name: name, Value: masked}, nil
}

// MarshalYAML gives the mask to the YAML encoders that know this method.
func (Secret) MarshalYAML() (any, error) { return masked, nil }

// MarshalBinary refuses with ErrSecretEncoding.
func (Secret) MarshalBinary() ([]byte, error) { return nil, ErrSecretEncoding }

// GobEncode refuses with ErrSecretEncoding.
func (Secret) GobEncode() ([]byte, error) { return nil, ErrSecretEncoding }

// GobDecode refuses with ErrSecretEncoding.
func (*Secret) GobDecode([]byte) error { return ErrSecretEncoding }

// UnmarshalBinary refuses with ErrSecretEncoding.
func (*Secret) UnmarshalBinary([]byte) error { return ErrSecretEncoding }

// UnmarshalText refuses with ErrSecretEncoding.
func (*Secret) UnmarshalText([]byte) error { return ErrSecretEncoding }

// UnmarshalJSON refuses with ErrSecretEncoding.
func (*Secret) UnmarshalJSON([]byte) error { return ErrSecretEncoding }
