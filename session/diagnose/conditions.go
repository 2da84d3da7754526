package diagnose

import (
	"errors"
	"slices"
	"strings"

	"postroom/session/cmdlet"
	"postroom/session/credential"
	"postroom/session/endpoint"
	"postroom/session/wsman"
)

// rule is one row of the table. The first row whose condition holds explains
// the error.
type rule struct {
	id   string // names its sentences in texts/
	kind Kind
	when condition
}

// condition looks at facts.
type condition func(*facts) bool

func oneOf(cs ...condition) condition {
	return func(f *facts) bool { return slices.ContainsFunc(cs, func(c condition) bool { return c(f) }) }
}

func allOf(cs ...condition) condition {
	return func(f *facts) bool { return !slices.ContainsFunc(cs, func(c condition) bool { return !c(f) }) }
}

func not(c condition) condition { return func(f *facts) bool { return !c(f) } }

// said holds when one of the fragments, in lower case, stands in what was
// said. "*" stands for anything between two parts.
func said(fragments ...string) condition {
	return func(f *facts) bool {
		return slices.ContainsFunc(fragments, func(fragment string) bool { return contains(f.text, fragment) })
	}
}

// ownWords is said for what this program and its libraries say: a server's
// texts, which are about connectors, certificates and accounts too, do not count.
func ownWords(fragments ...string) condition {
	return func(f *facts) bool {
		return slices.ContainsFunc(fragments, func(fragment string) bool { return contains(f.own, fragment) })
	}
}

// notByCmdlet is said for what was not reported by a cmdlet.
func notByCmdlet(fragments ...string) condition { return allOf(not(remote), said(fragments...)) }

func contains(text, fragment string) bool {
	for part := range strings.SplitSeq(fragment, "*") {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return true
}

// code holds for these codes of a fault.
func code(codes ...uint32) condition {
	return func(f *facts) bool { return f.fault != nil && slices.Contains(codes, f.fault.Code) }
}

func faultKind(kinds ...wsman.FaultKind) condition {
	return func(f *facts) bool { return f.fault != nil && slices.Contains(kinds, f.fault.Kind()) }
}

// status holds for these HTTP statuses of an answer that is no fault.
func status(statuses ...int) condition {
	return func(f *facts) bool {
		return f.fault == nil && (f.http != nil || f.auth != nil) && slices.Contains(statuses, f.status)
	}
}

// category holds for these failure categories of Exchange, or beginnings of
// them that end in "-".
func category(names ...string) condition {
	return func(f *facts) bool {
		return f.exchange != nil && slices.ContainsFunc(names, func(n string) bool {
			return strings.EqualFold(n, f.exchange.FailureCategory) ||
				strings.HasSuffix(n, "-") && strings.HasPrefix(strings.ToLower(f.exchange.FailureCategory), strings.ToLower(n))
		})
	}
}

func is(targets ...error) condition {
	return func(f *facts) bool {
		return slices.ContainsFunc(targets, func(t error) bool { return errors.Is(f.err, t) })
	}
}

// as holds when an error of type E is in the chain, and ok, unless nil, likes it.
func as[E error](ok func(E) bool) condition {
	return func(f *facts) bool {
		e, found := errors.AsType[E](f.err)
		return found && (ok == nil || ok(e))
	}
}

// remote holds for an error that a cmdlet reported.
func remote(f *facts) bool { return f.remote != nil || f.cmdlet != nil }

func signIn(f *facts) bool { return f.auth != nil }

func kerberos(names ...string) condition {
	return func(f *facts) bool {
		return f.auth != nil && slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, f.auth.Kerberos) })
	}
}

// entra holds for error codes of Microsoft Entra, such as AADSTS50126, at the
// sign-in.
func entra(numbers ...string) condition {
	return func(f *facts) bool {
		if remote(f) {
			return false
		}
		_, rest, found := strings.Cut(f.text, "aadsts")
		for found {
			digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
			if slices.Contains(numbers, digits) {
				return true
			}
			_, rest, found = strings.Cut(rest, "aadsts")
		}
		return false
	}
}

func unavailable(r credential.Reason) condition {
	return as(func(e *credential.UnavailableError) bool { return e.Reason == r })
}

func refusal(reasons ...endpoint.RefusalReason) condition {
	return as(func(e *endpoint.RedirectRefused) bool { return slices.Contains(reasons, e.Reason) })
}

func redirected(reasons ...wsman.RedirectReason) condition {
	return as(func(e *wsman.RedirectError) bool { return slices.Contains(reasons, e.Reason) })
}

func pasted(reasons ...endpoint.TextReason) condition {
	return as(func(e *endpoint.TextError) bool { return slices.Contains(reasons, e.Reason) })
}

func bind(wants ...cmdlet.Want) condition {
	return as(func(e *cmdlet.BindError) bool { return slices.Contains(wants, e.Want) })
}
