package exorest

import (
	"fmt"
	"strconv"
	"strings"

	"postroom/session"
	"postroom/session/cmdlet"
)

// Expected knows what values a parameter takes. Nothing is kept from the service for it: it
// may know newer ones.
type Expected interface {
	// Expected gives all values that a parameter takes, none where nobody can list them, and
	// the least number, "" where there is none.
	Expected(cmdlet, parameter string) (choices []string, least string)
}

// doubts are warnings of values that this service takes without a word and answers with no
// rows: the beginning of a choice instead of the whole, and a number that is too small.
// PowerShell's own binder completes the one and refuses the other.
func doubts(known Expected, i cmdlet.Invocation) (found []*session.DoubtfulValue) {
	if known == nil || isStage(i.Cmdlet) {
		return nil
	}
	for _, a := range i.Args {
		choices, least := known.Expected(i.Cmdlet, a.Name)
		for _, text := range words(a.Value) {
			if whole := begunOf(choices, text); len(whole) > 0 {
				found = append(found, &session.DoubtfulValue{Parameter: a.Name, Value: text, Choices: whole})
			}
			if tooSmall(text, least) {
				found = append(found, &session.DoubtfulValue{Parameter: a.Name, Value: text, Least: least})
			}
		}
	}
	return found
}

// words are the texts and numbers of an argument, one by one; several choices may stand in
// one text.
func words(v any) (list []string) {
	switch v := v.(type) {
	case string:
		for part := range strings.SplitSeq(v, ",") {
			list = append(list, strings.TrimSpace(part))
		}
	case int, int64, uint64:
		list = append(list, fmt.Sprint(v))
	case []string:
		for _, item := range v {
			list = append(list, words(item)...)
		}
	case []any:
		for _, item := range v {
			list = append(list, words(item)...)
		}
	}
	return list
}

// begunOf are the choices that a text begins and is none of; letter case aside.
func begunOf(choices []string, text string) (whole []string) {
	if text == "" {
		return nil
	}
	for _, choice := range choices {
		switch {
		case strings.EqualFold(choice, text):
			return nil
		case len(choice) > len(text) && strings.EqualFold(choice[:len(text)], text):
			whole = append(whole, choice)
		}
	}
	return whole
}

// tooSmall says that a text is a whole number below another.
func tooSmall(text, least string) bool {
	n, err := strconv.ParseInt(text, 10, 64)
	bound, errBound := strconv.ParseInt(least, 10, 64)
	return err == nil && errBound == nil && n < bound
}
