package endpoint

import (
	"strconv"
	"strings"
)

// joined is the text of an expression that makes one: a word, "a" + $b, or
// "{0}" -f $a. Its unknown is the first variable that the text does not set.
// An expression of another kind is a tokenOpen with something unknown.
func joined(tokens []token) token {
	tokens = unwrapped(tokens)
	if len(tokens) > 2 && tokens[1].text == "-f" && !tokens[1].quoted {
		return formatted(tokens[0], tokens[2:])
	}
	if !isSum(tokens) {
		return token{kind: tokenOpen, unknown: unknownIn(tokens)}
	}
	out := token{kind: tokenWord, quoted: len(tokens) > 1 || tokens[0].quoted || uncast(tokens[0]) != tokens[0].text}
	var text strings.Builder
	for i := 0; i < len(tokens) && text.Len() <= longest; i += 2 {
		if out.unknown == "" {
			out.unknown = tokens[i].unknown
		}
		text.WriteString(uncast(tokens[i]))
	}
	if text.Len() > longest {
		return token{kind: tokenOpen, unknown: unknownIn(tokens)}
	}
	return out.with(text.String())
}

// unwrapped takes the brackets off ("a" + "b").
func unwrapped(tokens []token) []token {
	if last := len(tokens) - 1; last > 1 && tokens[0].kind == tokenOpen && tokens[0].text == "" && tokens[last].kind == tokenClose &&
		!hasBracket(tokens[1:last]) {
		return tokens[1:last]
	}
	return tokens
}

// isSum reports whether tokens are words with + between them.
func isSum(tokens []token) bool {
	for i, t := range tokens {
		if t.kind != tokenWord || i%2 == 1 && (t.quoted || t.text != "+") {
			return false
		}
	}
	return len(tokens)%2 == 1
}

func hasBracket(tokens []token) bool {
	for _, t := range tokens {
		if t.kind != tokenWord {
			return true
		}
	}
	return false
}

// uncast takes a type off a value: [uri]'https://host/' is the address.
func uncast(t token) string {
	if t.quoted || !strings.HasPrefix(t.text, "[") {
		return t.text
	}
	if _, value, found := strings.Cut(t.text, "]"); found && !strings.HasPrefix(value, "::") {
		return value
	}
	return t.text
}

// formatted is the text of "{0}" -f 'value'.
func formatted(format token, values []token) token {
	out := token{kind: tokenWord, quoted: true, unknown: format.unknown}
	text, n := format.text, 0
	for _, v := range values {
		if v.kind != tokenWord {
			return token{kind: tokenOpen, unknown: unknownIn(values)}
		}
		if v.text == "," && v.quoted {
			continue
		}
		if out.unknown == "" {
			out.unknown = v.unknown
		}
		text = strings.ReplaceAll(text, "{"+strconv.Itoa(n)+"}", v.text)
		n++
		if len(text) > longest {
			return token{kind: tokenOpen, unknown: "(...)"}
		}
	}
	return out.with(text)
}

// unknownIn names the first variable in tokens that the text does not set, or
// the expression as a whole.
func unknownIn(tokens []token) string {
	for _, t := range tokens {
		if t.unknown != "" {
			return t.unknown
		}
	}
	return "(...)"
}

// tableOf reads the entries of @{Name = value; ...} as parameters.
func tableOf(tokens []token) []argument {
	entries := []argument{}
	for i := 1; i+2 < len(tokens); i++ {
		name, assign := tokens[i], tokens[i+1]
		if name.kind != tokenWord || assign.kind != tokenAssign {
			continue
		}
		end, depth := i+2, 0
		for ; end < len(tokens); end++ {
			switch tokens[end].kind {
			case tokenOpen:
				depth++
			case tokenClose:
				depth--
			case tokenWord, tokenEnd, tokenAssign:
			}
			if depth < 0 || depth == 0 && tokens[end].kind == tokenEnd {
				break
			}
		}
		if end > i+2 {
			value := joined(tokens[i+2 : end])
			if value.kind == tokenOpen {
				value.text = credentialUser(tokens[i+2 : end])
			}
			entries = append(entries, argument{parameter: name.text, value: value, hasValue: true})
		}
		i = end
	}
	return entries
}
