package report

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"postroom/session/bytesize"
)

// token is one word of an expression.
type token struct {
	kind  tokenKind
	text  string // of a name and a sign
	value value  // of a literal
	at    int    // byte of the expression
}

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenName
	tokenLiteral
	tokenSign
)

// spans are the lengths of time that may stand right behind a number; amounts of
// data may as well.
var spans = map[string]time.Duration{"d": 24 * time.Hour, "h": time.Hour, "min": time.Minute}

// lex cuts an expression into words.
func lex(source string) ([]token, error) {
	var list []token
	for i := 0; i < len(source); {
		r, size := utf8.DecodeRuneInString(source[i:])
		start := i
		switch {
		case unicode.IsSpace(r):
			i += size
			continue
		case r == '\'':
			literal, end, err := quoted(source, i)
			if err != nil {
				return nil, err
			}
			list, i = append(list, token{kind: tokenLiteral, value: literal, at: start}), end
		case isDigit(r):
			t, end, err := numeral(source, i)
			if err != nil {
				return nil, err
			}
			list, i = append(list, t), end
		case r == '_' || unicode.IsLetter(r):
			i = wordEnd(source, i)
			list = append(list, token{kind: tokenName, text: source[start:i], at: start})
		default:
			sign := signAt(source[i:])
			if sign == "" {
				return nil, &SyntaxError{Expression: source, At: i, Want: "a value"}
			}
			i += len(sign)
			list = append(list, token{kind: tokenSign, text: sign, at: start})
		}
	}
	return append(list, token{kind: tokenEnd, at: len(source)}), nil
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// quoted reads a text in single quotes; two of them within stand for one.
func quoted(source string, i int) (text string, end int, err error) {
	var b strings.Builder
	for end = i + 1; end < len(source); end++ {
		if source[end] != '\'' {
			b.WriteByte(source[end])
			continue
		}
		if end+1 < len(source) && source[end+1] == '\'' {
			b.WriteByte('\'')
			end++
			continue
		}
		return b.String(), end + 1, nil
	}
	return "", 0, &SyntaxError{Expression: source, At: i, Want: "a closing quote"}
}

// numeral reads a number with its unit, or a property of a step: 1.DisplayName.
func numeral(source string, i int) (t token, end int, err error) {
	end = i
	for end < len(source) && isDigit(rune(source[end])) {
		end++
	}
	if end+1 < len(source) && source[end] == '.' {
		r, _ := utf8.DecodeRuneInString(source[end+1:])
		if unicode.IsLetter(r) {
			end = wordEnd(source, end+1)
			return token{kind: tokenName, text: source[i:end], at: i}, end, nil
		}
		end++
		for end < len(source) && isDigit(rune(source[end])) {
			end++
		}
	}
	n, err := strconv.ParseFloat(source[i:end], 64)
	if err != nil {
		return token{}, 0, &SyntaxError{Expression: source, At: i, Want: "a number"}
	}
	unit := wordEnd(source, end)
	word := strings.ToLower(source[end:unit])
	switch {
	case word == "":
		return token{kind: tokenLiteral, value: n, at: i}, end, nil
	case bytesize.Unit(word) != 0:
		return token{kind: tokenLiteral, value: n * float64(bytesize.Unit(word)), at: i}, unit, nil
	case spans[word] != 0:
		return token{kind: tokenLiteral, value: time.Duration(n * float64(spans[word])), at: i}, unit, nil
	}
	return token{}, 0, &SyntaxError{Expression: source, At: end, Want: "KB, MB, GB, TB, d, h or min"}
}

// wordEnd is where a name ends.
func wordEnd(source string, i int) int {
	for i < len(source) {
		r, size := utf8.DecodeRuneInString(source[i:])
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		i += size
	}
	return i
}

func signAt(source string) string {
	for _, sign := range []string{"!=", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "(", ")", ",", "[", "]"} {
		if strings.HasPrefix(source, sign) {
			return sign
		}
	}
	return ""
}
