package endpoint

import (
	"fmt"
	"strings"

	"golang.org/x/net/idna"
)

// DomainError is text that is not the domain of a tenant.
type DomainError struct {
	Text string
	Err  error // what is wrong with it; never nil
}

// Error shows the text and what is wrong with it.
func (e *DomainError) Error() string {
	return fmt.Sprintf("endpoint: %q is not a domain: %v", e.Text, e.Err)
}

// Unwrap gives what is wrong.
func (e *DomainError) Unwrap() error { return e.Err }

// ParseDomain checks the form of a tenant's domain and returns it in ASCII and
// lower case, so that müller.example becomes xn--mller-kva.example. A mail
// address, an @domain or a URL is cut down to its domain first. It returns
// *DomainError.
func ParseDomain(text string) (string, error) {
	domain := strings.TrimSpace(text)
	if _, rest, ok := strings.Cut(domain, "://"); ok {
		domain, _, _ = strings.Cut(rest, "/")
	}
	if i := strings.LastIndexByte(domain, '@'); i >= 0 {
		domain = domain[i+1:]
	}
	domain = strings.TrimSuffix(domain, ".")
	profile := idna.New(
		idna.MapForLookup(), idna.StrictDomainName(true), idna.ValidateLabels(true),
		idna.CheckHyphens(true), idna.VerifyDNSLength(true), idna.BidiRule(), idna.Transitional(false))
	ascii, err := profile.ToASCII(domain)
	if err == nil {
		// Bytes that are no UTF-8 become a label that idna itself calls invalid.
		_, err = profile.ToASCII(ascii)
	}
	if err != nil {
		return "", &DomainError{Text: text, Err: err}
	}
	if !strings.Contains(ascii, ".") {
		return "", &DomainError{Text: text, Err: errNoDot}
	}
	if last := ascii[strings.LastIndexByte(ascii, '.')+1:]; strings.Trim(last, "0123456789") == "" {
		return "", &DomainError{Text: text, Err: errNumericTop}
	}
	return ascii, nil
}

// SameDomain says that two texts name one domain, however either is written (see
// [ParseDomain]). What is no domain, such as a name of a list, is the same as its own text
// in letters of either case.
func SameDomain(a, b string) bool {
	x, xErr := ParseDomain(a)
	y, yErr := ParseDomain(b)
	if xErr != nil || yErr != nil {
		return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
	}
	return x == y
}

// DisplayDomain returns domain as people write it: xn--mller-kva.example
// becomes müller.example. A domain that cannot be decoded is returned as it is.
func DisplayDomain(domain string) string {
	shown, err := idna.Display.ToUnicode(domain)
	if err != nil {
		return domain
	}
	return shown
}
