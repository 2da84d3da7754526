package exchange

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"postroom/session/bytesize"
)

// toValue turns a Go value into a value of a column's kind. A text is read as
// the kind demands; what cannot be read is an error.
func toValue(k kind, v any) (value, error) {
	switch v := v.(type) {
	case nil:
		if k == kindList {
			return value{kind: kindList}, nil
		}
		return value{}, nil
	case bool:
		return boolValue(k, v), nil
	case int:
		return numberValue(k, int64(v)), nil
	case int64:
		return numberValue(k, v), nil
	case uint64:
		return numberValue(k, int64(v)), nil
	case float64:
		if k == kindFloat {
			return value{kind: k, real: v}, nil
		}
		return textValue(k, strconv.FormatFloat(v, 'g', -1, 64))
	case time.Time:
		if k == kindTime {
			return value{kind: k, number: ticksOf(v)}, nil
		}
		return textValue(k, v.UTC().Format("01/02/2006 15:04:05"))
	case []string:
		if k == kindList {
			return value{kind: k, items: v}, nil
		}
		return textValue(k, strings.Join(v, ","))
	case string:
		if k == kindList {
			return value{kind: k, items: []string{v}}, nil
		}
		return textValue(k, v)
	}
	return value{}, fmt.Errorf("simulator: a %T is not a value", v)
}

// value turns a Go value into a value of this column.
func (c columnInfo) value(v any) (value, error) {
	kept, err := toValue(c.kind, v)
	if kept.kind == kindTime {
		kept.clock = c.clock
	}
	return kept, err
}

func boolValue(k kind, b bool) value {
	v := value{kind: kindBool}
	if b {
		v.number = 1
	}
	if k == kindText {
		return value{kind: kindText, text: map[bool]string{true: "True", false: "False"}[b]}
	}
	return v
}

func numberValue(k kind, n int64) value {
	switch k {
	case kindInt32, kindInt64, kindBool:
		return value{kind: k, number: n}
	case kindFloat:
		return value{kind: k, real: float64(n)}
	case kindSize:
		return value{kind: k, number: n, text: sizeText(n)}
	}
	return value{kind: kindText, text: strconv.FormatInt(n, 10)}
}

// conversionError is .NET's text for a value that cannot be read; it is shown
// as it is.
type conversionError string

// Error gives the text.
func (e conversionError) Error() string { return string(e) }

// textValue reads a text as the kind demands.
func textValue(k kind, text string) (value, error) {
	switch k {
	case kindSize:
		if strings.EqualFold(text, "unlimited") {
			return value{kind: k, number: unlimited, text: "Unlimited"}, nil
		}
		n, ok := bytesize.Parse(text)
		if !ok {
			return value{}, conversionError(fmt.Sprintf("The value \"%s\" couldn't be converted to type Microsoft.Exchange.Data.ByteQuantifiedSize.", text))
		}
		return numberValue(k, int64(n)), nil
	case kindBool:
		switch strings.ToLower(strings.TrimPrefix(text, "$")) {
		case "true", "1":
			return value{kind: k, number: 1}, nil
		case "false", "0":
			return value{kind: k}, nil
		}
		return value{}, conversionError(fmt.Sprintf("String %q was not recognized as a valid Boolean.", text))
	case kindInt32, kindInt64:
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil {
			return value{}, conversionError("Input string was not in a correct format.")
		}
		return value{kind: k, number: n}, nil
	case kindFloat:
		f, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil {
			return value{}, conversionError("Input string was not in a correct format.")
		}
		return value{kind: k, real: f}, nil
	case kindTime:
		t, ok := parseTime(text)
		if !ok {
			return value{}, conversionError(fmt.Sprintf("The string '%s' was not recognized as a valid DateTime.", text))
		}
		return value{kind: k, number: ticksOf(t)}, nil
	}
	return value{kind: k, text: text}, nil
}
