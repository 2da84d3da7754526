package cmdlet

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"
	"time"
)

// PowerShell gives the call as a person would type it in PowerShell, quoted as
// PowerShell's parser needs it, on one line and of characters that are shown as what they
// are: a terminal, a label and the clipboard have the same text. In the place of a secret
// stands the command that asks for it: (Read-Host -AsSecureString), or
// (Get-Credential 'user'). [Reader.Line] reads the rest back to the same call where the
// same is known of the cmdlet.
func (i Invocation) PowerShell() string {
	var b []byte
	if isBareCommand(i.Cmdlet) {
		b = append(b, i.Cmdlet...)
	} else {
		b = appendQuoted(append(b, "& "...), i.Cmdlet)
	}
	for n, a := range i.Args {
		b = append(b, ' ')
		if a.Name == "" {
			b = appendValue(b, a.Value, false)
			continue
		}
		b = append(append(b, '-'), a.Name...)
		if on, ok := a.Value.(Switch); ok {
			switch {
			case !bool(on):
				b = append(b, ":$false"...)
			case n+1 < len(i.Args) && i.Args[n+1].Name == "":
				b = append(b, ":$true"...) // or what follows would be read as its value
			}
			continue
		}
		if on, ok := a.Value.(bool); ok {
			// With a colon it is right for a switch, too: nothing may be known of the cmdlet.
			b = append(append(b, ":$"...), strconv.FormatBool(on)...)
			continue
		}
		b = appendValue(append(b, ' '), a.Value, false)
	}
	return string(b)
}

// isBareCommand says that the name can stand without quotes where a command begins.
func isBareCommand(name string) bool {
	c := byte(0)
	if name != "" {
		c = name[0] | 0x20
	}
	if c < 'a' || c > 'z' {
		return false
	}
	for i := range len(name) {
		if c := name[i]; !isBareByte(c) {
			return false
		}
	}
	return strings.ContainsAny(name, `-\`)
}

// isBareByte says that PowerShell takes the character as a part of a word.
func isBareByte(c byte) bool {
	return isWordByte(c) && c < 0x80 || strings.IndexByte(`-.@/\:*`, c) >= 0
}

// appendValue writes a value. Within @() and @{} words need quotes.
func appendValue(b []byte, v any, expression bool) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "$null"...)
	case string:
		return appendText(b, v, expression)
	case bool:
		return append(append(b, '$'), strconv.FormatBool(v)...)
	case Switch:
		return append(append(b, '$'), strconv.FormatBool(bool(v))...)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case uint64:
		return strconv.AppendUint(b, v, 10)
	case float64:
		return appendFloat(b, v, expression)
	case time.Time:
		return append(appendQuoted(append(b, "([datetime]"...), v.Format(time.RFC3339Nano)), ')')
	case time.Duration:
		return appendQuoted(b, timeSpan(v))
	case []string:
		return appendItems(b, stringsOf(v), expression)
	case []any:
		return appendItems(b, v, expression)
	case map[string]any:
		return appendTable(b, v)
	case []byte:
		return appendBytes(b, v)
	case PSCredential:
		b = appendQuoted(append(b, "(Get-Credential "...), v.User)
		return append(b, ')')
	case Secret:
		return append(b, "(Read-Host -AsSecureString)"...)
	}
	// No other type can be sent; a name shows where the fault is.
	return append(b, "(unknown)"...)
}

func stringsOf(list []string) []any {
	items := make([]any, len(list))
	for i, s := range list {
		items[i] = s
	}
	return items
}

// appendItems writes a,b where that reads back as a list, else @(...).
func appendItems(b []byte, items []any, expression bool) []byte {
	if len(items) > 1 && !expression {
		for i, item := range items {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendItem(b, item)
		}
		return b
	}
	b = append(b, "@("...)
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendItem(b, item)
	}
	return append(b, ')')
}

// appendItem writes an item of a list. A list within a list keeps its brackets.
func appendItem(b []byte, item any) []byte { return appendValue(b, item, true) }

func appendTable(b []byte, table map[string]any) []byte {
	b = append(b, "@{"...)
	for i, key := range sortedKeys(table) {
		if i > 0 {
			b = append(b, "; "...)
		}
		if isIdentifier(key) {
			b = append(b, key...)
		} else {
			b = appendQuoted(b, key)
		}
		b = append(b, '=')
		b = appendTableValue(b, table[key])
	}
	return append(b, '}')
}

// appendTableValue writes 'a','b' for a list of several, as people write it.
func appendTableValue(b []byte, v any) []byte {
	if texts, ok := v.([]string); ok && len(texts) > 1 {
		return appendItems(b, stringsOf(texts), false)
	}
	return appendValue(b, v, true)
}

func isIdentifier(key string) bool {
	for i := range len(key) {
		if c := key[i]; !isWordByte(c) || c >= 0x80 || i == 0 && c <= '9' {
			return false
		}
	}
	return key != ""
}

// appendText writes a text without quotes where it is a plain word.
func appendText(b []byte, text string, expression bool) []byte {
	if expression || !isPlainWord(text) {
		return appendQuoted(b, text)
	}
	return append(b, text...)
}

// isPlainWord says that PowerShell reads the text as itself: it begins with a letter and
// has none but ordinary characters.
func isPlainWord(text string) bool {
	if text == "" || !isWordByte(text[0]) || text[0] <= '9' || text[0] >= 0x80 {
		return false
	}
	for i := range len(text) {
		if !isBareByte(text[i]) {
			return false
		}
	}
	return true
}

// appendFloat writes a number so that it stays one of floating point.
func appendFloat(b []byte, v float64, expression bool) []byte {
	switch {
	case math.IsNaN(v):
		return appendText(b, "NaN", expression)
	case math.IsInf(v, 1):
		return appendText(b, "Infinity", expression)
	case math.IsInf(v, -1):
		return appendQuoted(b, "-Infinity")
	}
	start := len(b)
	b = strconv.AppendFloat(b, v, 'g', -1, 64)
	if !strings.ContainsAny(string(b[start:]), ".e") {
		b = append(b, ".0"...)
	}
	return b
}

func appendBytes(b, data []byte) []byte {
	b = append(b, "([System.Convert]::FromBase64String('"...)
	b = base64.StdEncoding.AppendEncode(b, data)
	return append(b, "'))"...)
}

// timeSpan writes .NET's constant format, in ticks of 100 ns.
func timeSpan(d time.Duration) string {
	sign := ""
	ticks := int64(d / 100)
	n := uint64(ticks)
	if ticks < 0 {
		sign, n = "-", -n
	}
	const second = 10_000_000
	b := []byte(sign)
	if days := n / (86400 * second); days > 0 {
		b = append(strconv.AppendUint(b, days, 10), '.')
	}
	seconds := n / second % 86400
	b = append(b, time.Unix(int64(seconds), 0).UTC().Format("15:04:05")...)
	if fraction := n % second; fraction > 0 {
		text := strconv.FormatUint(second+fraction, 10)[1:]
		b = append(append(b, '.'), text...)
	}
	return string(b)
}
