package wsman

import (
	"regexp"
	"strings"
)

var (
	bracketGroup = regexp.MustCompile(`\[(?:Server|ClientAccessServer|AuthZRequestId|FailureCategory)=[^\]\r\n]*\]`)
	hexAndClass  = regexp.MustCompile(`^\s*([0-9A-Fa-f]{8}),\s*([A-Za-z0-9_.+-]+)\s*`)
)

// ParseExchangeFault reads the fields that Exchange puts before its texts,
// wherever in the text they stand:
//
//	[Server=..,RequestId=..,TimeStamp=..] [FailureCategory=Area-Exception] 1A2B3C4D,Class text
//
// It returns nil when there are none.
func ParseExchangeFault(text string) *ExchangeFault {
	first := bracketGroup.FindStringIndex(text)
	if first == nil {
		return nil
	}
	f := &ExchangeFault{}
	before, rest := strings.TrimSpace(text[:first[0]]), text[first[0]:]
	for {
		group := bracketGroup.FindStringIndex(rest)
		if group == nil || strings.TrimSpace(rest[:group[0]]) != "" {
			break
		}
		f.field(rest[group[0]+1 : group[1]-1])
		rest = rest[group[1]:]
	}
	if m := hexAndClass.FindStringSubmatchIndex(rest); m != nil {
		f.Code, f.Class = rest[m[2]:m[3]], rest[m[4]:m[5]]
		rest = rest[m[1]:]
	}
	f.Text = strings.TrimSpace(rest)
	if f.Text == "" {
		f.Text = before
	}
	return f
}

// field reads the inside of one pair of brackets.
func (f *ExchangeFault) field(s string) {
	for part := range strings.SplitSeq(s, ",") {
		name, value, ok := strings.Cut(part, "=")
		if !ok {
			continue
		}
		switch strings.TrimSpace(name) {
		case "Server", "ClientAccessServer":
			f.Server = value
		case "BackEndServer":
			f.BackEndServer = value
		case "RequestId":
			f.RequestID = value
		case "TimeStamp":
			f.TimeStamp = value
		case "AuthZRequestId":
			f.AuthZRequestID = value
		case "FailureCategory":
			f.FailureCategory = value
		}
	}
}

// kind is what Exchange's own fields say. Its limits come as a refusal of
// authorization, without a code: the name of the limit is in the text, in
// English in every language.
func (f *ExchangeFault) kind() FaultKind {
	if f == nil {
		return FaultOther
	}
	area, what, _ := strings.Cut(strings.ToLower(f.FailureCategory), "-")
	if area == "wsman" && what == "invalidshellid" {
		return FaultShellGone
	}
	if area != "authz" {
		return FaultOther
	}
	text := strings.ToLower(f.Text)
	switch {
	case strings.Contains(text, "exceeded the maximum number of connections allowed"):
		return FaultShellQuota
	case strings.Contains(text, "exceeded your budget to create runspace"):
		return FaultThrottled
	}
	return FaultOther
}

// unauthorized reports whether Exchange's authorization has turned the request
// down: the user, the tenant, the role or a limit. It is asked before anything
// is done.
func (f *ExchangeFault) unauthorized() bool {
	if f == nil {
		return false
	}
	area, _, _ := strings.Cut(f.FailureCategory, "-")
	return strings.EqualFold(area, "AuthZ")
}
