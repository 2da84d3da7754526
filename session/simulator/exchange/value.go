package exchange

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"postroom/session/bytesize"
	"postroom/session/clixml"
	"postroom/session/cmdlet"
)

// kind is what a column or a parameter holds. The values themselves are Go's:
// nil, string, bool, int32, int64, uint16, uint32, float64, those of clixml (DateTime,
// Duration, GUID, Version, URI), []string, and [quota].
type kind uint8

const (
	kindUnset kind = iota // not known yet
	kindText
	kindBool
	kindInt32
	kindInt64
	kindUint16
	kindUint32
	kindFloat
	kindTime
	kindSpan
	kindGUID
	kindVersion
	kindURI
	kindList
	kindSize
)

// quota is an amount of bytes that servers write as an object: Unlimited of
// ByteQuantifiedSize.
type quota int64

// unlimited is the quota that has no bound, and the value of -ResultSize Unlimited.
const unlimited = int64(1) << 62

// String is the amount as Exchange shows it.
func (q quota) String() string {
	if int64(q) == unlimited {
		return "Unlimited"
	}
	return sizeText(int64(q))
}

func sizeText(bytes int64) string {
	var room [64]byte
	return string(bytesize.Append(room[:0], bytes))
}

// Ticks of .NET: 100 ns since 0001-01-01.
const ticksPerSecond = 10_000_000

func ticksOf(t time.Time) int64 { return clixml.DateTimeOf(t.UTC()).Ticks }

func timeOf(ticks int64) time.Time { return clixml.DateTime{Ticks: ticks}.Time() }

// conversionError is .NET's text for a value that cannot be read; it is shown
// as it is.
type conversionError string

// Error gives the text.
func (e conversionError) Error() string { return string(e) }

// convert turns a value into one of a kind. A text is read as the kind demands;
// nil stays nil, but for lists, which are empty then.
//
//nolint:gocyclo // one table
func convert(k kind, v any) (any, error) {
	if k == kindList {
		switch v := v.(type) {
		case nil:
			return []string{}, nil
		case []string:
			return v, nil
		}
		return []string{display(v)}, nil
	}
	if _, isText := v.(string); isText && k == kindText {
		return v, nil
	}
	switch v := v.(type) {
	case nil:
		return nil, nil
	case int64:
		return ofNumber(k, v), nil
	case int32:
		return ofNumber(k, int64(v)), nil
	case uint16, uint32:
		return ofNumber(k, int64(number(v))), nil
	case quota:
		if k != kindText {
			return ofNumber(k, int64(v)), nil
		}
	case bool:
		if k == kindBool {
			return v, nil
		}
	case float64:
		if k == kindFloat {
			return v, nil
		}
	case clixml.DateTime:
		if k == kindTime {
			return v, nil
		}
	case clixml.Duration:
		if k == kindSpan {
			return v, nil
		}
	case clixml.GUID:
		if k == kindGUID {
			return v, nil
		}
	case []string:
		return ofText(k, strings.Join(v, ","))
	}
	return ofText(k, display(v))
}

func ofNumber(k kind, n int64) any {
	switch k {
	case kindBool:
		return n != 0
	case kindInt32:
		return int32(n)
	case kindUint16:
		return uint16(n)
	case kindUint32:
		return uint32(n)
	case kindInt64:
		return n
	case kindFloat:
		return float64(n)
	case kindSize:
		return quota(n)
	}
	return strconv.FormatInt(n, 10)
}

// ofText reads a text as the kind demands.
//
//nolint:gocyclo // one table
func ofText(k kind, text string) (any, error) {
	trimmed := strings.TrimSpace(text)
	switch k {
	case kindSize:
		if strings.EqualFold(trimmed, "unlimited") {
			return quota(unlimited), nil
		}
		if n, ok := bytesize.Parse(trimmed); ok {
			return quota(int64(n)), nil
		}
		return nil, conversionError(fmt.Sprintf("The value \"%s\" couldn't be converted to type Microsoft.Exchange.Data.ByteQuantifiedSize.", text))
	case kindBool:
		switch strings.ToLower(strings.TrimPrefix(trimmed, "$")) {
		case "true", "1":
			return true, nil
		case "false", "0":
			return false, nil
		}
		return nil, conversionError(fmt.Sprintf("String %q was not recognized as a valid Boolean.", text))
	case kindInt32, kindInt64, kindUint16, kindUint32:
		if n, err := strconv.ParseInt(trimmed, 10, 64); err == nil {
			return ofNumber(k, n), nil
		}
		return nil, conversionError("Input string was not in a correct format.")
	case kindFloat:
		if f, err := strconv.ParseFloat(trimmed, 64); err == nil {
			return f, nil
		}
		return nil, conversionError("Input string was not in a correct format.")
	case kindTime:
		if t, ok := parseTime(text); ok {
			return clixml.DateTimeOf(t), nil
		}
		return nil, conversionError(fmt.Sprintf("The string '%s' was not recognized as a valid DateTime. There is an unknown word starting at index '0'.", text))
	case kindSpan:
		if d, ok := parseSpan(trimmed); ok {
			return d, nil
		}
		return nil, conversionError(fmt.Sprintf("The value \"%s\" couldn't be converted to type Microsoft.Exchange.Data.EnhancedTimeSpan.", text))
	case kindGUID:
		if g, err := clixml.ParseGUID(trimmed); err == nil {
			return g, nil
		}
		return nil, conversionError("Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).")
	case kindVersion:
		return clixml.Version(text), nil
	case kindURI:
		return clixml.URI(text), nil
	}
	return text, nil
}

