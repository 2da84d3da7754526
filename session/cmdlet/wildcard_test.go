package cmdlet_test

import (
	"regexp"
	"strings"
	"testing"

	"postroom/session/cmdlet"
)

// The oracle is package regexp.
func TestWildcards(t *testing.T) {
	texts := []string{"", "a", "ab", "abc", "abcabc", "ABC", "a*c", "a?c", "Müller", "müller", "\xff", "a\nb", "bananas"}
	patterns := []string{"", "*", "?", "a*", "*c", "a?c", "*b*", "**", "a*c*c", "abc", "M?LLER", "*ana?", "*?", "a**c", "*an*an*"}
	for _, text := range texts {
		for _, pattern := range patterns {
			quoted := regexp.QuoteMeta(pattern)
			quoted = strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(quoted)
			if want := regexp.MustCompile("(?is)^" + quoted + "$").MatchString(text); cmdlet.NewWildcard(pattern).Match(text) != want {
				t.Errorf("%q like %q is %v", text, pattern, !want)
			}
			if want := regexp.MustCompile("(?s)^" + quoted + "$").MatchString(text); cmdlet.NewExactWildcard(pattern).Match(text) != want {
				t.Errorf("%q like %q, letter by letter, is %v", text, pattern, !want)
			}
		}
	}
}
