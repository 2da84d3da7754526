package result

import "strings"

// commaLanguages write 1,5 for one and a half, so that their spreadsheets split CSV at
// semicolons.
const commaLanguages = " af be bg bs ca cs da de el es et eu fi fo fr gl hr hu hy id is it ka kk lt lv mk nb nl nn no pl pt ro ru sk sl sq sr sv tr uk vi "

// commaCountries and dotCountries write otherwise than their languages do.
const (
	commaCountries = " en-za "
	dotCountries   = " de-ch de-li es-do es-gt es-hn es-mx es-ni es-pa es-pe es-pr es-sv es-us it-ch "
)

// LocaleCSV gives the options with which the spreadsheets of a locale, such as de_DE.UTF-8
// or fr-FR, open a CSV by a double click.
func LocaleCSV(locale string) CSVOptions {
	locale, _, _ = strings.Cut(locale, ".")
	locale = strings.ToLower(strings.ReplaceAll(locale, "_", "-"))
	language, _, _ := strings.Cut(locale, "-")
	switch {
	case language == "", strings.Contains(dotCountries, " "+locale+" ") && language != "de" && language != "it":
		return CSVOptions{}
	case strings.Contains(dotCountries, " "+locale+" "): // Switzerland: semicolons, but 1.5
		return CSVOptions{Delimiter: ';'}
	case strings.Contains(commaLanguages, " "+language+" "), strings.Contains(commaCountries, " "+locale+" "):
		return CSVOptions{Delimiter: ';', DecimalComma: true}
	}
	return CSVOptions{}
}
