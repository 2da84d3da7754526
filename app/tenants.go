package app

import (
	"fmt"
	"image/color"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"postroom/session"
	"postroom/session/endpoint"
)

// targetName is what people call the place where a run goes: the customer, or
// the own organisation.
func targetName(t session.Target) string {
	switch {
	case t.Tenant.Name != "":
		return t.Tenant.Name
	case t.Tenant.Domain != "":
		return endpoint.DisplayDomain(t.Tenant.Domain)
	}
	_, domain, found := strings.Cut(t.Credential.User, "@")
	if !found {
		return t.Endpoint.Name
	}
	return domain
}

// tenantColor is the tenant's own colour; transparent for the own organisation.
func tenantColor(t endpoint.Tenant) color.Color {
	rgb, err := strconv.ParseUint(strings.TrimPrefix(t.Color, "#"), 16, 24)
	if err != nil || len(t.Color) != 7 {
		return color.Transparent
	}
	return color.NRGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 0xff}
}

// number writes n with groups of three digits, as the server's texts do.
func number(n int) string {
	digits := strconv.Itoa(n)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 && d != '-' && digits[i-1] != '-' {
			b.WriteRune(' ') // a narrow space is right in every language
		}
		b.WriteRune(d)
	}
	return b.String()
}

// rowCount says how many rows, in the number that the language asks for.
func rowCount(n int) string {
	if n == 1 {
		return lang.L("1 row")
	}
	return fmt.Sprintf(lang.L("%s rows"), number(n))
}

// seconds writes a length of time as people read it.
func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', 1, 64)
}

// contains finds text in s, letter case aside.
func contains(s, text string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(strings.TrimSpace(text)))
}
