package assets

import "embed"

//go:embed translations/*.json
var translations embed.FS

// Translations returns the folder "translations": a JSON file for each
// language, from the English text to its translation. The files whose names begin with
// "fyne." are Fyne's own: they stand here so that its words can be had in a language that is
// not the system's.
func Translations() embed.FS { return translations }
