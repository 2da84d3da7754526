package reference

import (
	"fmt"
	"strings"
)

// Services is a set of services that have a cmdlet or parameter.
type Services uint8

// The services, in the order in which they are named.
const (
	Exchange2010 Services = 1 << iota
	Exchange2013
	Exchange2016
	Exchange2019
	ExchangeSE
	ExchangeOnline
	ExchangeOnlineProtection // on its own, without mailboxes in the cloud
	SecurityCompliance
)

// OnPremises are the Exchange Servers of today.
const OnPremises = Exchange2016 | Exchange2019 | ExchangeSE

// serviceLetters are the letters of the catalogue, the lowest bit first.
const serviceLetters = "0369sXEC"

// serviceNames are the short names, the lowest bit first.
var serviceNames = [...]string{"2010", "2013", "2016", "2019", "SE", "EXO", "EOP", "SCC"}

// servicesOf reads the catalogue's letters.
func servicesOf(letters string) Services {
	var s Services
	for i := range len(letters) {
		if bit := strings.IndexByte(serviceLetters, letters[i]); bit >= 0 {
			s |= 1 << bit
		}
	}
	return s
}

// Names gives the short names: 2010, 2013, 2016, 2019, SE, EXO (Exchange Online), EOP
// (Exchange Online Protection), SCC (Security & Compliance).
func (s Services) Names() []string {
	names := []string{}
	for i, name := range serviceNames {
		if s&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// String joins the names.
func (s Services) String() string { return strings.Join(s.Names(), ", ") }

// Any tells whether the sets have a service in common.
func (s Services) Any(other Services) bool { return s&other != 0 }

// ParseServices reads a service as a person names it: one of the short names, its full
// name, or onprem for the Exchange Servers of today. Letter case and blanks do not count.
func ParseServices(text string) (Services, error) {
	word := strings.NewReplacer(" ", "", "-", "", "_", "", "&", "", "(", "", ")", "").Replace(strings.ToLower(text))
	word = strings.TrimPrefix(word, "microsoft")
	switch word {
	case "exo", "exchangeonline", "online", "cloud", "x":
		return ExchangeOnline, nil
	case "eop", "exchangeonlineprotection", "protection", "e":
		return ExchangeOnlineProtection, nil
	case "scc", "securitycompliance", "compliance", "purview", "c":
		return SecurityCompliance, nil
	case "onprem", "onpremises", "exchangeserver", "server":
		return OnPremises, nil
	case "exchangese", "exchangeserverse", "exchangeserversubscriptionedition", "se":
		return ExchangeSE, nil
	}
	for i, name := range serviceNames {
		if strings.TrimPrefix(strings.TrimPrefix(word, "exchange"), "server") == name {
			return 1 << i, nil
		}
	}
	return 0, fmt.Errorf("%q is not a service; there are: %s, onprem", text, strings.Join(serviceNames[:], ", "))
}