// parseTime reads a date as .NET's invariant and US cultures do; without a zone
// it is UTC, as the server's clock is.
func parseTime(text string) (time.Time, bool) {
	for _, layout := range []string{
		time.RFC3339Nano, "2006-01-02T15:04:05.9999999", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04",
		"2006-01-02", "1/2/2006 15:04:05", "1/2/2006 3:04:05 PM", "1/2/2006 3:04 PM", "1/2/2006 15:04", "1/2/2006",
	} {
		if t, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// parseSpan reads .NET's [d.]hh:mm:ss, a number of days, or an xs:duration.
func parseSpan(text string) (clixml.Duration, bool) {
	if strings.HasPrefix(text, "P") {
		v, err := clixml.Decode([]byte("<TS>" + text + "</TS>"))
		d, ok := v.(clixml.Duration)
		return d, err == nil && ok
	}
	days, clock, found := strings.Cut(text, ".")
	switch {
	case !strings.Contains(text, ":"):
		days, clock = text, "00:00:00"
	case !found || strings.Contains(days, ":"):
		days, clock = "0", text
	}
	var d, h, m, s int64
	_, err := fmt.Sscanf(days+" "+strings.ReplaceAll(clock, ":", " "), "%d %d %d %d", &d, &h, &m, &s)
	return clixml.Duration((((d*24+h)*60+m)*60 + s) * ticksPerSecond), err == nil
}

// display is a value as text, as PowerShell's conversion to string gives it.
func display(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		if v {
			return "True"
		}
		return "False"
	case float64:
		return strconv.FormatFloat(v, 'G', -1, 64)
	case clixml.DateTime:
		return v.Time().UTC().Format("01/02/2006 15:04:05")
	case []string:
		return strings.Join(v, " ")
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = display(plainValue(v[i]))
		}
		return strings.Join(parts, " ")
	case map[string]any:
		return "System.Collections.Hashtable"
	case cmdlet.Secret:
		return "System.Security.SecureString"
	}
	return fmt.Sprint(v)
}

// number is a value as a number, of bool 0 or 1; what is none is 0.
func number(v any) float64 {
	switch v := v.(type) {
	case bool:
		if v {
			return 1
		}
	case int32:
		return float64(v)
	case uint16:
		return float64(v)
	case uint32:
		return float64(v)
	case int64:
		return float64(v)
	case quota:
		return float64(v)
	case float64:
		return v
	}
	return 0
}

// plainValue takes what the wire wraps apart: switches, enums and the like.
func plainValue(v any) any {
	switch v := v.(type) {
	case cmdlet.Switch:
		return bool(v)
	case uint64:
		return int64(v)
	case int32:
		return int64(v)
	case int:
		return int64(v)
	case time.Time:
		return clixml.DateTimeOf(v.UTC())
	case time.Duration:
		return clixml.Duration(v / 100)
	case clixml.DateTime:
		return clixml.DateTimeOf(v.Time().UTC())
	case *clixml.Object:
		return plainObject(v)
	case []string:
		list := make([]any, len(v))
		for i := range v {
			list[i] = v[i]
		}
		return list
	}
	return v
}

func plainObject(o *clixml.Object) any {
	switch {
	case o.Kind == clixml.Dictionary:
		m := map[string]any{}
		for _, e := range o.Entries {
			m[display(plainValue(e.Key))] = plainValue(e.Value)
		}
		return m
	case o.Kind != clixml.None:
		list := make([]any, len(o.Items))
		for i := range o.Items {
			list[i] = plainValue(o.Items[i])
		}
		return list
	case o.HasBase && !o.HasToString:
		return plainValue(o.Base)
	}
	if on, ok := o.Get("IsPresent"); ok {
		return plainValue(on)
	}
	return o.ToString
}
