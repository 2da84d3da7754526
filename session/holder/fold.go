package holder

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// composed gives a text as it is sent to a server: the letters of full and half
// width that East Asian keyboards type are those of usual width, and a letter with
// its accents is one character (NFC, in which Basic sends user names: RFC 7617
// section 2.1, RFC 8265 section 3.4). Both ways to write it are the same name.
func composed(text string) string {
	if isASCII(text) {
		return text
	}
	return norm.NFC.String(width.Fold.String(text))
}

// folded gives a composed text as it is compared. Servers take letters of either
// case for the same, and so does strings.EqualFold, which names the rule: of all
// letters that it takes for one, this is the lower case of the first. It may be the
// dotted İ or the dotless ı of Turkish, which are no i to a server.
func folded(text string) string {
	if isASCII(text) {
		return strings.ToLower(text)
	}
	return norm.NFC.String(strings.Map(func(r rune) rune {
		first := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			first = min(first, next)
		}
		if first == r && unicode.SimpleFold(r) == r {
			return r // it has no other case
		}
		return unicode.ToLower(first)
	}, text))
}

// loose gives a folded text without what Active Directory does not look at when it
// compares names: accents, and the forms of a letter ([MS-ADTS] section 6.5).
func loose(text string) string {
	if isASCII(text) {
		return text
	}
	return folded(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(text)))
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}

// MayBe says that both may be one account to their server, though nobody but the
// server can tell: ada, CONTOSO\ada and ada@contoso.example may be one, as may josé
// and jose, which are one in Active Directory; ada@contoso.example and
// ada@fabrikam.example are two, and so are CONTOSO\ada and FABRIKAM\ada.
//
// The limit of sessions counts all that may be the account, and a refusal of one more is
// minded by all: better a session less than one that is sent to be refused. Everything
// else, secrets first, goes by ==, which takes only those for one that every server does:
// a password must not reach an account that it is not of. MayBe is symmetric and not
// transitive; nobody is nobody's.
func (h Holder) MayBe(other Holder) bool {
	if h == other {
		return !h.IsZero()
	}
	if h.server != other.server || h.IsZero() || other.IsZero() {
		return false
	}
	mine, theirs := partsOf(h.account), partsOf(other.account)
	return mine.user == theirs.user && (mine.domain == theirs.domain || mine.kind != theirs.kind)
}

// parts are what a name is made of.
type parts struct {
	kind         rune // '@', '\\', or 0 for a bare name: a domain of one kind says nothing of one of another
	user, domain string
}

func partsOf(account string) parts {
	account = loose(account)
	if i := strings.LastIndexByte(account, '@'); i >= 0 {
		return parts{kind: '@', user: account[:i], domain: account[i+1:]}
	}
	if domain, user, named := strings.Cut(account, `\`); named {
		return parts{kind: '\\', user: user, domain: domain}
	}
	return parts{user: account}
}
