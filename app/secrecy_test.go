package app

import (
	"encoding/base64"
	"net/url"
	"unicode/utf16"
)

// forms are the ways in which a password may stand in a file: as it is, as
// base64 of what Basic sends, in UTF-16, escaped.
func forms(account, password string) []string {
	wide := make([]byte, 0, 2*len(password))
	for _, u := range utf16.Encode([]rune(password)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	return []string{
		password, string(wide), base64.StdEncoding.EncodeToString([]byte(account + ":" + password)),
		base64.StdEncoding.EncodeToString([]byte(password)), base64.StdEncoding.EncodeToString(wide), url.QueryEscape(password),
	}
}
